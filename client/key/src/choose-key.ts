import type { OfflineOperation } from '@cardea/wire-profile';
import type { DoorKey } from './door-key.ts';

/**
 * Which of several keys of a door to present: one that is good by the phone's own clock, of those the one whose lease
 * lasts longest. Where none seems good the last one is presented all the same: the lock decides, by its own clock.
 */
export function chooseKey(keys: readonly DoorKey[], operation: OfflineOperation, nowS: number): DoorKey | undefined {
  const fit = keys.filter((key) => key.operations.includes(operation));
  const longest = (some: readonly DoorKey[]): DoorKey | undefined =>
    some.reduce<DoorKey | undefined>(
      (best, key) => (best === undefined || key.leaseEndS > best.leaseEndS ? key : best),
      undefined,
    );
  return longest(fit.filter((key) => key.notBeforeS <= nowS && nowS <= usableUntilS(key))) ?? longest(fit);
}

/** When a key ends if it is not fetched anew: the end of its lease or of its window. */
export function usableUntilS(key: DoorKey): number {
  return Math.min(key.leaseEndS, key.notAfterS);
}

/** From when on a phone that has network fetches a key anew: half of its lease is over. A lease past its window is not. */
export function renewalDueS(key: DoorKey): number {
  return key.leaseEndS >= key.notAfterS ? key.notAfterS : key.issuedAtS + (key.leaseEndS - key.issuedAtS) / 2;
}
