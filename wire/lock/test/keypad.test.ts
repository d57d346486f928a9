import { encodeScheduleTable, offlinePin, onlinePinVerifier } from '@cardea/wire-access';
import type { AccessChange, OnlinePin } from '@cardea/wire-profile';
import { describe, expect, it } from 'vitest';
import { initialDevice, lockIdOf, METHOD, RESULT } from '../src/index.ts';
import { boundPair, type PairBench } from './controller-bench.ts';
import { IDENTIFIER, poweredLock, primitives, START_UNIX_S } from './device-bench.ts';
import { bundleOf, grantFor, newPhone, Tap } from './phone-bench.ts';

const PIN = '482905';
const HOUR_MS = 3_600_000;

function tell(pair: PairBench, change: AccessChange): void {
  const attempt = `own ${pair.effects.length}`;
  pair.input({ kind: 'access-change', attempt, class: 'manage', expiresAtMs: pair.unixMs + 30_000, change });
  pair.deliver();
  expect(pair.outcomes(attempt)).toMatchObject([{ kind: 'succeeded' }]);
}

const keyOf = (pair: PairBench) => pair.record!.active!.reveal();

/** A bound lock with an online PIN in slot 7. */
function keypad(change: Partial<OnlinePin> = {}): PairBench {
  const pair = boundPair();
  const verifier = onlinePinVerifier(primitives, keyOf(pair), PIN);
  const window = { notBeforeS: START_UNIX_S - 60, notAfterS: START_UNIX_S + 86_400 * 30 };
  tell(pair, { kind: 'pin', pin: { slot: 7, verifier, ...window, scheduleNumber: 0, uses: 0, ...change } });
  return pair;
}

/** An entry; whether the bolt moved. */
function enter({ lock }: PairBench, code: string): boolean {
  lock.input({ kind: 'code', code });
  if (lock.state.acting === undefined) return false;
  lock.act();
  return true;
}

const last = ({ lock }: PairBench) => lock.durable.events.at(-1);
const wrongly = (pair: PairBench, times: number) => {
  for (let i = 0; i < times; i++) expect(enter(pair, String(100_000 + i))).toBe(false);
};

