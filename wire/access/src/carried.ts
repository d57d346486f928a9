import { type Primitives, sivOpen, sivSeal } from '@cardea/kit-crypto';
import { concat, Reader } from '@cardea/kit-octets';
import { writing } from './errors.ts';

/** Octets of a carried record: sequence(4), the seal's 16, and an event of 16. */
export const CARRIED_SIZE_OCTETS = 36;

/**
 * An event of the lock that a phone carries to the RAS: sequence(4) | AES-SIV({@link carryKey}, AD = lockId | sequence,
 * event(16)). The sequence is in the clear, so that the RAS knows without opening it what it has already.
 * @throws AccessError `range`
 */
export function sealCarried(
  primitives: Primitives,
  key: Uint8Array,
  lockId: Uint8Array,
  sequence: number,
  event: Uint8Array,
): Uint8Array {
  const number = writing((writer) => writer.uint('sequence', sequence, 4));
  const checked = writing((writer) => writer.octets('event', event, 16));
  return concat(number, sivSeal(primitives.aes, key, [bound(lockId, number)], checked));
}

/** The record in what a phone has carried; undefined when it is not this lock's, or cut off. */
export function openCarried(
  primitives: Primitives,
  key: Uint8Array,
  lockId: Uint8Array,
  octets: Uint8Array,
): { readonly sequence: number; readonly event: Uint8Array } | undefined {
  if (octets.length !== CARRIED_SIZE_OCTETS) return undefined;
  const number = octets.subarray(0, 4);
  const event = sivOpen(primitives.aes, key, [bound(lockId, number)], octets.subarray(4));
  return event === undefined ? undefined : { sequence: new Reader(number).uint('sequence', 4), event };
}

function bound(lockId: Uint8Array, number: Uint8Array): Uint8Array {
  return concat(
    writing((writer) => writer.octets('lock id', lockId, 6)),
    number,
  );
}
