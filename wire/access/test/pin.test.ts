import { createHmac } from 'node:crypto';
import { nodePrimitives as primitives } from '@cardea/kit-node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bootKeypad,
  type Keypad,
  keypadAt,
  keypadForgetsMs,
  keypadOpen,
  keypadWaitS,
  offlinePin,
  offlinePinGeneration,
  offlinePinKey,
  onlinePinVerifier,
  PIN_WINDOWS,
  pinWindow,
  truncate,
  WRONG_ENTRIES_MAX,
  wrongEntry,
} from '../src/index.ts';
import { BINDING_KEY, LOCK_ID, NOW_S, OTHER_LOCK_ID, rising } from './samples.ts';

const HOUR_S = 3_600;
const DAY_S = 86_400;
const DAY_MS = DAY_S * 1000;
const YEAR_MS = 365 * DAY_MS;

describe('RFC 4226 truncation', () => {
  test('gives the values of appendix D for HMAC-SHA-1', () => {
    const expected = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
    for (const [count, value] of expected.entries()) {
      const counter = Buffer.alloc(8);
      counter.writeUInt32BE(count, 4);
      const hash = createHmac('sha1', '12345678901234567890').update(counter).digest();
      expect(truncate(new Uint8Array(hash), 6)).toBe(value);
    }
  });

  test('over SHA-256 takes its place from the last octet, as RFC 6238 appendix B has it', () => {
    const counter = Buffer.alloc(8);
    counter.writeUInt32BE(1, 4);
    const hash = createHmac('sha256', '12345678901234567890123456789012').update(counter).digest();
    expect(truncate(new Uint8Array(hash), 8)).toBe('46119246');
  });
});

/** The page read once more, by another hand: the window of every index at `nowS`. */
function windowByPage(index: number, nowS: number): { startS: number; endS: number } | undefined {
  const k = Math.floor(index / 250);
  const stepS = k < 2 ? HOUR_S : DAY_S;
  const lengthS = [3 * HOUR_S, DAY_S, 7 * DAY_S, 28 * DAY_S][k] ?? 0;
  const epochS = Date.UTC(2024, 0, 1) / 1000;
  for (let startS = nowS - ((nowS - epochS) % stepS); startS >= epochS; startS -= stepS) {
    if (((startS - epochS) / stepS) % 250 === index % 250) return { startS, endS: startS + lengthS };
  }
  return undefined;
}

