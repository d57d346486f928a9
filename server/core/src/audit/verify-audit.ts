import { equal } from '@cardea/kit-octets';
import {
  append,
  decodeLeaf,
  EMPTY_FRONTIER,
  encodeLeaf,
  type Leaf,
  type LogEntry,
  type LogReport,
  originOf,
  type StoredLeaf,
  type TreeHead,
  treeHash,
  verifyLog,
} from '@cardea/wire-audit';
import type { Event } from '../model.ts';
import type { CorePorts, Store } from '../ports.ts';
import { leafOf } from './leaf-of.ts';
import { STORED_LEVELS } from './source.ts';
import type { LeafSalt, StoredHead } from './tables.ts';

/** Rows of one read: reads hold up writing, so each is short. */
const PAGE = 256;
/** Findings in the record that are kept. */
const FINDINGS_MOST = 16;

/** Something wrong in the record beside its log. */
export type RecordFinding =
  /** An event that is not what its leaf says, or has none, or is gone though its salt was not erased. */
  | {
      readonly kind: 'event';
      readonly id: string;
      readonly number: number | null;
      readonly why: 'differs' | 'no_leaf' | 'missing';
    }
  /** A stored inner hash that is not that of the leaves below it: proofs made with it would fail. */
  | { readonly kind: 'node'; readonly level: number; readonly number: number };

/** What was found in one organization's log and in the record beside it. */
export interface AuditVerification {
  readonly organizationId: string;
  readonly ok: boolean;
  readonly log: LogReport;
  readonly events: number;
  readonly record: readonly RecordFinding[];
}

/** How the record's logs are verified. */
export interface AuditVerificationOptions {
  /** The log's key, known from elsewhere; the record's own when it is left out. */
  readonly publicKey?: Uint8Array;
  /** Heads seen or witnessed before, of any of the logs. */
  readonly seen?: readonly TreeHead[];
}

/**
 * Verifies every organization's log in the record: each leaf against its hash, each head against the leaves, the stored inner
 * hashes, and each event against its leaf. It needs no running core.
 */
export async function verifyAudit(
  ports: { readonly store: Store } & Pick<CorePorts, 'primitives' | 'keys'>,
  options: AuditVerificationOptions = {},
): Promise<readonly AuditVerification[]> {
  const { store, primitives, keys } = ports;
  const signer = await store.read((tx) => tx.audit.signer());
  // Without a signing key no head can be good: a key of no point says so of each.
  const publicKey = options.publicKey ?? signer?.publicKey ?? new Uint8Array(65);
  const all: AuditVerification[] = [];
  for (const { id: organizationId } of await store.read((tx) => tx.organizations.list())) {
    const record: RecordFinding[] = [];
    const found = (finding: RecordFinding): void => {
      if (record.length < FINDINGS_MOST) record.push(finding);
    };
    const origin = originOf(organizationId);
    const seen = (options.seen ?? []).filter((head) => head.origin === origin);
    const log = await verifyLog(
      { primitives, verify: keys.verify, publicKey, origin, seen },
      checkingNodes(ports, organizationId, entriesOf(store, organizationId), found),
    );
    const events = await checkEvents(ports, organizationId, found);
    for (const { eventId, number } of await store.read((tx) => tx.audit.missing(organizationId, FINDINGS_MOST))) {
      found({ kind: 'event', id: eventId, number, why: 'missing' });
    }
    all.push({ organizationId, ok: log.ok && record.length === 0, log, events, record });
  }
  return all;
}

