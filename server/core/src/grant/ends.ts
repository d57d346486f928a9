import type { Cancel } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';
import type { GrantKeeper } from './keeper.ts';

/** Grants that end in one unit. */
const ENDS_A_UNIT = 100;
/** A timer waits no longer than this: the clock may be set meanwhile. */
const LOOK_EVERY_MS = 10 * 60_000;

/** Ends grants whose window is over. What decides looks at the window itself: this only keeps the record in order. */
export interface GrantEnds {
  start(): void;
  stop(): void;
  /** Ends those that are over now; answers how many. */
  sweep(): Promise<number>;
}

/** The ends of all organizations' grants. */
export function createGrantEnds(context: Context, keeper: GrantKeeper): GrantEnds {
  const { clock, log } = context.ports;
  let cancel: Cancel = () => {};
  let stopped = false;

  const sweep = async (): Promise<number> => {
    let ended = 0;
    while (!stopped) {
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

  const schedule = (): void => {
    cancel = clock.after(LOOK_EVERY_MS, () => {
      context
        .read((tx) => tx.grants.nextEnd())
        .then((next) => (next !== undefined && next <= context.now() ? sweep() : 0))
        .catch((error: unknown) => log.error('grants could not be ended', { error: String(error) }))
        .finally(() => {
          if (!stopped) schedule();
        });
    });
  };

  return {
    start: schedule,
    stop() {
      stopped = true;
      cancel();
    },
    sweep,
  };
}
