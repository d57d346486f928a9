import { RESULT } from '@cardea/wire-lock';
import type { Event } from '../model.ts';

/** How a door was opened. `mode`: the lock's own, on its schedule; `inside`: by hand, from within. */
export const WAYS = ['remote', 'key', 'card', 'pin', 'mode', 'inside', 'other'] as const;
export type OpeningWay = (typeof WAYS)[number];

/** Set in the detail of a lock's event when its clock was not valid. */
const CLOCK_NOT_VALID = 0x80;
/** The detail of `unlocked` (docs/access.md): how the opening was made. */
const WAY_OF_DETAIL: Readonly<Record<number, OpeningWay>> = {
  0: 'remote',
  1: 'key',
  2: 'card',
  3: 'pin',
  4: 'pin',
  5: 'key',
  6: 'mode',
};

/** Events that say that a door was opened. */
export const OPENING_TYPES = ['lock.unlocked', 'lock.override_unlocked', 'lock.manual_unlocked'] as const;
/** Events that say that a lock refused: one, or so many together. */
export const DENIAL_TYPES = ['lock.refused', 'lock.refusals'] as const;

/** By which way an event of {@link OPENING_TYPES} says that its door was opened. */
export function wayOf(type: (typeof OPENING_TYPES)[number], detail: Event['detail']): OpeningWay {
  if (type === 'lock.manual_unlocked') return 'inside';
  return WAY_OF_DETAIL[Number(detail.detail) & ~CLOCK_NOT_VALID] ?? 'other';
}

/** Details of denials beside the results of commands (docs/lock.md, 46). */
const KEY_NOT_OURS = 32;
const WRONG_ENTRY = 33;

const REASONS = new Map<number, string>([
  ...Object.entries(RESULT).map(([name, code]) => [code, name] as const),
  [KEY_NOT_OURS, 'foreign_key'],
  [WRONG_ENTRY, 'wrong_pin'],
]);

/** Why an event of {@link DENIAL_TYPES} says that the lock refused. */
export function denialReasonOf({ detail }: Event['detail']): string {
  return REASONS.get(Number(detail) & ~CLOCK_NOT_VALID) ?? 'other';
}

/** How many denials an event of {@link DENIAL_TYPES} stands for. */
export function denialsOf(type: (typeof DENIAL_TYPES)[number], { actor }: Event['detail']): number {
  return type === 'lock.refused' ? 1 : Math.max(1, Number(actor) || 1);
}
