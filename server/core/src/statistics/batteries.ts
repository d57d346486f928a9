import type { Context } from '../context.ts';
import { idAt } from '../ids.ts';
import type { Door, LockReport } from '../model.ts';
import type { Slices } from '../slices.ts';
import type { Buckets } from './buckets.ts';
import type { BatteryState } from './model.ts';

/** What range is looked at, and how others get their turns. */
export interface BatteryRange {
  readonly from: number;
  readonly to: number;
  readonly buckets: Buckets;
  readonly slices: Slices;
}

/** So many batteries, the lowest, are told with what they were before. */
const WITH_SERIES = 20;
const REPORTS_A_READ = 100;
const ROWS_A_READ = 2_000;

/** The batteries of the locks of doors, lowest first, as they were proved last. */
export async function batteriesOf(
  context: Context,
  organizationId: string,
  doors: readonly Door[],
  range: BatteryRange,
): Promise<readonly BatteryState[]> {
  const states: BatteryState[] = [];
  const locked = doors.filter(({ lockId }) => lockId !== null);
  for (let at = 0; at < locked.length; at += REPORTS_A_READ) {
    const some = locked.slice(at, at + REPORTS_A_READ);
    const reports = await context.read(async (tx) => {
      const found: (readonly [Door, LockReport])[] = [];
      for (const door of some) {
        const report = door.lockId === null ? undefined : await tx.locks.report(door.lockId);
        if (report !== undefined) found.push([door, report]);
      }
      return found;
    });
    states.push(...reports.map(([door, report]) => stateOf(door, report)));
    await range.slices.turn();
  }
  const lowestFirst = states.sort((a, b) => a.percent - b.percent || (a.doorName < b.doorName ? -1 : 1));
  const told: BatteryState[] = [];
  for (const state of lowestFirst) {
    const series = told.length < WITH_SERIES ? await seriesOf(context, organizationId, state, range) : [];
    told.push({ ...state, series });
  }
  return told;
}

function stateOf(door: Door, { lockId, attributes, provedAt }: LockReport): BatteryState {
  const { id: doorId, name: doorName } = door;
  return { lockId, doorId, doorName, percent: attributes.batteryPercent, provedAt, series: [] };
}

async function seriesOf(
  context: Context,
  organizationId: string,
  { doorId, lockId }: BatteryState,
  { from, to, buckets, slices }: BatteryRange,
): Promise<BatteryState['series']> {
  const lowest = new Map<number, number>();
  const before = idAt('evt', to);
  for (let after = idAt('evt', from); ; ) {
    const range = { after, before };
    const of = { organizationId, doorId };
    const rows = await context.read((tx) => tx.statistics.stateChanges(of, range, ROWS_A_READ));
    for (const { receivedAt, lockId: whose, detail } of rows) {
      // A door may have had another lock before.
      if (whose !== lockId || typeof detail.batteryPercent !== 'number') continue;
      const number = buckets.of(receivedAt);
      lowest.set(number, Math.min(lowest.get(number) ?? 100, detail.batteryPercent));
    }
    after = rows.at(-1)?.id ?? before;
    if (rows.length < ROWS_A_READ) break;
    await slices.turn();
  }
  return buckets.starts.flatMap((start, number) => {
    const percent = lowest.get(number);
    return percent === undefined ? [] : [{ start, percent }];
  });
}
