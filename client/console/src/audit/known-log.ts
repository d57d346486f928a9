import {
  decodeKnownLogs,
  encodeKnownLogs,
  headOfNote,
  type KnownLog,
  type TreeHead,
  withHead,
} from '@cardea/wire-audit';

/** Where a browser keeps what it knows of logs: a program with the server's key cannot take that back. */
export interface HeadStore {
  read(): string | null;
  write(text: string): void;
}

const WHERE_KEPT = 'cardea.audit';

/** The storage of this browser. */
export const browserStore: HeadStore = {
  read: () => localStorage.getItem(WHERE_KEPT),
  write: (text) => localStorage.setItem(WHERE_KEPT, text),
};

/** What this browser knows of a log from before; undefined where it has never seen it. @throws when it was tampered with */
export function knownLog(store: HeadStore, origin: string): KnownLog | undefined {
  const text = store.read();
  return text === null ? undefined : decodeKnownLogs(text).get(origin);
}

/** The heads seen before, the smallest first. */
export function seenHeads(known: KnownLog | undefined): readonly TreeHead[] {
  return known?.heads.map(headOfNote) ?? [];
}

/** Keeps a head that was seen to hold, and with the first one the key. `cameBackAt`: a restore took back what is larger. */
export function keepHead(
  store: HeadStore,
  origin: string,
  publicKey: Uint8Array,
  note: string,
  cameBackAt?: number,
): void {
  const text = store.read();
  const all = text === null ? new Map<string, KnownLog>() : new Map(decodeKnownLogs(text));
  const known = all.get(origin) ?? { publicKey, heads: [] };
  store.write(encodeKnownLogs(all.set(origin, withHead(known, note, cameBackAt))));
}
