import type { DoorState } from '@cardea/client-sdk';
import { formatMoment, formatTimeOfDay, say } from '@cardea/client-ui';
import { marksOf } from './signs.ts';
import { doorTexts } from './texts.ts';

const DAY_MS = 24 * 60 * 60_000;

/** A moment short: the time of day alone within a day, else with its date. */
export function shortMoment(at: string, zone: string, nowMs: number): string {
  return Math.abs(nowMs - Date.parse(at)) < DAY_MS ? formatTimeOfDay(at, zone) : formatMoment(at, zone);
}

/** How far a state is to be believed: `proved 14:05`, or `stale since 14:05: no gateway that reaches it is online`. */
export function proofWords({ sign, stale, provedAt }: DoorState, zone: string, nowMs: number): string {
  if (sign === 'no_lock') return '';
  const at = provedAt === null ? undefined : shortMoment(provedAt, zone, nowMs);
  if (stale === null) return at === undefined ? '' : say(doorTexts, 'proved', { at });
  const why = say(doorTexts, stale);
  return at === undefined ? say(doorTexts, 'staleBecause', { why }) : say(doorTexts, 'staleSince', { at, why });
}

/** A door in one line, for who hears it or hovers over it: `101, Locked, proved 14:05, Battery low`. */
export function doorLine(name: string, state: DoorState, zone: string, nowMs: number): string {
  return [
    name,
    say(doorTexts, state.sign),
    proofWords(state, zone, nowMs),
    ...marksOf(state).map((mark) => say(doorTexts, mark)),
    ...(state.privacy ? [say(doorTexts, 'privacy')] : []),
  ]
    .filter((part) => part !== '')
    .join(say(doorTexts, 'separator'));
}
