import type { Context } from '../context.ts';
import { createPeriodicTask, type PeriodicTask } from '../periodic-task.ts';
import type { GrantKeeper } from './keeper.ts';

/** Grants that end in one unit. */
const ENDS_A_UNIT = 100;
/** No longer: the clock may be set meanwhile. */
const LOOK_EVERY_MS = 10 * 60_000;

/** Ends grants whose window is over. What decides looks at the window itself: this only keeps the record in order. */
export interface GrantEnds extends Pick<PeriodicTask, 'start' | 'stop'> {
  /** Ends those that are over now; answers how many. */
  sweep(): Promise<number>;
}

/** The ends of all organizations' grants. */
export function createGrantEnds(context: Context, keeper: GrantKeeper): GrantEnds {
  const sweep = async (): Promise<number> => {
    let ended = 0;
    while (!task.stopped) {
      const lockIds = new Set<string>();
      const count = await context.write(async (tx, note) => {
        const over = await tx.grants.endedBy(context.now(), ENDS_A_UNIT);
        for (const grant of over) {
          for (const lockId of (await keeper.end(tx, note, undefined, grant)).lockIds) lockIds.add(lockId);
        }
        return over.length;
      });
      keeper.kick([...lockIds]);
      ended += count;
      if (count < ENDS_A_UNIT) break;
    }
    return ended;
  };

  const task = createPeriodicTask(context, {
    everyMs: LOOK_EVERY_MS,
    failed: 'grants could not be ended',
    async run() {
      const next = await context.read((tx) => tx.grants.nextEnd());
      if (next !== undefined && next <= context.now()) await sweep();
    },
  });

  return { start: task.start, stop: task.stop, sweep };
}
