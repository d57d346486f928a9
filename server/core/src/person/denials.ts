import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';

/** Denials of one person that are recorded within one window; more would let anybody fill the record. */
const RECORDED_MOST = 20;
const WINDOW_MS = 600_000;
const PERSONS_MOST = 10_000;

/** Records that somebody asked for what is not theirs: the log that seed 002, 6.5 wants watched. */
export function createDenials(context: Context): (actor: Actor, operation: string) => Promise<void> {
  const windows = new Map<string, { readonly since: number; count: number }>();
  return async (actor, operation) => {
    const now = context.ports.clock.monotonic();
    const known = windows.get(actor.personId);
    const window = known !== undefined && now < known.since + WINDOW_MS ? known : { since: now, count: 0 };
    windows.delete(actor.personId);
    windows.set(actor.personId, window);
    if (windows.size > PERSONS_MOST) for (const oldest of windows.keys()) if (windows.delete(oldest)) break;
    if (++window.count > RECORDED_MOST) return;
    await context.write(async (_, note) => {
      await note({
        organizationId: actor.organizationId,
        type: 'person.denied',
        personId: actor.personId,
        detail: { operation, last_of_window: window.count === RECORDED_MOST },
      });
    });
  };
}
