import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii } from '@cardea/kit-octets';
import { inRange } from '../errors.ts';
import { onlinePinKey } from '../keys.ts';

/** Digits of the shortest online PIN. */
export const ONLINE_PIN_DIGITS_MIN = 4;
/** Digits of the longest: one less than an offline PIN has. */
export const ONLINE_PIN_DIGITS_MAX = 9;

/** Whether an entry has the shape of an online PIN. */
export function isOnlineEntry(entry: string): boolean {
  return /^[0-9]{4,9}$/.test(entry);
}

/**
 * All that lock and server keep of an online PIN: HMAC-SHA256({@link onlinePinKey}, its digits in ASCII), 32 octets.
 * Without the lock's key a million PINs cannot be tried. The same PIN in another slot of the lock has the same verifier,
 * so that a duplicate can be refused. @throws AccessError `range`
 */
export function onlinePinVerifier(primitives: Primitives, bindingKey: Uint8Array, pin: string): Uint8Array {
  inRange(isOnlineEntry(pin), 'an online PIN has 4 to 9 digits');
  return primitives.hmacSha256(onlinePinKey(primitives, bindingKey), fromAscii(pin));
}
