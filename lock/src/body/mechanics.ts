import { VirtualLockError } from '../errors.ts';
import { type BodyState, NEW_BODY } from './state.ts';

/** What of a body is there without power, and is sensed when power comes back. All else begins anew. */
export type Mechanics = Pick<
  BodyState,
  'boltOut' | 'jammed' | 'blocked' | 'doorOpen' | 'tamper' | 'privacy' | 'batteryPercent'
>;

/** What a body leaves when its process ends. */
export function mechanicsOf(body: Mechanics): Mechanics {
  const { boltOut, jammed, blocked, doorOpen, tamper, privacy, batteryPercent } = body;
  return { boltOut, jammed, blocked, doorOpen, tamper, privacy, batteryPercent };
}

/** The body that a lock finds itself in: what moved has stopped where it was. */
export function bodyOf(mechanics: Mechanics): BodyState {
  return { ...NEW_BODY, ...mechanics };
}

const FIELDS = {
  bolt_out: 'boltOut',
  jammed: 'jammed',
  blocked: 'blocked',
  door_open: 'doorOpen',
  tamper: 'tamper',
  privacy: 'privacy',
} as const;

/** As JSON: `bolt_out`, `jammed`, `blocked`, `door_open`, `tamper`, `privacy` (true or false), `battery_percent` (0 to 100). */
export function encodeMechanics(mechanics: Mechanics): string {
  const flags = Object.entries(FIELDS).map(([name, field]) => [name, mechanics[field]]);
  return JSON.stringify({ ...Object.fromEntries(flags), battery_percent: mechanics.batteryPercent });
}

/** The inverse of {@link encodeMechanics}. @throws VirtualLockError `mechanics_corrupt`, naming `where` and the field */
export function decodeMechanics(text: string, where: string): Mechanics {
  const bad = (what: string): VirtualLockError =>
    new VirtualLockError('mechanics_corrupt', `${where}: ${what}; remove the file to let the lock be shut and whole`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw bad('is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw bad('must be an object');
  const found = new Map<string, unknown>(Object.entries(parsed));
  const flag = (name: keyof typeof FIELDS): boolean => {
    const value = found.get(name);
    if (typeof value !== 'boolean') throw bad(`${name} must be true or false`);
    return value;
  };
  const batteryPercent = found.get('battery_percent');
  const whole = typeof batteryPercent === 'number' && Number.isInteger(batteryPercent);
  if (!whole || batteryPercent < 0 || batteryPercent > 100) {
    throw bad('battery_percent must be a whole number from 0 to 100');
  }
  return {
    boltOut: flag('bolt_out'),
    jammed: flag('jammed'),
    blocked: flag('blocked'),
    doorOpen: flag('door_open'),
    tamper: flag('tamper'),
    privacy: flag('privacy'),
    batteryPercent,
  };
}
