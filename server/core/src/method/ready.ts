import type { Note } from '../context.ts';
import type { GrantMethod, LockItem } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { noteMethod } from './facts.ts';
import { live } from './life.ts';
import { EVERYTHING, type RightsLock } from './rights.ts';

/** Whether the lock has said that it holds what a key of this method needs: where it is, and the schedule. */
export async function keyIsReady(
  tx: Transaction,
  { organizationId, lockId, scheduleId }: Pick<GrantMethod, 'organizationId' | 'lockId' | 'scheduleId'>,
): Promise<boolean> {
  const items = await tx.access.items.list(organizationId, { lockId }, EVERYTHING);
  const place = items.find(({ kind }) => kind === 'place');
  const schedule = items.find((item) => item.kind === 'schedule' && item.scheduleId === scheduleId);
  return place?.state === 'set' && (scheduleId === null || schedule?.state === 'set');
}

/** The lock will not take what keys need: they wait for nothing, and say why. */
export async function failKeys(tx: Transaction, note: Note, item: LockItem): Promise<void> {
  if (item.reason === null || (item.kind !== 'schedule' && item.kind !== 'place')) return;
  const { organizationId, lockId } = item;
  for (const method of await tx.access.methods.list(organizationId, { lockId, state: 'setting' }, EVERYTHING)) {
    const concerned = item.kind === 'place' || method.scheduleId === item.scheduleId;
    if (method.method === 'pin' || !concerned) continue;
    const life = live(method, { kind: 'fail', reason: item.reason });
    await tx.access.methods.update(organizationId, method.id, life);
    await noteMethod(tx, note, { ...method, ...life });
  }
}

/** The lock holds something more: keys that waited for it are good now. */
export async function settleKeys(tx: Transaction, note: Note, lock: RightsLock): Promise<void> {
  const { organizationId, id: lockId } = lock;
  for (const method of await tx.access.methods.list(organizationId, { lockId, state: 'setting' }, EVERYTHING)) {
    if (method.method === 'pin' || !(await keyIsReady(tx, method))) continue;
    const life = live(method, { kind: 'hold' });
    await tx.access.methods.update(organizationId, method.id, life);
    await noteMethod(tx, note, { ...method, ...life });
  }
}
