import type { FromGateway } from '@cardea/wire-route';

/** A message of a lock that the RAS has not acknowledged. */
export type LockMessage = Extract<FromGateway, { kind: 'frame' }>;

/** A report in the journal, by its number: growing by one, never used again. */
export interface JournalEntry {
  readonly number: number;
  readonly report: LockMessage;
}

/** Where reports are kept until the RAS has them. What `append` promised survives a kill. */
export interface JournalStorage {
  /** What was not acknowledged when the gateway ended, in order, and the first number that is free. */
  load(): Promise<{ readonly entries: readonly JournalEntry[]; readonly nextNumber: number }>;
  append(entry: JournalEntry): Promise<void>;
  /** Forgets an entry for good. */
  remove(number: number): Promise<void>;
  close(): Promise<void>;
}

/** A storage that lives as long as its object: for tests, and for the twin's restarts. */
export function createMemoryJournal(): JournalStorage {
  const entries = new Map<number, JournalEntry>();
  let nextNumber = 1;
  return {
    load: async () => ({ entries: [...entries.values()].sort((a, b) => a.number - b.number), nextNumber }),
    async append(entry) {
      entries.set(entry.number, entry);
      nextNumber = Math.max(nextNumber, entry.number + 1);
    },
    async remove(number) {
      entries.delete(number);
    },
    async close() {},
  };
}
