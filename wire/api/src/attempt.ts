import Type, { type Static } from 'typebox';
import { Id, nullable, page, recordPageQuery, strict, Time } from './common.ts';
import { Bolt, DoorSensor } from './lock.ts';

/** The lock's own authenticated answer to one command. */
export const Receipt = Type.Object(
  {
    lock_sequence: Type.Integer({ minimum: 0, description: "The lock's newest event sequence." }),
    bolt: Bolt,
    door: DoorSensor,
    battery_percent: Type.Integer({ minimum: 0, maximum: 100 }),
    lock_time: nullable(Time),
    clock_offset_s: nullable(Type.Number({ description: "Lock's time less the server's, seconds." })),
    frame: Type.String({ pattern: '^([0-9a-f]{2})*$', description: 'The sealed frame as it arrived, hex.' }),
  },
  { title: 'Receipt' },
);
export type Receipt = Static<typeof Receipt>;

/** pending -> sent -> succeeded | failed | expired. */
export const AttemptState = Type.Enum(['pending', 'sent', 'succeeded', 'failed', 'expired']);
export type AttemptState = Static<typeof AttemptState>;

/** What an attempt asks of a lock. */
export const AttemptOperation = Type.Enum([
  'unlock',
  'lock',
  'status',
  'override',
  'bind',
  'unbind',
  'set_time',
  'set_normal',
  'set_passage',
  'set_lockdown',
]);
export type AttemptOperation = Static<typeof AttemptOperation>;

/** Why an attempt failed or expired. */
export const AttemptReason = Type.Enum(
  [
    'jammed',
    'battery_empty',
    'privacy',
    'not_permitted',
    'clock_drift',
    'clock_uncertain',
    'late',
    'busy',
    'not_bound',
    'key_mismatch',
    'refused',
    'out_of_range',
    'gateway_offline',
    'no_answer',
    'superseded',
    'unsupported',
    'full',
    'lockdown',
    'internal',
    'outcome_unknown',
    'not_sent',
  ],
  { title: 'AttemptReason' },
);
export type AttemptReason = Static<typeof AttemptReason>;

/** One command's life. It is `succeeded` only ever with the lock's own receipt. */
export const Attempt = Type.Object(
  {
    id: Id,
    door_id: nullable(Id),
    lock_id: Id,
    operation: AttemptOperation,
    state: AttemptState,
    reason: nullable(AttemptReason),
    created_at: Time,
    expires_at: Time,
    sent_at: nullable(Time),
    ended_at: nullable(Time),
    queue_position: nullable(
      Type.Integer({ minimum: 0, description: "Place in the gateway's queue; 0 = on the air." }),
    ),
    clock_offset_s: nullable(Type.Number({ description: 'For `clock_drift`: lock time less server time, seconds.' })),
    receipt: nullable(Receipt),
    late_receipt: nullable(Receipt),
    grant_id: nullable(Id),
    confirm_by: nullable(
      Type.String({ format: 'date-time', description: 'Another person had to confirm it by then; null: nobody.' }),
    ),
  },
  { title: 'Attempt' },
);
export type Attempt = Static<typeof Attempt>;

/** Whether nothing more will happen to the attempt, but for a late receipt. */
export function isOver(attempt: Pick<Attempt, 'state'>): boolean {
  return attempt.state !== 'pending' && attempt.state !== 'sent';
}

/** A page of attempts. */
export const AttemptPage = page(Attempt);

/** Where a phone says that it is. */
export const Position = strict({
  latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees north, WGS 84.' }),
  longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees east, WGS 84.' }),
  accuracy_m: Type.Number({ minimum: 0, maximum: 1_000_000, description: 'Metres.' }),
});
export type Position = Static<typeof Position>;

/** Body of POST /v1/doors/{id}/unlock, /lock, /status and /override. */
export const Operate = strict({
  position: Type.Optional(Position),
  time_to_live_s: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 60,
      description: 'Seconds after which the command must not act any more; unlock: 10 unless told.',
    }),
  ),
});
export type Operate = Static<typeof Operate>;

/** Body of POST /v1/attempts/{id}/confirm. */
export const ConfirmAttempt = strict({ position: Type.Optional(Position) });
export type ConfirmAttempt = Static<typeof ConfirmAttempt>;

/** Query of GET /v1/attempts. */
export const AttemptQuery = strict({ ...recordPageQuery, door_id: Type.Optional(Id) });

/** Query of GET /v1/attempts/{id}. */
export const AttemptWaitQuery = strict({
  wait_s: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 30, default: 0, description: 'Waits as long for the attempt to be over.' }),
  ),
});
