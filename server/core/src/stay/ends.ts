import type { Context } from '../context.ts';
import type { GrantKeeper } from '../grant/keeper.ts';
import { createPeriodicTask, type PeriodicTask } from '../periodic-task.ts';
import type { StayKeeper } from './keeper.ts';

/** Stays that end in one unit. */
const ENDS_A_UNIT = 50;
const LOOK_EVERY_MS = 10 * 60_000;

/**
 * The ends of all organizations' stays: checks out who stayed to the end, and cancels what nobody came for. The keys end
 * by their own windows.
 */
export function createStayEnds(context: Context, keeper: StayKeeper, grants: GrantKeeper): PeriodicTask {
  const sweep = async (): Promise<void> => {
    const over = await context.read(async (tx) => [
      ...(await tx.stays.overdue('checked_in', context.now(), ENDS_A_UNIT)),
      ...(await tx.stays.overdue('reserved', context.now(), ENDS_A_UNIT)),
    ]);
    if (over.length === 0) return;
    const lockIds = new Set<string>();
    await context.write(async (tx, note) => {
      for (const { organizationId, id } of over) {
        const stay = await tx.stays.get(organizationId, id);
        if (stay === undefined || stay.toAt > context.now()) continue;
        if (stay.state === 'reserved') await keeper.cancel(tx, note, undefined, stay);
        if (stay.state !== 'checked_in') continue;
        for (const lockId of (await keeper.checkOut(tx, note, undefined, stay)).lockIds) lockIds.add(lockId);
      }
    });
    grants.kick([...lockIds]);
  };

  return createPeriodicTask(context, { run: sweep, everyMs: LOOK_EVERY_MS, failed: 'stays could not be ended' });
}
