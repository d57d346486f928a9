import type { Clock } from '@cardea/kit-runtime';

/** So long may one turn of the event loop be worked before others get theirs. */
const SLICE_MS = 8;

/** Long work in slices: whoever calls `turn` between two steps lets others in once the slice is used up. */
export interface Slices {
  turn(): Promise<void> | undefined;
}

/** Slices by the clock; in virtual time, which does not pass while somebody works, there is one slice. */
export function createSlices(clock: Clock): Slices {
  let begunAt = clock.monotonic();
  return {
    turn() {
      if (clock.monotonic() - begunAt < SLICE_MS) return undefined;
      return new Promise((resolve) => {
        clock.after(0, () => {
          begunAt = clock.monotonic();
          resolve();
        });
      });
    },
  };
}

/** Runs `steps` to their end in slices. */
export async function inSlices<T>(slices: Slices, steps: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    const turn = slices.turn();
    if (turn !== undefined) await turn;
  }
}
