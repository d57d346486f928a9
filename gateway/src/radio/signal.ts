import type { Clock } from '@cardea/kit-runtime';

/** Lets one loop sleep until something happens or a time has passed. */
export interface Signal {
  /** Wakes the sleeper, or lets its next sleep end at once. */
  notify(): void;
  /** Resolves when notified, or after `durationMs`. */
  sleep(durationMs: number): Promise<void>;
}

export function createSignal(clock: Clock): Signal {
  let pending = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      if (wake === undefined) pending = true;
      else wake();
    },
    sleep(durationMs) {
      if (pending) {
        pending = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const cancel = clock.after(durationMs, () => done());
        const done = (): void => {
          wake = undefined;
          cancel();
          resolve();
        };
        wake = done;
      });
    },
  };
}

/** What a promise came to within its time. */
export type Within<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timeout' };

/** Waits for a promise of a radio or driver no longer than `limitMs`; never rejects. `late` takes what comes after. */
export function within<T>(
  clock: Clock,
  limitMs: number,
  start: () => Promise<T>,
  late: (value: T) => void = () => {},
): Promise<Within<T>> {
  return new Promise((resolve) => {
    let over = false;
    const end = (result: Within<T>): void => {
      if (over) return;
      over = true;
      cancel();
      resolve(result);
    };
    const cancel = clock.after(limitMs, () => end({ kind: 'timeout' }));
    let promise: Promise<T>;
    try {
      promise = start();
    } catch (error) {
      end({ kind: 'failed', error });
      return;
    }
    promise.then(
      (value) => {
        if (over) late(value);
        else end({ kind: 'done', value });
      },
      (error: unknown) => end({ kind: 'failed', error }),
    );
  });
}