describe('online PINs', () => {
  it('open, and the event names the slot and never the digits', () => {
    const pair = keypad();
    expect(enter(pair, PIN)).toBe(true);
    expect(last(pair)).toMatchObject({ code: 'unlocked', actor: 7, detail: METHOD.onlinePin });
  });
  it.each([
    ['before their window', { notBeforeS: START_UNIX_S + 3_600 }, 'expired'],
    ['after it', { notAfterS: START_UNIX_S - 1, notBeforeS: 1 }, 'expired'],
    ['outside their schedule', { scheduleNumber: 9 }, 'outside_schedule'],
  ] as const)('do not open %s, which is no wrong entry', (_, change, result) => {
    const pair = keypad(change);
    expect(enter(pair, PIN)).toBe(false);
    expect(last(pair)).toMatchObject({ code: 'refused', detail: RESULT[result] });
    expect(pair.lock.state.keypad.wrong).toBe(0);
  });
  it('with a number of uses are counted in flash before the bolt moves', () => {
    const pair = keypad({ uses: 1 });
    pair.lock.holdWrites = true;
    pair.lock.input({ kind: 'code', code: PIN });
    expect(pair.lock.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
    pair.lock.holdWrites = false;
    pair.lock.flush();
    pair.lock.act();
    expect(enter(pair, PIN)).toBe(false);
    expect(last(pair)).toMatchObject({ detail: RESULT.spent });
  });
  it('that are removed are wrong entries', () => {
    const pair = keypad();
    tell(pair, { kind: 'pin-removed', slot: 7 });
    expect(enter(pair, PIN)).toBe(false);
    expect(pair.lock.state.keypad.wrong).toBe(1);
  });
  it('open by their schedule', () => {
    const pair = keypad({ scheduleNumber: 2 });
    const table = encodeScheduleTable({
      ...{ number: 2, validUntilS: START_UNIX_S + 86_400, baseOffsetMin: 0, transitions: [], special: [] },
      weekly: [{ days: 0x7f, startMin: 0, endMin: 1440 }],
    });
    tell(pair, { kind: 'schedule', number: 2, table });
    expect(enter(pair, PIN)).toBe(true);
  });
});

describe('offline PINs', () => {
  const pinOf = (pair: PairBench, generation: number, startS = START_UNIX_S) =>
    offlinePin(primitives, keyOf(pair), lockIdOf(IDENTIFIER), { generation, kind: 0, startS });
  it('open in their window, without the lock having been told of them', () => {
    const pair = boundPair();
    const pin = pinOf(pair, 0);
    expect(enter(pair, pin)).toBe(true);
    expect(last(pair)).toMatchObject({ code: 'unlocked', actor: 0, detail: METHOD.offlinePin });
    pair.pass(3 * HOUR_MS);
    expect(enter(pair, pin)).toBe(false);
  });
  it('of the next generation raise it, which kills those of the former; two generations ahead are wrong', () => {
    const pair = boundPair();
    expect(enter(pair, pinOf(pair, 2))).toBe(false);
    expect(enter(pair, pinOf(pair, 1))).toBe(true);
    expect(pair.lock.durable.access.series).toEqual([{ series: 0, generation: 1 }]);
    expect(pair.lock.durable.events.slice(-2)).toMatchObject([
      { code: 'generation_raised', actor: 1, detail: 0 },
      { code: 'unlocked' },
    ]);
    expect(enter(pair, pinOf(pair, 0))).toBe(false);
  });
});

describe('wrong entries', () => {
  it('the fifth closes the keypad for 60 s, each further one twice as long; entries meanwhile are not looked at', () => {
    const pair = keypad();
    wrongly(pair, 4);
    expect(last(pair)).toMatchObject({ code: 'refused', detail: 33 });
    expect(pair.lock.durable.events.some(({ code }) => code === 'keypad_closed')).toBe(false);
    expect(enter(pair, PIN)).toBe(true);
    wrongly(pair, 1);
    expect(last(pair)).toMatchObject({ code: 'keypad_closed', actor: 60 });
    expect(enter(pair, PIN)).toBe(false);
    wrongly(pair, 10);
    expect(pair.lock.state.keypad.wrong).toBe(5);
    pair.pass(60_000);
    expect(enter(pair, PIN)).toBe(true);
    wrongly(pair, 1);
    expect(last(pair)).toMatchObject({ code: 'keypad_closed', actor: 120 });
  });
  it('are in flash, so that a restart gives no fresh tries', () => {
    const pair = keypad();
    wrongly(pair, 5);
    pair.lock.reboot();
    expect(pair.lock.state.keypad).toMatchObject({ wrong: 5, closedUntilMs: 60_000 });
    pair.lock.pass(61_000);
    wrongly(pair, 1);
    // The clock is uncertain after the restart, so no entry was looked at: none was right and none wrong.
    expect(pair.lock.state.keypad.wrong).toBe(5);
  });
  it('one is forgotten for each day without any', () => {
    const pair = keypad();
    wrongly(pair, 3);
    pair.lock.pass(24 * HOUR_MS);
    expect(pair.lock.durable.access.keypadWrong).toBe(2);
    pair.lock.pass(48 * HOUR_MS);
    expect(pair.lock.durable.access.keypadWrong).toBe(0);
  });
  it('are forgotten when staff have looked', () => {
    const pair = keypad();
    wrongly(pair, 5);
    tell(pair, { kind: 'pin-removed', slot: 9 });
    expect(enter(pair, PIN)).toBe(false);
    tell(pair, { kind: 'keypad-reopened' });
    expect(enter(pair, PIN)).toBe(true);
    expect(pair.lock.durable.access.keypadWrong).toBe(0);
  });
  it('keep out no phone and no command', () => {
    const pair = keypad();
    wrongly(pair, 5);
    const phone = newPhone();
    const tap = new Tap(pair.lock, phone, bundleOf(keyOf(pair), grantFor(phone)));
    expect(tap.run()).toMatchObject({ receipt: { result: 'done' } });
    pair.operate('unlock');
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
  });
});

it('the wait after a restart is counted from the restart, whatever the monotonic timer shows', () => {
  const pair = keypad();
  wrongly(pair, 5);
  const { durable, who, status } = pair.lock;
  pair.lock.monotonicMs = 7 * HOUR_MS;
  pair.lock.state = initialDevice(who, durable);
  pair.lock.input({ kind: 'powered-on', status });
  expect(pair.lock.state.keypad).toMatchObject({ wrong: 5, closedUntilMs: 7 * HOUR_MS + 60_000 });
});

it('while the bolt moves, and at a lock that is not bound, no entry is looked at', () => {
  const pair = keypad();
  pair.lock.input({ kind: 'code', code: PIN });
  for (let i = 0; i < 6; i++) pair.lock.input({ kind: 'code', code: '999999' });
  expect(pair.lock.state.keypad.wrong).toBe(0);
  pair.lock.act();
  const unbound = poweredLock();
  const writes = unbound.effects.length;
  unbound.input({ kind: 'code', code: '999999' });
  expect(unbound.effects).toHaveLength(writes);
});

it('while privacy is on no entry is looked at', () => {
  const pair = keypad();
  pair.lock.status = { ...pair.lock.status, bits: { ...pair.lock.status.bits, privacy: true } };
  pair.lock.input({ kind: 'status', status: pair.lock.status });
  expect(enter(pair, PIN)).toBe(false);
  expect(last(pair)).toMatchObject({ code: 'refused', detail: RESULT.privacy });
  wrongly(pair, 7);
  expect(pair.lock.state.keypad.wrong).toBe(0);
});

it('a reset forgets PINs and what was entered wrongly', () => {
  const pair = keypad();
  wrongly(pair, 5);
  pair.lock.input({ kind: 'factory-reset' });
  expect(pair.lock.durable.access).toMatchObject({ pins: [], keypadWrong: 0 });
  expect(pair.lock.state.keypad.wrong).toBe(0);
});
