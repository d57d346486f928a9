import { PIN_EPOCH_S, PIN_WINDOWS } from '@cardea/wire-access';
import { CoreError } from '../errors.ts';
import type { Grant } from '../model.ts';

/** The windows that an offline PIN can have, by their API names. */
export const WINDOW_NAMES = ['3h', '24h', '7d', '28d'] as const;
export type WindowName = (typeof WINDOW_NAMES)[number];

/** A window of an offline PIN. Times are Unix ms. */
export interface OfflineWindow {
  readonly kind: 0 | 1 | 2 | 3;
  readonly startAt: number;
  readonly endAt: number;
}

/** The window that begins at `startAt`, or in which it lies when none is named exactly, as the lock steps it. @throws CoreError `invalid` */
export function offlineWindow(name: WindowName, startAt: number): OfflineWindow {
  const kind = WINDOW_NAMES.indexOf(name) as OfflineWindow['kind'];
  const shape = PIN_WINDOWS[kind];
  if (shape === undefined) throw new CoreError('invalid', 'window must be 3h, 24h, 7d or 28d', { field: 'window' });
  const steps = (startAt / 1000 - PIN_EPOCH_S) / shape.stepS;
  if (!Number.isInteger(steps) || steps < 0) {
    const on = shape.stepS === 3600 ? 'hour' : 'day';
    throw new CoreError('invalid', `a window of ${name} starts on the ${on} in UTC`, { field: 'start_at' });
  }
  return { kind, startAt, endAt: startAt + shape.lengthS * 1000 };
}

/** An offline PIN opens in its whole window: it has to be in the grant's. @throws CoreError `invalid` */
export function checkInGrant({ startAt, endAt }: OfflineWindow, grant: Grant, now: number): void {
  if (startAt < grant.notBefore || (grant.notAfter !== null && endAt > grant.notAfter)) {
    throw new CoreError('invalid', "the window must lie within the grant's", { field: 'start_at' });
  }
  if (endAt <= now) throw new CoreError('invalid', 'the window is over', { field: 'start_at' });
}
