import { fromAscii, OctetsError, toBase64 } from '@cardea/kit-octets';
import { canonical } from './canonical.ts';
import { json, malformed, members, octets, orNull, text, whole } from './fields.ts';
import { HASH_OCTETS } from './merkle/tree-hash.ts';

/** The version of the leaf that is written. */
export const LEAF_VERSION = 1;

/** Longest leaf in octets. */
export const LEAF_MOST_OCTETS = 4096;

/** What of an event is told to whoever holds the log, restores of a backup for one: flat, and never of a person. */
export type Told = Readonly<Record<string, string | number>>;

/**
 * One event in the log, told without telling what it is about: ids, type and times in clear, the rest as commitments.
 *
 * Its octets are ASCII, canonical JSON of exactly these members (docs/audit.md):
 *
 * | member | content |
 * |---|---|
 * | `v` | 1 |
 * | `id` | the event's id |
 * | `type` | such as `lock.unlocked` |
 * | `received_at` | Unix milliseconds |
 * | `occurred_at` | Unix milliseconds by the lock's clock, or null |
 * | `lock` | the lock's id in the record (not its address), or null |
 * | `sequence` | of the lock's own event ring, or null |
 * | `person` | HMAC(K_person, "audit") in base64, or null |
 * | `about`, `detail` | commitments in base64 |
 * | `told` | what is told in clear, or null |
 */
export interface Leaf {
  readonly id: string;
  readonly type: string;
  readonly receivedAt: number;
  readonly occurredAt: number | null;
  readonly lock: string | null;
  readonly sequence: number | null;
  readonly person: Uint8Array | null;
  readonly about: Uint8Array;
  readonly detail: Uint8Array;
  readonly told: Told | null;
}

/** The leaf's text: what is hashed, as ASCII. */
export function encodeLeaf(leaf: Leaf): string {
  const person = leaf.person === null ? 'null' : `"${toBase64(leaf.person)}"`;
  // Written out, not built: one leaf an event. The members stand in canonical order, which decodeLeaf holds it to.
  return (
    `{"about":"${toBase64(leaf.about)}","detail":"${toBase64(leaf.detail)}","id":${canonical(leaf.id)},` +
    `"lock":${canonical(leaf.lock)},"occurred_at":${leaf.occurredAt},"person":${person},` +
    `"received_at":${leaf.receivedAt},"sequence":${leaf.sequence},"told":${canonical(leaf.told)},` +
    `"type":${canonical(leaf.type)},"v":${LEAF_VERSION}}`
  );
}

const MEMBERS = [
  'about',
  'detail',
  'id',
  'lock',
  'occurred_at',
  'person',
  'received_at',
  'sequence',
  'told',
  'type',
  'v',
] as const;

const ID = /^[a-z]+_[0-9A-Za-z-]+$/;

/** The leaf of its text; only the canonical one is taken. @throws AuditError `malformed` */
export function decodeLeaf(given: string): Leaf {
  if (given.length > LEAF_MOST_OCTETS) throw malformed('leaf', `has more than ${LEAF_MOST_OCTETS} octets`);
  const leaf = readLeaf(json(given, 'leaf'));
  if (encodeLeaf(leaf) !== given) throw malformed('leaf', 'is not in its canonical form');
  return leaf;
}

/** The leaf that a JSON value says. @throws AuditError `malformed` */
function readLeaf(value: unknown): Leaf {
  const found = members(value, 'leaf', MEMBERS);
  if (found.v !== LEAF_VERSION) throw malformed('leaf.v', `must be ${LEAF_VERSION}`);
  return {
    id: text(found.id, 'leaf.id', ID, 80),
    type: text(found.type, 'leaf.type', /^[a-z]+\.[a-z0-9_]+$/, 64),
    receivedAt: whole(found.received_at, 'leaf.received_at'),
    occurredAt: orNull(found.occurred_at, (time) => whole(time, 'leaf.occurred_at', Number.MIN_SAFE_INTEGER)),
    lock: orNull(found.lock, (lock) => text(lock, 'leaf.lock', ID, 80)),
    sequence: orNull(found.sequence, (sequence) => whole(sequence, 'leaf.sequence')),
    person: orNull(found.person, (person) => octets(person, 'leaf.person', HASH_OCTETS)),
    about: octets(found.about, 'leaf.about', HASH_OCTETS),
    detail: octets(found.detail, 'leaf.detail', HASH_OCTETS),
    told: orNull(found.told, told),
  };
}

function told(value: unknown): Told {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('leaf.told', 'must be an object');
  const read: Record<string, string | number> = {};
  for (const [name, content] of Object.entries(value)) {
    if (!/^[a-z_]{1,40}$/.test(name)) throw malformed('leaf.told', 'has a member with an odd name');
    read[name] =
      typeof content === 'number' ? whole(content, 'leaf.told') : text(content, 'leaf.told', /^[ -~]*$/, 200);
  }
  return read;
}

/** A leaf's text as the octets that are hashed. @throws AuditError `malformed` */
export function leafOctets(given: string): Uint8Array {
  try {
    return fromAscii(given, 'leaf');
  } catch (error) {
    if (error instanceof OctetsError) throw malformed('leaf', 'is not ASCII');
    throw error;
  }
}
