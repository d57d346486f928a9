import { Temporal } from 'temporal-polyfill';

/** A moment as somebody in the zone reads it: `2026-10-25 02:30`, with the offset only where the clocks repeat it. */
export function localText(timeZone: string, atMs: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
  const text = `${local.toPlainDate().toString()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
  const again = local.toPlainDateTime().toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const twin = local.toPlainDateTime().toZonedDateTime(timeZone, { disambiguation: 'later' });
  return again.epochMilliseconds === twin.epochMilliseconds ? text : `${text} (UTC${local.offset})`;
}

/** Seconds in the largest whole units that people say: `90 s`, `15 min`, `2 h`, `3 days`. */
export function durationText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.round(whole / 60)} min`;
  if (whole < 172_800) return `${Math.round(whole / 3600)} h`;
  return `${Math.round(whole / 86_400)} days`;
}
