import { nextChange, openAt } from '@cardea/wire-access';
import type { Schedule } from '../model.ts';
import { compileSchedule } from './compile.ts';

/** A stretch of time, [from, until), Unix ms; `until` null: no end is known. */
export interface Stretch {
  readonly from: number;
  readonly until: number | null;
}

/**
 * The stretch in which a schedule is open: the one that has begun by `atMs` (then `from` is `atMs`), or else the next one;
 * undefined when none comes within 400 days. It is read as locks read it, from the table that they would be sent then.
 */
export function openStretch(
  schedule: Pick<Schedule, 'number' | 'weekly' | 'holidays' | 'exceptions'>,
  timeZone: string,
  atMs: number,
): Stretch | undefined {
  const atS = Math.floor(atMs / 1000);
  const table = compileSchedule(schedule, timeZone, atS);
  const opens = openAt(table, atS) ? atS : nextChange(table, atS);
  if (opens === undefined || opens >= table.validUntilS) return undefined;
  const closes = nextChange(table, opens);
  const until = closes === undefined || closes >= table.validUntilS ? null : closes * 1000;
  return { from: Math.max(atMs, opens * 1000), until };
}
