import type { Context } from '../context.ts';
import { createPeriodicTask, type PeriodicTask } from '../periodic-task.ts';

const DAY_MS = 86_400_000;
/** So long it may matter where somebody said that he was. */
const KEPT_MS = 30 * DAY_MS;
const FIRST_AFTER_MS = 15 * 60_000;
const EVERY_MS = DAY_MS;

/** Forgets where people said that they were, after 30 days, or sooner with the person: claims of every organization. */
export const createClaimRetention = (context: Context): PeriodicTask =>
  createPeriodicTask(context, {
    run: () => context.write((tx) => tx.positionClaims.removeBefore(context.now() - KEPT_MS)),
    firstAfterMs: FIRST_AFTER_MS,
    everyMs: EVERY_MS,
    failed: 'claimed positions could not be removed',
  });
