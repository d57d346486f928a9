import type { LockEvent } from '@cardea/wire-profile';
import type { Note } from '../context.ts';
import type { Lock } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Place } from './binding.ts';

/** Who keeps what a lock enforces by itself, told of what happens to the lock, in the very unit that records it. */
export interface LockWatch {
  /** The lock was bound at this place: it holds nothing yet. */
  bound(tx: Transaction, note: Note, lock: Lock, place: Place): Promise<void>;
  /** The lock has confirmed its reset: it holds nothing any more. */
  unbound(tx: Transaction, note: Note, lock: Lock): Promise<void>;
  /** An event of the lock that was not on record. */
  heard(tx: Transaction, note: Note, lock: Lock, place: Place | undefined, event: LockEvent): Promise<void>;
  /** Whose key, card or PIN an event's actor is; null when nobody's that is known. */
  personOf(tx: Transaction, lock: Lock, event: LockEvent): Promise<string | null>;
  /** After the unit: the lock has proved that it can be asked, or it has something to do. */
  proved(lockId: string): void;
}
