import type { Cancel } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';

const DAY_MS = 86_400_000;
/** So long it may matter where somebody said that he was. */
const KEPT_MS = 30 * DAY_MS;
const FIRST_AFTER_MS = 15 * 60_000;
const EVERY_MS = DAY_MS;

/** Forgets where people said that they were, after 30 days, or sooner with the person. */
export interface ClaimRetention {
  start(): void;
  stop(): void;
}

/** Claims of every organization. */
export function createClaimRetention(context: Context): ClaimRetention {
  const { clock, log } = context.ports;
  let cancel: Cancel = () => {};
  let stopped = false;
  const schedule = (afterMs: number): void => {
    cancel = clock.after(afterMs, () => {
      context
        .write((tx) => tx.positionClaims.removeBefore(context.now() - KEPT_MS))
        .catch((error: unknown) => log.error('claimed positions could not be removed', { error: String(error) }))
        .finally(() => {
          if (!stopped) schedule(EVERY_MS);
        });
    });
  };
  return {
    start: () => schedule(FIRST_AFTER_MS),
    stop() {
      stopped = true;
      cancel();
    },
  };
}
