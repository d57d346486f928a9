import type { Note } from '../context.ts';
import type { Grant } from '../model.ts';
import type { Transaction } from '../ports.ts';

/**
 * What has to happen at locks because a grant has changed. `plan` is called in the unit that changes the grant, so that
 * the record never holds a change without what follows from it; `kick` after that unit is durable.
 */
export interface MethodPlanner {
  /** Plans what leads from `before` (undefined: it is new) to `after`; answers the ids of the locks concerned. */
  plan(tx: Transaction, note: Note, before: Grant | undefined, after: Grant): Promise<readonly string[]>;
  /**
   * Raises a series at these locks, in the unit at hand: what was given out of it before dies there with the first use of
   * a newer key or with the next order, whichever comes first. What `plan` plans after it is of the new generation.
   */
  raise(tx: Transaction, note: Note, organizationId: string, lockIds: readonly string[], series: number): Promise<void>;
  /** The lock's door is on another floor now: the lock is told where it is. Answers it, or nothing where it cannot be told. */
  moved(
    tx: Transaction,
    lock: { readonly organizationId: string; readonly lockId: string },
  ): Promise<readonly string[]>;
  /** Sets about what is planned at these locks. */
  kick(lockIds: readonly string[]): void;
}

/** Plans nothing: for estates whose doors are only opened from afar. */
export const noPlanner: MethodPlanner = {
  plan: async () => [],
  raise: async () => undefined,
  moved: async () => [],
  kick: () => undefined,
};
