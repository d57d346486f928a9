import { Secret } from '@cardea/kit-runtime';
import {
  append,
  EMPTY_FRONTIER,
  encodeLeaf,
  type Frontier,
  frontierOf,
  leafOctets,
  PERSON_KEY_OCTETS,
  SALT_OCTETS,
  subtreesOf,
  treeHash,
} from '@cardea/wire-audit';
import type { Event } from '../model.ts';
import type { CorePorts, Transaction } from '../ports.ts';
import { leafOf } from './leaf-of.ts';
import { hashSource, STORED_LEVELS } from './source.ts';

/** Appends the leaves of one unit: they stand and fall with it. */
export type Append = (event: Event) => Promise<void>;

/**
 * What gives each unit its {@link Append}. The right edge of each log is kept in memory, and runs ahead of the record when a
 * unit fails: so it is read anew where the record's version is not what it was after the last leaf of this process.
 */
export function createAppender(ports: Pick<CorePorts, 'primitives' | 'random'>): (tx: Transaction) => Append {
  const { primitives, random } = ports;
  const tree = treeHash(primitives);
  const edges = new Map<string, Frontier>();
  let version = -1;

  const meet = async (tx: Transaction, organizationId: string): Promise<void> => {
    if (tx.audit.version !== version) edges.clear();
    version = tx.audit.version;
    if (edges.has(organizationId)) return;
    const newest = await tx.audit.newestLeaf(organizationId);
    const size = newest === undefined ? 0 : newest.number + 1;
    const source = hashSource(tree, tx.audit, organizationId);
    const hashes: Uint8Array[] = [];
    for (const subtree of subtreesOf({ begin: 0, end: size })) {
      const hash = await source.hash(subtree);
      if (hash === undefined) throw new Error('the audit log has lost a hash: nothing can be added to it');
      hashes.push(hash);
    }
    edges.set(organizationId, frontierOf(size, hashes));
  };

  const personKey = async (tx: Transaction, personId: string): Promise<Uint8Array> => {
    const known = await tx.audit.personKey(personId);
    if (known !== undefined) return known.reveal();
    const fresh = random.octets(PERSON_KEY_OCTETS);
    await tx.audit.setPersonKey(personId, new Secret(fresh));
    return fresh;
  };

  return (tx) => {
    const met = new Map<string, Promise<void>>();
    const keys = new Map<string, Promise<Uint8Array>>();
    return async (event) => {
      const { id: eventId, organizationId } = event;
      await once(met, organizationId, () => meet(tx, organizationId));
      const { personId } = event;
      const key = personId === null ? undefined : await once(keys, personId, () => personKey(tx, personId));
      const salt = random.octets(SALT_OCTETS);
      // From here to the new end nothing waits: two notes of one unit cannot take one number.
      const leaf = encodeLeaf(leafOf(primitives, event, salt, key));
      const hash = tree.leaf(leafOctets(leaf));
      const before = edges.get(organizationId) ?? EMPTY_FRONTIER;
      const { frontier, completed } = append(tree, before, hash);
      edges.set(organizationId, frontier);
      const number = before.size;
      const inserted = tx.audit.insertLeaf(organizationId, { number, leaf, hash });
      version = tx.audit.version;
      await inserted;
      await tx.audit.insertSalt({ eventId, organizationId, number, salt });
      for (const { level, index, hash } of completed) {
        if (level > 0 && level % STORED_LEVELS === 0) await tx.audit.insertNode(organizationId, level, index, hash);
      }
    };
  };
}

/** What `start` promises, started once for a name however many ask before it is there. */
function once<T>(known: Map<string, Promise<T>>, name: string, start: () => Promise<T>): Promise<T> {
  const found = known.get(name);
  if (found !== undefined) return found;
  const fresh = start();
  known.set(name, fresh);
  return fresh;
}
