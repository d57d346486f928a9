import { durationS } from './duration.ts';
import { usage } from './errors.ts';

const HOUR_MS = 3_600_000;

/**
 * A moment as people write it, in milliseconds: `now`, a duration from now (`+2h`, `+3d`), RFC 3339 (`...T15:00Z`), or the
 * local time of a zone (`2026-10-01 15:00`, or a date alone for its midnight). A local time that the clocks skip is none;
 * of one that they repeat the first is meant.
 * @throws CliError `usage`
 */
export function moment(option: string, given: string, timeZone: string, nowMs: number): number {
  const wholeNowMs = Math.floor(nowMs / 1000) * 1000;
  if (given === 'now') return wholeNowMs;
  if (given.startsWith('+')) return wholeNowMs + durationS(option, given.slice(1)) * 1000;
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(given)) {
    const ms = Date.parse(given);
    if (!Number.isNaN(ms)) return ms;
  }
  const local = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?$/.exec(given);
  const wall = local === null ? Number.NaN : Date.parse(`${local[1]}T${local[2] ?? '00:00'}:00Z`);
  // The 31st of February would be read as a day of March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(local?.[1] ?? '')) {
    throw usage(`${option} is ${JSON.stringify(given)}`, 'write now, +2h, 2026-10-01 15:00 or 2026-10-01T15:00:00Z');
  }
  const offsets = [wall - 24 * HOUR_MS, wall + 24 * HOUR_MS].map((ms) => offsetMs(timeZone, ms));
  const found = offsets.map((offset) => wall - offset).filter((ms) => ms + offsetMs(timeZone, ms) === wall);
  if (found.length === 0) {
    throw usage(`${option}: the clocks of ${timeZone} skip ${given}`, 'write a time that there is');
  }
  return Math.min(...found);
}

/** The same as the API wants it. @throws CliError `usage` */
export function momentText(option: string, given: string, timeZone: string, nowMs: number): string {
  return new Date(moment(option, given, timeZone, nowMs)).toISOString();
}

/** A moment of the API as people in a zone read it: `2026-10-01 15:00`. */
export function localTime(timeZone: string, text: string): string {
  const ms = Date.parse(text);
  return new Date(ms + offsetMs(timeZone, ms)).toISOString().slice(0, 16).replace('T', ' ');
}

/** How far the clocks of a zone are ahead of UTC. */
function offsetMs(timeZone: string, ms: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const wall = Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`);
  return wall - Math.floor(ms / 1000) * 1000;
}
