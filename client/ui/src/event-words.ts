import type { AttemptOperation, Event } from '@cardea/wire-api';
import { reasonWords } from './attempt-words.ts';
import { eventTexts, operationTexts } from './event-texts.ts';
import { say } from './texts.ts';

/** An event in words. */
export interface EventWords {
  readonly title: string;
  /** What else is told of it in a word or two; empty where nothing is. Written by people in part: show it as text. */
  readonly more: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet';
}

const BAD =
  /^(?:alarm\.|attempt\.(?:failed|expired)|lock\.(?:door_forced|tamper|jammed|refused|refusals|events_lost|keypad_closed)|person\.(?:denied|sign_in_failed|passkey_copied))/;
const WARN =
  /^(?:alert\.raised|gateway\.(?:offline|connection_lost)|lock\.(?:battery_low|door_held_open|override_unlocked|reset)|door\.(?:override_asked|lock_withdrawn))/;
const GOOD = /^attempt\.succeeded$/;

/** What an event means; one of a type that this app does not know yet is shown by its type. */
export function eventWords({ type, detail }: Pick<Event, 'type' | 'detail'>): EventWords {
  const title = titleOf(type);
  const operation = operationOf(detail.operation);
  return {
    title:
      operation === undefined
        ? title
        : say(eventTexts, 'withOperation', { operation: say(operationTexts, operation), what: title }),
    more: moreOf(type, detail),
    tone: BAD.test(type) ? 'bad' : WARN.test(type) ? 'warn' : GOOD.test(type) ? 'good' : 'quiet',
  };
}

const OPERATIONS = [
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
] as const satisfies readonly AttemptOperation[];

function titleOf(type: string): string {
  const key = type.replace('.', '_');
  // The server may be newer than this page.
  const words = say(eventTexts, key as 'lock_unlocked');
  return words === key ? type : words;
}

function moreOf(type: string, { bolt, door, battery_percent: battery, reason }: Event['detail']): string {
  if (type === 'door.state_changed') {
    const parts = [
      BOLTS.some((one) => one === bolt) && say(eventTexts, `bolt_${bolt as (typeof BOLTS)[number]}`),
      SENSORS.some((one) => one === door) && say(eventTexts, `door_${door as (typeof SENSORS)[number]}`),
      typeof battery === 'number' && say(eventTexts, 'battery', { percent: battery }),
    ];
    return parts.filter((part) => part !== false).join(' · ');
  }
  if (type.startsWith('attempt.')) return reasonWords(reason) ?? '';
  return type === 'door.override_asked' && typeof reason === 'string' ? reason : '';
}

const BOLTS = ['locked', 'unlocked', 'jammed'] as const;
const SENSORS = ['open', 'closed'] as const;

function operationOf(value: unknown): AttemptOperation | undefined {
  return OPERATIONS.find((one) => one === value);
}

/** A fact that was told so much later than it happened is told with both times. */
const LATE_MS = 60_000;

/** Whether an event came so late that people are told when, too. */
export function wasToldLate({
  occurred_at: at,
  received_at: toldAt,
}: Pick<Event, 'occurred_at' | 'received_at'>): boolean {
  return at !== null && Date.parse(toldAt) - Date.parse(at) > LATE_MS;
}
