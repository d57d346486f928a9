import Type, { type Static } from 'typebox';
import { Id, nullable, page, recordPageQuery, strict, Time } from './common.ts';
import { LockReport } from './lock.ts';

/** A fact, durable before anybody hears of it. */
export const Event = Type.Object(
  {
    id: Id,
    type: Type.String({ description: '`lock.unlocked`, `attempt.succeeded`, `alarm.late_receipt`, ...' }),
    property_id: nullable(Id),
    door_id: nullable(Id),
    lock_id: nullable(Id),
    gateway_id: nullable(Id),
    person_id: nullable(Id),
    attempt_id: nullable(Id),
    lock_sequence: nullable(Type.Integer({ minimum: 0 })),
    occurred_at: nullable(Time),
    received_at: Time,
    detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  },
  { title: 'Event' },
);
export type Event = Static<typeof Event>;

/** A page of events. */
export const EventPage = page(Event);

/** How long events are kept, and what has been removed of the organization's. Their leaves stay in the audit log. */
export const EventRetention = Type.Object(
  {
    event_retention_days: nullable(Type.Integer({ minimum: 1, description: 'Null: events are kept without end.' })),
    removed: Type.Integer({ minimum: 0 }),
    removed_received_before: nullable(Time),
    last_removed_at: nullable(Time),
  },
  { title: 'EventRetention' },
);
export type EventRetention = Static<typeof EventRetention>;

const filter = {
  door_id: Type.Optional(Id),
  type: Type.Optional(Type.String({ pattern: '^[a-z]+\\.[a-z_]+$', maxLength: 64 })),
};

/** Query of GET /v1/events. */
export const EventQuery = strict({
  ...recordPageQuery,
  ...filter,
  alert_id: Type.Optional(
    Type.String({ ...Id, description: 'Only the events that this alert names as its evidence.' }),
  ),
});

/** Query of GET /v1/me/events. */
export const OwnEventQuery = strict({ ...recordPageQuery, ...filter });

/** Query of GET /v1/events/stream. */
export const EventStreamQuery = strict(filter);

/** Data of the last message of a stream, `event: end`: why it ends. Resume with Last-Event-ID, but for `not_signed_in`. */
export const StreamEnd = Type.Object(
  { code: Type.Enum(['slow_reader', 'shutting_down', 'not_signed_in', 'internal']), detail: Type.String() },
  { title: 'StreamEnd' },
);
export type StreamEnd = Static<typeof StreamEnd>;

/**
 * Data of a stream's `event: proof`: a lock has proved once more what was known of it. It is no event: it has no id, is in
 * no record, and one that a reader missed is not told again.
 */
export const StreamProof = Type.Object(
  { lock_id: Id, door_id: nullable(Id), property_id: nullable(Id), report: LockReport },
  { title: 'StreamProof' },
);
export type StreamProof = Static<typeof StreamProof>;
