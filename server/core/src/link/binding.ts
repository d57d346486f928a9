import type { Note } from '../context.ts';
import type { Attempt, Lock } from '../model.ts';
import type { Transaction } from '../ports.ts';

/** Where a bound lock is. */
export interface Place {
  readonly doorId: string;
  readonly propertyId: string;
}

/** The lock has proved its binding key: it belongs to the attempt's door, in the unit of the proof (6.4). */
export async function bindDurably(
  tx: Transaction,
  note: Note,
  lock: Lock,
  attempt: Attempt,
): Promise<Place | undefined> {
  const door = attempt.doorId === null ? undefined : await tx.doors.get(lock.organizationId, attempt.doorId);
  // The door may have gone, or been given another lock, while the lock waited for its confirmation.
  if (door === undefined || (door.lockId !== null && door.lockId !== lock.id)) return undefined;
  await tx.locks.update(lock.organizationId, lock.id, { state: 'bound' });
  await tx.doors.update(lock.organizationId, door.id, { lockId: lock.id });
  await note({ ...factsOf(lock, door.id, door.propertyId, attempt), type: 'door.lock_bound' });
  return { doorId: door.id, propertyId: door.propertyId };
}

/** The lock has confirmed its reset: its door is without a lock. Null: it is in no place now. */
export async function unbindDurably(tx: Transaction, note: Note, lock: Lock, attempt: Attempt): Promise<null> {
  const [door] = await tx.doors.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
  await tx.locks.update(lock.organizationId, lock.id, { state: 'manifest' });
  if (door !== undefined) {
    await tx.doors.update(lock.organizationId, door.id, { lockId: null });
    await note({ ...factsOf(lock, door.id, door.propertyId, attempt), type: 'door.lock_removed' });
  }
  return null;
}

/**
 * An operator gives up a lock that cannot be asked: it leaves its door. The attempt is recorded as over, for it was never
 * sent: the lock itself still holds its key until it is reset at the lock, and can be enrolled again then.
 */
export async function withdrawDurably(tx: Transaction, note: Note, lock: Lock, attempt: Attempt): Promise<void> {
  const [door] = await tx.doors.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
  await tx.locks.update(lock.organizationId, lock.id, { state: 'withdrawn' });
  if (door !== undefined) await tx.doors.update(lock.organizationId, door.id, { lockId: null });
  await tx.attempts.insert(attempt);
  await note({
    organizationId: lock.organizationId,
    propertyId: door?.propertyId ?? null,
    doorId: door?.id ?? null,
    lockId: lock.id,
    personId: attempt.actorId,
    attemptId: attempt.id,
    type: 'door.lock_withdrawn',
    detail: {
      identifier: lock.identifier,
      state_before: lock.state,
      lock_holds_key: lock.state === 'bound',
    },
  });
}

function factsOf(lock: Lock, doorId: string, propertyId: string, attempt: Attempt) {
  return {
    organizationId: lock.organizationId,
    propertyId,
    doorId,
    lockId: lock.id,
    personId: attempt.actorId,
    attemptId: attempt.id,
    detail: { identifier: lock.identifier },
  };
}
