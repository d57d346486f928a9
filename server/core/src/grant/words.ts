import { dateOfDay, timeOfMinute } from '../schedule/civil.ts';
import { wallClock } from '../schedule/wall-clock.ts';
import { offsetMinAt } from '../schedule/zone.ts';

const HOUR_MS = 3_600_000;

/** A moment as somebody in the zone reads it: `2026-10-25 02:30`, with the offset only where the clocks repeat it. */
export function localText(timeZone: string, atMs: number): string {
  const offsetMin = offsetMinAt(timeZone, atMs / 1000);
  const wallMs = atMs + offsetMin * 60_000;
  const { day, minute } = wallClock(timeZone, atMs);
  const text = `${dateOfDay(day)} ${timeOfMinute(minute)}`;
  const twins = [-3 * HOUR_MS, 3 * HOUR_MS].map((away) => offsetMinAt(timeZone, (atMs + away) / 1000));
  const repeated = twins.some((other) => {
    return other !== offsetMin && offsetMinAt(timeZone, (wallMs - other * 60_000) / 1000) === other;
  });
  return repeated ? `${text} (UTC${offsetText(offsetMin)})` : text;
}

function offsetText(offsetMin: number): string {
  return `${offsetMin < 0 ? '-' : '+'}${timeOfMinute(Math.abs(offsetMin))}`;
}

/** Seconds in the largest whole units that people say: `90 s`, `15 min`, `2 h`, `3 days`. */
export function durationText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.round(whole / 60)} min`;
  if (whole < 172_800) return `${Math.round(whole / 3600)} h`;
  return `${Math.round(whole / 86_400)} days`;
}
