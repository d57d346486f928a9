import Type, { type Static } from 'typebox';
import { Id, nullable, strict, Time, TimeZone } from './common.ts';

/** A local day or hour of the property's zone. */
export const StatisticsBucketSize = Type.Enum(['day', 'hour']);

/** Query of GET /v1/statistics. */
export const StatisticsQuery = strict({
  property_id: Id,
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  bucket: Type.Optional(
    Type.Enum(['day', 'hour'], { default: 'day', description: 'At most 400 days by the day, 31 by the hour.' }),
  ),
});

const Count = Type.Integer({ minimum: 0 });

/** Openings by way. */
export const OpeningCounts = Type.Object(
  {
    remote: Count,
    key: Count,
    card: Count,
    pin: Count,
    mode: Type.Integer({ minimum: 0, description: 'By the lock itself, on its schedule.' }),
    inside: Type.Integer({ minimum: 0, description: 'By hand, from within.' }),
    other: Count,
  },
  { title: 'OpeningCounts' },
);
export type OpeningCounts = Static<typeof OpeningCounts>;

const commandCounts = {
  total: Count,
  succeeded: Count,
  failed: Count,
  expired: Count,
  open: Type.Integer({ minimum: 0, description: 'Not over yet.' }),
  p50_ms: nullable(
    Type.Integer({
      minimum: 0,
      description: 'From the request to the receipt, of those that succeeded; nearest rank.',
    }),
  ),
  p95_ms: nullable(Type.Integer({ minimum: 0 })),
};

/** How commands ended and how long they took. */
export const CommandCounts = Type.Object(commandCounts, { title: 'CommandCounts' });
export type CommandCounts = Static<typeof CommandCounts>;

/** A name with how often it was met. */
export const ReasonCount = Type.Object({ reason: Type.String(), count: Count }, { title: 'ReasonCount' });
export type ReasonCount = Static<typeof ReasonCount>;

/** A local day or hour. */
export const StatisticsBucket = Type.Object(
  { start: Time, openings: OpeningCounts, denials: Count, commands: CommandCounts },
  { title: 'StatisticsBucket' },
);
export type StatisticsBucket = Static<typeof StatisticsBucket>;

const Percent = Type.Integer({ minimum: 0, maximum: 100 });

/** A lock's battery as it was proved last. */
export const BatteryState = Type.Object(
  {
    lock_id: Id,
    door_id: Id,
    door_name: Type.String(),
    percent: Percent,
    proved_at: Time,
    series: Type.Array(Type.Object({ start: Time, percent: Percent }), {
      description: 'The lowest of each bucket in which it changed; of the 20 lowest batteries alone, else empty.',
    }),
  },
  { title: 'BatteryState' },
);
export type BatteryState = Static<typeof BatteryState>;

/** What a property tells of its use in a range. */
export const Statistics = Type.Object(
  {
    property_id: Id,
    time_zone: TimeZone,
    from: Time,
    to: Time,
    bucket: StatisticsBucketSize,
    openings: OpeningCounts,
    denials: Type.Array(ReasonCount),
    commands: Type.Array(Type.Object({ operation: Type.String(), ...commandCounts })),
    command_failures: Type.Array(ReasonCount),
    buckets: Type.Array(StatisticsBucket),
    batteries: Type.Array(BatteryState, { description: 'Lowest first.' }),
  },
  { title: 'Statistics' },
);
export type Statistics = Static<typeof Statistics>;
