import { encodeScheduleTable } from '@cardea/wire-access';
import type { LockItem } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { compileSchedule, TABLE_RENEWED_DAYS, TABLE_VALID_DAYS } from '../schedule/compile.ts';
import type { RightsLock } from './rights.ts';

const DAY_MS = 86_400_000;

/** When a table that a lock has taken now has to be made anew. */
export function renewalOf(now: number): number {
  return now + (TABLE_VALID_DAYS - TABLE_RENEWED_DAYS) * DAY_MS;
}

/** The octets of an item's schedule in the property's zone; undefined when there is no such schedule any more. */
export async function scheduleTable(
  tx: Transaction,
  lock: RightsLock,
  item: LockItem,
  now: number,
): Promise<Uint8Array | undefined> {
  const schedule = item.scheduleId === null ? undefined : await tx.schedules.get(lock.organizationId, item.scheduleId);
  const property = await tx.properties.get(lock.organizationId, lock.propertyId);
  if (schedule === undefined || property === undefined) return undefined;
  return encodeScheduleTable(compileSchedule(schedule, property.timeZone, Math.floor(now / 1000)));
}
