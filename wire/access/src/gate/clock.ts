import type { LockMode } from '@cardea/wire-profile';
import { AccessError } from '../errors.ts';
import { openAt } from '../schedule/open-at.ts';
import { decodeScheduleTable, type ScheduleTable } from '../schedule/table.ts';
import type { AccessRecord } from './record.ts';

/** The lock's time as a decision sees it. */
export interface GateClock {
  /** Valid: the error is known and at most 5 minutes. */
  readonly state: 'valid' | 'uncertain' | 'unset';
  /** Unix seconds by the lock's clock; looked at only while it is valid. */
  readonly timeS: number;
  /** The floor that is in flash, Unix seconds: so late it is for certain, in every state of the clock. */
  readonly floorS: number;
}

/** When something may open: from `notBeforeS` up to, and not at, `notAfterS`. */
interface Window {
  readonly notBeforeS: number;
  readonly notAfterS: number;
}

/**
 * Whether a window is open. What the floor is past is over whatever the clock says: only for that reason may the record
 * forget denials and uses of what has ended.
 */
export function windowIsOpen({ notBeforeS, notAfterS }: Window, clock: GateClock): boolean {
  return notAfterS > clock.floorS && notBeforeS <= clock.timeS && clock.timeS < notAfterS;
}

/** Whether a schedule of the lock is open; one that it does not hold, or cannot read, is shut. 0: always. */
export function scheduleIsOpen(record: AccessRecord, number: number, clock: GateClock): boolean {
  if (number === 0) return true;
  const kept = record.schedules.find((each) => each.number === number);
  const table = kept && readable(kept.table);
  return table !== undefined && openAt(table, clock.timeS);
}

function readable(octets: Uint8Array): ScheduleTable | undefined {
  try {
    return decodeScheduleTable(octets);
  } catch (error) {
    if (error instanceof AccessError) return undefined;
    throw error;
  }
}

/**
 * The mode in force: passage ends where the clock is not valid, since nobody could end it then; a lockdown whose end
 * cannot be told stays.
 */
export function modeAt(record: AccessRecord, clock: GateClock): LockMode {
  const { mode, untilS } = record.mode;
  if (clock.state !== 'valid') return mode === 'lockdown' ? 'lockdown' : 'normal';
  return untilS !== 0 && clock.timeS >= untilS ? 'normal' : mode;
}
