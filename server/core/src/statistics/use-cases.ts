import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import { idAt } from '../ids.ts';
import type { Attempt, Door } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import { createSlices } from '../slices.ts';
import { type BatteryRange, batteriesOf } from './batteries.ts';
import { bucketsOf } from './buckets.ts';
import { byFrequency, CommandCounter, count, noOpenings } from './counts.ts';
import type { StatisticsQuestion, StatisticsUseCases } from './model.ts';
import { DENIAL_TYPES, denialReasonOf, denialsOf, OPENING_TYPES, wayOf } from './ways.ts';

const DAY_MS = 86_400_000;
/** Longest range by bucket, days. */
const DAYS_MOST = { day: 400, hour: 31 } as const;
const USUAL_MS = 7 * DAY_MS;
/** Rows of one read: some milliseconds, between two of which others go. */
const ROWS_A_READ = 2_000;
const DOORS_A_READ = 1_000;

interface Counting extends BatteryRange {
  readonly organizationId: string;
  readonly propertyId: string;
  readonly doors: readonly Door[];
}

/** Counts by property and range, in small reads: a million events hold nobody up. */
export function statisticsUseCases(context: Context): StatisticsUseCases {
  return {
    async of(actor, question) {
      requireScope(actor, 'events:read');
      const { organizationId } = actor;
      const { from, to } = rangeOf(question, context.now());
      const { propertyId, bucket } = question;
      const property = found('property', await context.read((tx) => tx.properties.get(organizationId, propertyId)));
      const buckets = bucketsOf(bucket, property.timeZone, from, to);
      const slices = createSlices(context.ports.clock);
      const doors = await doorsOf(context, organizationId, propertyId);
      const asked: Counting = { organizationId, propertyId, doors, from, to, buckets, slices };
      const openings = await countOpenings(context, asked);
      const denials = await countDenials(context, asked);
      const commands = await countCommands(context, asked);
      return {
        propertyId,
        timeZone: property.timeZone,
        from,
        to,
        bucket,
        openings: openings.total,
        denials: denials.byReason,
        commands: commands.byOperation,
        commandFailures: commands.failures,
        buckets: buckets.starts.map((start, number) => ({
          start,
          openings: openings.each[number] ?? noOpenings(),
          denials: denials.each[number] ?? 0,
          commands: (commands.each[number] ?? new CommandCounter()).counts(),
        })),
        batteries: await batteriesOf(context, organizationId, doors, asked),
      };
    },
  };
}

/** @throws CoreError `invalid` */
function rangeOf({ from: wanted, to = Number.NaN, bucket }: StatisticsQuestion, nowMs: number) {
  const end = Number.isNaN(to) ? nowMs : to;
  const from = wanted ?? end - USUAL_MS;
  if (!(from < end)) throw new CoreError('invalid', 'from must be before to', { field: 'from' });
  const most = DAYS_MOST[bucket];
  if (end - from > most * DAY_MS) {
    throw new CoreError('invalid', `a range by the ${bucket} is at most ${most} days long`, { field: 'from' });
  }
  return { from, to: end };
}

async function doorsOf(context: Context, organizationId: string, propertyId: string): Promise<readonly Door[]> {
  const doors: Door[] = [];
  for (let after: string | undefined; ; ) {
    const page = { after, limit: DOORS_A_READ };
    const some = await context.read((tx) => tx.doors.list(organizationId, { propertyId }, page));
    doors.push(...some);
    after = some.at(-1)?.id;
    if (some.length < DOORS_A_READ) return doors;
  }
}

async function countOpenings(context: Context, asked: Counting) {
  const total = noOpenings();
  const each = asked.buckets.starts.map(noOpenings);
  for (const type of OPENING_TYPES) {
    await eachEvent(context, asked, type, (detail, number) => {
      const way = wayOf(type, detail);
      total[way]++;
      const one = each[number];
      if (one !== undefined) one[way]++;
    });
  }
  return { total, each };
}

async function countDenials(context: Context, asked: Counting) {
  const reasons = new Map<string, number>();
  const each = asked.buckets.starts.map(() => 0);
  for (const type of DENIAL_TYPES) {
    await eachEvent(context, asked, type, (detail, number) => {
      const so = denialsOf(type, detail);
      count(reasons, denialReasonOf(detail), so);
      each[number] = (each[number] ?? 0) + so;
    });
  }
  return { byReason: byFrequency(reasons), each };
}

async function countCommands(context: Context, asked: Counting) {
  const { organizationId, from, to, buckets, slices } = asked;
  const doorIds = new Set(asked.doors.map(({ id }) => id));
  const operations = new Map<Attempt['operation'], CommandCounter>();
  const failures = new Map<string, number>();
  const each = buckets.starts.map(() => new CommandCounter());
  const before = idAt('att', to);
  for (let after = idAt('att', from); ; ) {
    const range = { after, before };
    const rows = await context.read((tx) => tx.statistics.attempted(organizationId, range, ROWS_A_READ));
    for (const row of rows) {
      if (row.doorId === null || !doorIds.has(row.doorId)) continue;
      const counter = operations.get(row.operation) ?? new CommandCounter();
      operations.set(row.operation, counter);
      counter.add(row);
      each[buckets.of(row.createdAt)]?.add(row);
      if (row.reason !== null) count(failures, row.reason);
    }
    after = rows.at(-1)?.id ?? before;
    if (rows.length < ROWS_A_READ) break;
    await slices.turn();
  }
  const byOperation = [...operations].map(([operation, counter]) => ({ operation, ...counter.counts() }));
  return {
    byOperation: byOperation.sort((a, b) => b.total - a.total || (a.operation < b.operation ? -1 : 1)),
    failures: byFrequency(failures),
    each,
  };
}

/** Calls `take` for every event of a type in the range, with its detail and the number of its bucket. */
async function eachEvent(
  context: Context,
  { organizationId, propertyId, from, to, buckets, slices }: Counting,
  type: (typeof OPENING_TYPES)[number] | (typeof DENIAL_TYPES)[number],
  take: (detail: Readonly<Record<string, string | number | boolean | null>>, bucket: number) => void,
): Promise<void> {
  for (let after = { at: from, id: '' }; ; ) {
    const range = { after, before: to };
    const of = { organizationId, propertyId, type };
    const rows = await context.read((tx) => tx.statistics.happened(of, range, ROWS_A_READ));
    for (const { at, detail } of rows) take(detail, buckets.of(at));
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_A_READ) return;
    after = { at: last.at, id: last.id };
    await slices.turn();
  }
}