describe('offline PIN', () => {
  const anyWindow = fc.record({
    kind: fc.constantFrom(0, 1, 2, 3) as fc.Arbitrary<0 | 1 | 2 | 3>,
    steps: fc.integer({ min: 0, max: 29_000 }),
    generation: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  });
  const startOf = (kind: number, steps: number): number => 1_704_067_200 + steps * (kind < 2 ? HOUR_S : DAY_S);

  test('opens in all of its window and never after it', () => {
    fc.assert(
      fc.property(anyWindow, ({ kind, steps, generation, at }) => {
        const startS = startOf(kind, steps);
        const lengthS = PIN_WINDOWS[kind]?.lengthS ?? 0;
        const pin = offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation, kind, startS });
        expect(pin).toMatch(/^[0-9]{10}$/);
        const tried = (nowS: number): number | undefined =>
          offlinePinGeneration(primitives, BINDING_KEY, LOCK_ID, generation, pin, nowS);
        expect(tried(startS)).toBe(generation);
        expect(tried(startS + Math.floor(at * lengthS))).toBe(generation);
        expect(tried(startS + lengthS - 1)).toBe(generation);
        expect(tried(startS + lengthS)).toBeUndefined();
        expect(pinWindow(pin, startS - 1)?.startS).not.toBe(startS);
      }),
    );
  });

  test('means the window that the page says, for every index at any time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 1_704_067_200, max: 2 ** 32 - 1 }),
        (index, nowS) => {
          const found = pinWindow(`${String(index).padStart(3, '0')}0000000`, nowS);
          const expected = windowByPage(index, nowS);
          expect(found && { startS: found.startS, endS: found.endS }).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is tried under the lock’s generation and the next one, and no other', () => {
    for (const [made, right] of [
      [4, undefined],
      [5, 5],
      [6, 6],
      [7, undefined],
    ] as const) {
      const pin = offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation: made, kind: 1, startS: NOW_S });
      expect(offlinePinGeneration(primitives, BINDING_KEY, LOCK_ID, 5, pin, NOW_S)).toBe(right);
    }
  });

  test('the last generation of all has no next one', () => {
    const last = 2 ** 32 - 1;
    const pin = offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation: last, kind: 1, startS: NOW_S });
    expect(offlinePinGeneration(primitives, BINDING_KEY, LOCK_ID, last, pin, NOW_S)).toBe(last);
    expect(offlinePinGeneration(primitives, BINDING_KEY, LOCK_ID, last, `${pin.slice(0, 9)}x`, NOW_S)).toBeUndefined();
    expect(offlinePinGeneration(primitives, BINDING_KEY, LOCK_ID, last, '2500000000', NOW_S)).toBeUndefined();
  });

  test('is of one lock', () => {
    const pin = offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation: 5, kind: 1, startS: NOW_S });
    expect(offlinePinGeneration(primitives, BINDING_KEY, OTHER_LOCK_ID, 5, pin, NOW_S)).toBeUndefined();
    expect(offlinePinGeneration(primitives, rising(0, 16), LOCK_ID, 5, pin, NOW_S)).toBeUndefined();
  });

  test('a start that is not on its step is refused', () => {
    const pinOf = (kind: 0 | 2, startS: number) => () =>
      offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation: 1, kind, startS });
    expect(pinOf(0, NOW_S + 1)).toThrow('hour or day');
    expect(pinOf(2, NOW_S)).toThrow('hour or day');
    expect(pinOf(0, 1_704_067_200 - HOUR_S)).toThrow('hour or day');
  });

  test('what is not ten digits is no window', () => {
    for (const entry of ['', '123456789', '12345678901', '123456789a', '-123456789', '1e3.456789']) {
      expect(pinWindow(entry, NOW_S)).toBeUndefined();
    }
  });

  test('the key depends on the generation’s every octet', () => {
    const keys = [0, 1, 0x100, 0x1_0000, 0x100_0000].map((g) => offlinePinKey(primitives, BINDING_KEY, g).join());
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('online PIN', () => {
  test('is kept as a keyed hash: the same PIN in the same lock, nothing else', () => {
    const verifier = onlinePinVerifier(primitives, BINDING_KEY, '482913');
    expect(verifier).toHaveLength(32);
    expect(onlinePinVerifier(primitives, BINDING_KEY, '482913')).toEqual(verifier);
    expect(onlinePinVerifier(primitives, BINDING_KEY, '482914')).not.toEqual(verifier);
    expect(onlinePinVerifier(primitives, rising(0, 16), '482913')).not.toEqual(verifier);
    for (const pin of ['123', '1234567890', '12a4', ''])
      expect(() => onlinePinVerifier(primitives, BINDING_KEY, pin)).toThrow('4 to 9');
  });
});

describe('keypad', () => {
  /** Enters wrong codes by a strategy for `spanMs`; answers how many were looked at. */
  function guesses(spanMs: number, pauseMs: (keypad: Keypad, nowMs: number) => number): number {
    let nowMs = 0;
    let keypad = bootKeypad(0, nowMs);
    let count = 0;
    for (;;) {
      nowMs = Math.max(nowMs, keypad.closedUntilMs);
      nowMs += pauseMs(keypadAt(keypad, nowMs), nowMs);
      if (nowMs > spanMs) return count;
      if (!keypadOpen(keypad, nowMs)) continue;
      keypad = wrongEntry(keypad, nowMs);
      count++;
    }
  }

  test('closes after 5 wrong entries for 60 s, and for twice as long with each further one, up to a day', () => {
    const waits = Array.from({ length: WRONG_ENTRIES_MAX + 1 }, (_, wrong) => keypadWaitS(wrong));
    expect(waits).toEqual([0, 0, 0, 0, 0, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 30_720, 61_440, 86_400]);
  });

  test('forgets one wrong entry for each whole day without one, and says when', () => {
    const keypad = wrongEntry(bootKeypad(7, 0), 0);
    expect(keypad.wrong).toBe(8);
    expect(keypadAt(keypad, DAY_MS - 1).wrong).toBe(8);
    expect(keypadForgetsMs(keypad)).toBe(DAY_MS);
    expect(keypadAt(keypad, DAY_MS).wrong).toBe(7);
    expect(keypadAt(keypadAt(keypad, DAY_MS), 2.5 * DAY_MS).wrong).toBe(6);
    expect(keypadAt(keypad, 100 * DAY_MS).wrong).toBe(0);
    expect(keypadForgetsMs(keypadAt(keypad, 100 * DAY_MS))).toBeUndefined();
  });

  test('a restart begins the wait anew and forgets nothing', () => {
    const closed = wrongEntry(bootKeypad(9, 0), 0);
    const booted = bootKeypad(closed.wrong, 5_000);
    expect(keypadOpen(booted, 5_000 + keypadWaitS(10) * 1000 - 1)).toBe(false);
    expect(keypadOpen(booted, 5_000 + keypadWaitS(10) * 1000)).toBe(true);
    expect(booted.quietSinceMs).toBe(5_000);
  });

  test('a guess succeeds about 4e-5 a year and door, 8e-5 while the next generation is tried too', () => {
    // Each of 1,000 indexes has at most one right code of 10^7 at a time, under each generation.
    const greedy = guesses(YEAR_MS, () => 0);
    expect(greedy * 1e-7).toBeGreaterThan(3.5e-5);
    expect(greedy * 1e-7).toBeLessThan(4e-5);
    expect(greedy * 2e-7).toBeLessThan(8e-5);
  });

  test('no way to wait gains a guesser more than that', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 * DAY_MS }), { minLength: 1, maxLength: 40 }), (pauses) => {
        let at = 0;
        expect(guesses(YEAR_MS, () => pauses[at++ % pauses.length] ?? 0)).toBeLessThan(400);
      }),
    );
    // Waiting until all is forgotten, then spending all at once, is no better either.
    for (const calm of [0, 1, 3, 5, 8]) {
      const patient = guesses(YEAR_MS, (keypad) => (keypad.wrong > calm + 5 ? (keypad.wrong - calm) * DAY_MS : 0));
      expect(patient).toBeLessThan(400);
    }
  });
});
