import { usage } from './errors.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration as people write it, `90s`, `15m`, `24h` or `7d`, in seconds. @throws CliError `usage` */
export function durationS(option: string, given: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  const factor = UNITS[unit];
  if (count === undefined || factor === undefined) {
    throw usage(`${option} is ${JSON.stringify(given)}`, 'write a number with s, m, h or d, such as 24h');
  }
  return Number(count) * factor;
}
