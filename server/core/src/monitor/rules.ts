import type { AlertRule, Event } from '../model.ts';

/** What an alert is about: the noun whose id names it. */
export type AlertSubject = 'lock' | 'gateway' | 'person' | 'organization';

/** So many facts of one kind about one subject within one time are an alert. */
export interface BurstRule {
  readonly name: Exclude<AlertRule, 'unasked_open'>;
  readonly subject: AlertSubject;
  readonly types: readonly Event['type'][];
  readonly atLeast: number;
  readonly withinMs: number;
}

const MINUTE_MS = 60_000;

/**
 * The one table of thresholds (seed 002, 6.5: anomalies are identified through statistics and analysis of log
 * information). Each leaves room for what people do on an ordinary day:
 *
 * - a guest at the wrong door tries two or three times, staff with the wrong role twice: five in ten minutes is nobody's
 *   habit;
 * - a password is mistyped three or four times, and the lock-out stops one account at five; twelve failures over any
 *   accounts in ten minutes are a list being tried;
 * - one message that does not verify is what radio or a resent answer leaves behind (the link counts those of one minute
 *   as one): three minutes with such messages in half an hour is somebody's work;
 * - a gateway that restarts or is carried to another socket leaves once or twice: four times in a quarter of an hour it
 *   flaps;
 * - a lock tells its first four refusals one by one and those of each minute after them together: a fifth is a fifth event;
 * - a clock jump, a gap in a lock's events, a head of them that is not the lock's, a lower reset count, a key that does not fit, a tamper contact and a forced
 *   door have no ordinary cause: one is enough.
 */
export const BURST_RULES: readonly BurstRule[] = [
  { name: 'denied_burst', subject: 'person', types: ['person.denied'], atLeast: 5, withinMs: 10 * MINUTE_MS },
  {
    name: 'refused_at_lock',
    subject: 'lock',
    types: ['lock.refused', 'lock.refusals'],
    atLeast: 5,
    withinMs: 10 * MINUTE_MS,
  },
  { name: 'sign_in_burst', subject: 'person', types: ['person.sign_in_failed'], atLeast: 5, withinMs: 10 * MINUTE_MS },
  {
    name: 'sign_in_stuffing',
    subject: 'organization',
    types: ['person.sign_in_failed'],
    atLeast: 12,
    withinMs: 10 * MINUTE_MS,
  },
  { name: 'forged_messages', subject: 'lock', types: ['alarm.forged_message'], atLeast: 3, withinMs: 30 * MINUTE_MS },
  { name: 'clock_jump', subject: 'lock', types: ['alarm.clock_jump'], atLeast: 1, withinMs: MINUTE_MS },
  {
    name: 'gateway_flapping',
    subject: 'gateway',
    types: ['gateway.connection_lost'],
    atLeast: 4,
    withinMs: 15 * MINUTE_MS,
  },
  {
    name: 'event_gap',
    subject: 'lock',
    types: ['alarm.event_gap', 'alarm.chain_gap'],
    atLeast: 1,
    withinMs: MINUTE_MS,
  },
  {
    name: 'event_chain',
    subject: 'lock',
    types: ['alarm.chain_head_wrong', 'alarm.chain_head_overdue'],
    atLeast: 1,
    withinMs: MINUTE_MS,
  },
  {
    name: 'key_trouble',
    subject: 'lock',
    types: ['alarm.key_mismatch', 'alarm.reset_count_lower', 'alarm.generation_higher'],
    atLeast: 1,
    withinMs: MINUTE_MS,
  },
  {
    name: 'override_used',
    subject: 'lock',
    types: ['door.override_asked', 'lock.override_unlocked'],
    atLeast: 1,
    withinMs: MINUTE_MS,
  },
  { name: 'tamper', subject: 'lock', types: ['lock.tamper', 'lock.door_forced'], atLeast: 1, withinMs: MINUTE_MS },
];

/** The longest time that a rule looks back. */
export const LOOK_BACK_MS: number = Math.max(...BURST_RULES.map(({ withinMs }) => withinMs));

/** The id of what an event is about under a rule, or undefined when it says nothing of it. */
export function subjectOf(subject: AlertSubject, event: Event): string | undefined {
  switch (subject) {
    case 'lock':
      return event.lockId ?? undefined;
    case 'gateway':
      return event.gatewayId ?? undefined;
    case 'person':
      return event.personId ?? undefined;
    case 'organization':
      return event.organizationId;
  }
}
