import type { Random } from '@cardea/kit-runtime';
import { CoreError } from '../errors.ts';

/** Digits of a PIN that the server makes, and the least and most of one that somebody chooses. */
export const PIN_DIGITS = 6;
const PIN_DIGITS_MOST = 9;

/** A PIN by chance: each equally likely. */
export function randomPin(random: Random): string {
  const size = 10 ** PIN_DIGITS;
  for (;;) {
    const [a = 0, b = 0, c = 0] = random.octets(3);
    const number = a * 65_536 + b * 256 + c;
    // 16 whole millions; the rest of 2^24 would make some PINs likelier.
    if (number < 16 * size) return String(number % size).padStart(PIN_DIGITS, '0');
  }
}

/** A PIN that somebody has chosen: 6 to 9 digits, and not what is tried first. @throws CoreError `invalid` */
export function checkChosenPin(pin: string): string {
  const field = 'pin';
  if (!/^[0-9]{6,9}$/.test(pin)) {
    throw new CoreError('invalid', `a PIN has ${PIN_DIGITS} to ${PIN_DIGITS_MOST} digits`, { field });
  }
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  const [step] = steps;
  if (steps.size === 1 && step !== undefined && Math.abs(step) <= 1) {
    throw new CoreError('invalid', 'the PIN is one of those that are tried first: choose another', { field });
  }
  return pin;
}
