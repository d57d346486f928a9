import type { Primitives } from '@cardea/kit-crypto';
import type { AdvertisementReport, Radio } from '@cardea/kit-radio';
import type { Clock } from '@cardea/kit-runtime';
import { LOCK_SERVICE, recogniseBound } from '@cardea/wire-lock';

/** A lock that is looked for. */
export interface Wanted {
  /** Kadv, 16 octets: its address is random and says nothing. */
  readonly advertisementKey: Uint8Array;
  readonly timeoutMs: number;
}

/**
 * Listens until the lock is heard and can be connected to (a lock that serves another central is not connectable);
 * undefined when it was not within the time.
 */
export function findLock(
  { radio, clock, primitives }: { radio: Radio; clock: Clock; primitives: Primitives },
  { advertisementKey, timeoutMs }: Wanted,
): Promise<AdvertisementReport | undefined> {
  return new Promise((resolve) => {
    const end = (found: AdvertisementReport | undefined): void => {
      cancel();
      stop();
      resolve(found);
    };
    const cancel = clock.after(timeoutMs, () => end(undefined));
    const stop = radio.scan([LOCK_SERVICE], (report) => {
      if (report.connectable && recogniseBound(primitives, advertisementKey, report.data) !== undefined) end(report);
    });
  });
}