/** The log as it stands in the record: each head after the leaves that it covers. */
export async function* entriesOf(
  store: Store,
  organizationId: string,
  upTo: number = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<LogEntry, void, void> {
  let head: StoredHead | undefined = await nextHead(store, organizationId, -1);
  let count = 0;
  const due = function* (): Generator<LogEntry> {
    if (head !== undefined && head.size <= count && head.size <= upTo) yield { kind: 'head', note: head.note };
  };
  for (let from = 0; ; ) {
    const leaves = await store.read((tx) => tx.audit.leaves(organizationId, from, PAGE));
    for (const leaf of leaves) {
      if (count >= upTo) break;
      while (head !== undefined && head.size <= count) {
        yield* due();
        head = await nextHead(store, organizationId, head.size);
      }
      yield { kind: 'leaf', ...leaf };
      count++;
    }
    const last = leaves.at(-1);
    if (last === undefined || leaves.length < PAGE || count >= upTo) break;
    from = last.number + 1;
  }
  // Heads over more leaves than there are come last: whoever verifies sees that the log was cut.
  while (head !== undefined && head.size <= upTo) {
    yield { kind: 'head', note: head.note };
    head = await nextHead(store, organizationId, head.size);
  }
}

async function nextHead(store: Store, organizationId: string, after: number): Promise<StoredHead | undefined> {
  const [head] = await store.read((tx) => tx.audit.heads(organizationId, after, 1));
  return head;
}

/** Passes entries on, and compares the stored inner hashes with those of the leaves' hashes. */
async function* checkingNodes(
  { store, primitives }: { readonly store: Store } & Pick<CorePorts, 'primitives'>,
  organizationId: string,
  entries: AsyncIterable<LogEntry>,
  found: (finding: RecordFinding) => void,
): AsyncGenerator<LogEntry, void, void> {
  const tree = treeHash(primitives);
  let frontier = EMPTY_FRONTIER;
  for await (const entry of entries) {
    yield entry;
    if (entry.kind === 'head') continue;
    const added = append(tree, frontier, entry.hash);
    frontier = added.frontier;
    for (const { level, index, hash } of added.completed) {
      if (level === 0 || level % STORED_LEVELS !== 0) continue;
      const [stored] = await store.read((tx) => tx.audit.nodeHashes(organizationId, level, index, 1));
      if (stored === undefined || !equal(stored, hash)) found({ kind: 'node', level, number: index });
    }
  }
}

/** Compares each event with its leaf; the number of events. */
async function checkEvents(
  { store, primitives }: { readonly store: Store } & Pick<CorePorts, 'primitives'>,
  organizationId: string,
  found: (finding: RecordFinding) => void,
): Promise<number> {
  let count = 0;
  for (let after: string | undefined; ; ) {
    const rows = await store.read(async (tx) => {
      const page = await tx.events.list(organizationId, {}, { after, limit: PAGE });
      const all: {
        event: Event;
        salt: LeafSalt | undefined;
        leaf: StoredLeaf | undefined;
        key: Uint8Array | undefined;
      }[] = [];
      for (const event of page) {
        const salt = await tx.audit.salt(organizationId, event.id);
        const [leaf] = salt === undefined ? [] : await tx.audit.leaves(organizationId, salt.number, 1);
        const key = event.personId === null ? undefined : await tx.audit.personKey(event.personId);
        all.push({ event, salt, leaf, key: key?.reveal() });
      }
      return all;
    });
    for (const { event, salt, leaf, key } of rows) {
      count++;
      if (salt === undefined || leaf === undefined || leaf.number !== salt.number) {
        found({ kind: 'event', id: event.id, number: salt?.number ?? null, why: 'no_leaf' });
      } else if (!agrees(primitives, event, salt.salt, key, leaf.leaf)) {
        found({ kind: 'event', id: event.id, number: leaf.number, why: 'differs' });
      }
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return count;
    after = last.event.id;
  }
}

/** Whether an event is what its leaf says, as far as erasure has left the means to tell. */
export function agrees(
  primitives: CorePorts['primitives'],
  event: Event,
  salt: Uint8Array | null,
  personKey: Uint8Array | undefined,
  text: string,
): boolean {
  let leaf: Leaf;
  try {
    leaf = decodeLeaf(text);
  } catch {
    return false;
  }
  const expected = leafOf(primitives, event, salt ?? new Uint8Array(), personKey);
  return (
    encodeLeaf({
      ...expected,
      ...(salt === null && { about: leaf.about, detail: leaf.detail, person: leaf.person }),
      ...(event.personId !== null && personKey === undefined && { person: leaf.person }),
    }) === text
  );
}
