/** Wrong entries before the keypad closes for the first time. */
export const WRONG_ENTRIES_FREE = 5;
/** The first wait; each further wrong entry doubles it. */
export const KEYPAD_WAIT_FIRST_S = 60;
/** The longest wait. */
export const KEYPAD_WAIT_MAX_S = 86_400;
/** Without a wrong entry for so long, one is forgotten. */
export const KEYPAD_FORGETS_S = 86_400;

/** Wrong entries that are told apart: more change nothing. */
export const WRONG_ENTRIES_MAX = WRONG_ENTRIES_FREE + Math.ceil(Math.log2(KEYPAD_WAIT_MAX_S / KEYPAD_WAIT_FIRST_S));

/**
 * The keypad's memory. Only `wrong` is in flash: a restart begins the wait and the day that forgets anew, so that cutting
 * the power gains nobody anything. Times are monotonic milliseconds.
 */
export interface Keypad {
  /** 0 to {@link WRONG_ENTRIES_MAX}. */
  readonly wrong: number;
  /** Until then nothing entered is looked at. */
  readonly closedUntilMs: number;
  /** From here the next day without a wrong entry is counted. */
  readonly quietSinceMs: number;
}

/** The keypad at power-on, with what flash has kept. */
export function bootKeypad(wrong: number, nowMs: number): Keypad {
  return { wrong, closedUntilMs: nowMs + keypadWaitS(wrong) * 1000, quietSinceMs: nowMs };
}

/** How long the keypad closes after so many wrong entries, in seconds: 0, then 60, doubling up to a day. */
export function keypadWaitS(wrong: number): number {
  if (wrong < WRONG_ENTRIES_FREE) return 0;
  return Math.min(KEYPAD_WAIT_MAX_S, KEYPAD_WAIT_FIRST_S * 2 ** (wrong - WRONG_ENTRIES_FREE));
}

/** The keypad at `nowMs`: for each whole day without a wrong entry one is forgotten. The caller stores a lower `wrong`. */
export function keypadAt(keypad: Keypad, nowMs: number): Keypad {
  const days = Math.floor((nowMs - keypad.quietSinceMs) / (KEYPAD_FORGETS_S * 1000));
  if (days <= 0 || keypad.wrong === 0) return keypad;
  return {
    ...keypad,
    wrong: Math.max(0, keypad.wrong - days),
    quietSinceMs: keypad.quietSinceMs + days * KEYPAD_FORGETS_S * 1000,
  };
}

/** When {@link keypadAt} forgets next, or undefined when there is nothing to forget. */
export function keypadForgetsMs(keypad: Keypad): number | undefined {
  return keypad.wrong === 0 ? undefined : keypad.quietSinceMs + KEYPAD_FORGETS_S * 1000;
}

/** Whether entries are looked at. */
export function keypadOpen(keypad: Keypad, nowMs: number): boolean {
  return nowMs >= keypad.closedUntilMs;
}

/** After a wrong entry; `wrong` must be in flash before the keypad shows anything. A right entry changes nothing. */
export function wrongEntry(keypad: Keypad, nowMs: number): Keypad {
  const wrong = Math.min(WRONG_ENTRIES_MAX, keypadAt(keypad, nowMs).wrong + 1);
  return { wrong, closedUntilMs: nowMs + keypadWaitS(wrong) * 1000, quietSinceMs: nowMs };
}
