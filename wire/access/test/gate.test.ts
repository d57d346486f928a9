import { nodePrimitives as primitives } from '@cardea/kit-node';
import { concat } from '@cardea/kit-octets';
import type { OfflineGrant, OnlinePin, Order } from '@cardea/wire-profile';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AccessDelta,
  AccessError,
  type AccessRecord,
  type Admission,
  admitKey,
  admitPin,
  applyDeltas,
  bootKeypad,
  DENIED_KEPT_MAX,
  decideChange,
  decodeAccessRecord,
  decodeDeltas,
  EMPTY_ACCESS,
  encodeAccessRecord,
  encodeDeltas,
  encodeScheduleTable,
  forgetWrongEntries,
  type GateClock,
  generationOf,
  isDenied,
  type Keypad,
  modeAt,
  offlinePin,
  onlinePinVerifier,
  type PinContext,
  SCHEDULES_KEPT_MAX,
  type ScheduleTable,
  SERIES_KEPT_MAX,
  USES_KEPT_MAX,
} from '../src/index.ts';
import { anyChange, anyGrant, anyOrder, BINDING_KEY, grantOf, LOCK_ID, NOW_S, point, rising } from './samples.ts';

const CLOCK: GateClock = { state: 'valid', timeS: NOW_S, floorS: NOW_S - 600 };
const UNCERTAIN: GateClock = { ...CLOCK, state: 'uncertain' };
const idOf = (n: number): Uint8Array => concat(new Uint8Array(14), Uint8Array.of(n >> 8, n));

const reasonOf = (admission: Admission): string => (admission.kind === 'refused' ? admission.reason : admission.kind);
const tried = (record: AccessRecord, patch: Partial<OfflineGrant> = {}, clock = CLOCK): string =>
  reasonOf(admitKey(record, clock, { grant: grantOf(patch), operation: 'unlock', privacy: false }));
const after = (record: AccessRecord, ...changes: Parameters<typeof decideChange>[1][]): AccessRecord =>
  changes.reduce((now, change) => {
    const { result, deltas } = decideChange(now, change, CLOCK.floorS);
    expect(result).toBe('done');
    return applyDeltas(now, deltas);
  }, record);
const orderOf = (patch: Partial<Order>): Parameters<typeof decideChange>[1] => ({
  kind: 'order',
  order: { orderNo: 1, series: [], denied: [], ...patch },
});
const alwaysOpen = (number: number, patch: Partial<ScheduleTable> = {}): Uint8Array =>
  encodeScheduleTable({
    number,
    validUntilS: NOW_S + 1_000_000,
    baseOffsetMin: 0,
    transitions: [],
    weekly: [{ days: 0x7f, startMin: 0, endMin: 1440 }],
    special: [],
    ...patch,
  });

describe('a key at the gate', () => {
  test('opens within its window and lease', () => {
    expect(tried(EMPTY_ACCESS)).toBe('admitted');
    for (const [patch, reason] of [
      [{ notBeforeS: NOW_S + 1 }, 'expired'],
      [{ notBeforeS: NOW_S }, 'admitted'],
      [{ notAfterS: NOW_S }, 'expired'],
      [{ notAfterS: NOW_S + 1 }, 'admitted'],
      [{ leaseEndS: NOW_S }, 'expired'],
      [{ leaseEndS: NOW_S + 1 }, 'admitted'],
      [{ operations: ['lock'] }, 'not_permitted'],
    ] as const) {
      expect(tried(EMPTY_ACCESS, patch as Partial<OfflineGrant>)).toBe(reason);
    }
  });

  test('with a clock that is not valid only a grant without a clock opens, unless it is over by the floor', () => {
    expect(tried(EMPTY_ACCESS, {}, UNCERTAIN)).toBe('clock');
    expect(tried(EMPTY_ACCESS, {}, { ...CLOCK, state: 'unset', floorS: 0 })).toBe('clock');
    expect(tried(EMPTY_ACCESS, { noClock: true }, UNCERTAIN)).toBe('admitted');
    expect(tried(EMPTY_ACCESS, { noClock: true, scheduleNumber: 9 }, UNCERTAIN)).toBe('admitted');
    expect(tried(EMPTY_ACCESS, { noClock: true, leaseEndS: CLOCK.floorS }, UNCERTAIN)).toBe('expired');
    expect(tried(EMPTY_ACCESS, { noClock: true, leaseEndS: CLOCK.floorS + 1 }, UNCERTAIN)).toBe('admitted');
    expect(tried(EMPTY_ACCESS, { noClock: true, notAfterS: CLOCK.floorS }, UNCERTAIN)).toBe('expired');
    expect(tried(EMPTY_ACCESS, { noClock: true, notAfterS: CLOCK.floorS + 1 }, UNCERTAIN)).toBe('admitted');
    expect(tried(EMPTY_ACCESS, { noClock: true, leaseEndS: NOW_S - 1 })).toBe('expired');
  });

  test('of a lower generation is revoked, of a higher one raises the lock, and the former guest is out', () => {
    const newGuest = { grantId: rising(9, 16), generation: 4 };
    const record = after(EMPTY_ACCESS, orderOf({ series: [{ series: 1, generation: 3 }] }));
    expect(tried(record)).toBe('admitted');
    const admission = admitKey(record, CLOCK, { grant: grantOf(newGuest), operation: 'unlock', privacy: false });
    expect(admission).toMatchObject({ kind: 'admitted', raised: { series: 1, generation: 4 } });
    const raised = applyDeltas(record, admission.kind === 'admitted' ? admission.deltas : []);
    expect(generationOf(raised, 1)).toBe(4);
    expect(tried(raised)).toBe('revoked');
    expect(tried(raised, newGuest)).toBe('admitted');
    // Another series is untouched.
    expect(tried(raised, { series: 2 })).toBe('admitted');
  });

  test('that is refused raises nothing', () => {
    const admission = admitKey(EMPTY_ACCESS, CLOCK, {
      grant: grantOf({ generation: 9, notBeforeS: NOW_S + 5 }),
      operation: 'unlock',
      privacy: false,
    });
    expect(admission).toEqual({ kind: 'refused', reason: 'expired', actor: 0x30313233 });
  });

  test('that is denied is revoked, until its lease is over for certain', () => {
    const denied = [{ grantId: rising(0x30, 16), leaseEndS: NOW_S + 7_200 }];
    const record = after(EMPTY_ACCESS, orderOf({ denied }));
    expect(tried(record)).toBe('revoked');
    expect(tried(record, { grantId: rising(1, 16) })).toBe('admitted');
    const cleaned = applyDeltas(record, decideChange(record, { kind: 'forget' }, NOW_S + 7_200).deltas);
    expect(isDenied(cleaned, rising(0x30, 16))).toBe(false);
    // What the record has forgotten the floor still knows, even for a grant that asks no clock.
    const later = { state: 'uncertain', timeS: 0, floorS: NOW_S + 7_200 } as const;
    expect(tried(cleaned, { noClock: true }, later)).toBe('expired');
  });

  test('with a number of uses opens so often and no more, counted before the bolt moves', () => {
    let record = EMPTY_ACCESS;
    for (let use = 1; use <= 3; use++) {
      const admission = admitKey(record, CLOCK, { grant: grantOf({ uses: 3 }), operation: 'unlock', privacy: false });
      expect(admission.kind).toBe('admitted');
      record = applyDeltas(record, admission.kind === 'admitted' ? admission.deltas : []);
      expect(record.uses[0]?.used).toBe(use);
    }
    expect(tried(record, { uses: 3 })).toBe('spent');
    // Locking is no use, before and after.
    for (const each of [EMPTY_ACCESS, record]) {
      const locked = admitKey(each, CLOCK, { grant: grantOf({ uses: 3 }), operation: 'lock', privacy: false });
      expect(locked).toMatchObject({ kind: 'admitted', deltas: each === record ? [] : [{ kind: 'raised' }] });
    }
    // The same grant, sealed anew with a later lease, has no uses more.
    expect(tried(record, { uses: 3, leaseEndS: NOW_S + 9_999 })).toBe('spent');
  });

  test('with a schedule opens while it is open; one that the lock does not hold is shut', () => {
    const record = after(
      EMPTY_ACCESS,
      { kind: 'schedule', number: 7, table: alwaysOpen(7) },
      { kind: 'schedule', number: 8, table: alwaysOpen(8, { weekly: [] }) },
      { kind: 'schedule', number: 9, table: alwaysOpen(9, { validUntilS: NOW_S }) },
    );
    expect(tried(record, { scheduleNumber: 7 })).toBe('admitted');
    for (const scheduleNumber of [8, 9, 10]) expect(tried(record, { scheduleNumber })).toBe('outside_schedule');
    const removed = after(record, { kind: 'schedule', number: 7, table: undefined });
    expect(tried(removed, { scheduleNumber: 7 })).toBe('outside_schedule');
  });

  test('in a lockdown and under privacy only override opens; locking is always good', () => {
    const lockdown = after(EMPTY_ACCESS, { kind: 'mode', mode: 'lockdown', untilS: 0 });
    const grant = grantOf({ operations: ['unlock', 'lock', 'override'] });
    for (const [record, privacy, reason] of [
      [lockdown, false, 'lockdown'],
      [EMPTY_ACCESS, true, 'privacy'],
    ] as const) {
      expect(reasonOf(admitKey(record, CLOCK, { grant, operation: 'unlock', privacy }))).toBe(reason);
      expect(reasonOf(admitKey(record, CLOCK, { grant, operation: 'override', privacy }))).toBe('admitted');
      expect(reasonOf(admitKey(record, CLOCK, { grant, operation: 'lock', privacy }))).toBe('admitted');
    }
  });

  test('a mode ends at its time; without a valid clock passage is over and a lockdown is not', () => {
    const passage = after(EMPTY_ACCESS, { kind: 'mode', mode: 'passage', untilS: NOW_S + 10 });
    const lockdown = after(EMPTY_ACCESS, { kind: 'mode', mode: 'lockdown', untilS: NOW_S + 10 });
    expect(modeAt(passage, CLOCK)).toBe('passage');
    expect(modeAt(lockdown, CLOCK)).toBe('lockdown');
    const later = { ...CLOCK, timeS: NOW_S + 10 };
    expect([modeAt(passage, later), modeAt(lockdown, later)]).toEqual(['normal', 'normal']);
    const lost = { ...later, state: 'uncertain' } as const;
    expect([modeAt(passage, lost), modeAt(lockdown, lost)]).toEqual(['normal', 'lockdown']);
  });
});

describe('attack 16: one more than full', () => {
  const full = <T>(size: number, of: (i: number) => T): T[] => Array.from({ length: size }, (_, i) => of(i));

  test('an order that finds no room is not taken at all, and nothing denied is overwritten', () => {
    const batch = (from: number, size: number, leaseEndS = NOW_S + 9_999) =>
      full(size, (i) => ({ grantId: idOf(from + i), leaseEndS }));
    let record = after(
      EMPTY_ACCESS,
      orderOf({ orderNo: 1, denied: batch(0, 40) }),
      orderOf({ orderNo: 2, denied: batch(40, 24) }),
    );
    expect(record.denied).toHaveLength(DENIED_KEPT_MAX);
    const more = orderOf({ orderNo: 3, series: [{ series: 1, generation: 8 }], denied: batch(64, 1) });
    expect(decideChange(record, more, CLOCK.floorS)).toEqual({ result: 'full', deltas: [] });
    for (let i = 0; i < 64; i++) expect(tried(record, { grantId: idOf(i) })).toBe('revoked');
    // What is denied already takes no room, and what is over by the floor gives it back.
    record = after(record, orderOf({ orderNo: 3, denied: batch(10, 5, NOW_S + 20_000) }));
    const { result, deltas } = decideChange(
      record,
      orderOf({ orderNo: 4, denied: batch(64, 1, NOW_S + 30_000) }),
      NOW_S + 10_000,
    );
    expect(result).toBe('done');
    expect(applyDeltas(record, deltas).denied).toHaveLength(6);
  });

  test('more series than it keeps are refused, by order and by key', () => {
    const series = full(SERIES_KEPT_MAX, (i) => ({ series: 100 + i, generation: 1 }));
    const record = after(EMPTY_ACCESS, orderOf({ series }));
    const more = orderOf({ orderNo: 2, series: [{ series: 1, generation: 1 }] });
    expect(decideChange(record, more, 0).result).toBe('full');
    expect(tried(record, { generation: 1 })).toBe('full');
    expect(tried(record, { generation: 0 })).toBe('admitted');
    expect(tried(record, { series: 100, generation: 2 })).toBe('admitted');
  });

  test('a grant with uses that cannot be counted does not open, and no counter is lost', () => {
    let record = EMPTY_ACCESS;
    for (let i = 0; i < USES_KEPT_MAX; i++) {
      const grant = grantOf({ grantId: idOf(i), uses: 1 });
      const admission = admitKey(record, CLOCK, { grant, operation: 'unlock', privacy: false });
      record = applyDeltas(record, admission.kind === 'admitted' ? admission.deltas : []);
    }
    expect(tried(record, { grantId: idOf(64), uses: 1 })).toBe('full');
    expect(tried(record, { grantId: idOf(64) })).toBe('admitted');
    for (let i = 0; i < USES_KEPT_MAX; i++) expect(tried(record, { grantId: idOf(i), uses: 1 })).toBe('spent');
    const later = { ...CLOCK, timeS: NOW_S + 90_000, floorS: NOW_S + 86_400 };
    const next = { grantId: idOf(64), uses: 1, notAfterS: NOW_S + 99_999, leaseEndS: NOW_S + 99_999 };
    expect(tried(record, next, later)).toBe('admitted');
  });

  test('a seventeenth schedule, or tables too long together, are refused', () => {
    let record = EMPTY_ACCESS;
    for (let i = 1; i <= SCHEDULES_KEPT_MAX; i++) {
      record = after(record, { kind: 'schedule', number: i, table: alwaysOpen(i) });
    }
    const more = { kind: 'schedule', number: 17, table: alwaysOpen(17) } as const;
    expect(decideChange(record, more, 0)).toEqual({ result: 'full', deltas: [] });
    after(record, { kind: 'schedule', number: 16, table: alwaysOpen(16, { weekly: [] }) });
    expect(record.schedules.map(({ number }) => number)).toEqual(full(16, (i) => i + 1));
    const special = full(135, (i) => ({ day: i, windows: [{ startMin: 0, endMin: 1 }] }));
    const big = (number: number) => ({ kind: 'schedule', number, table: alwaysOpen(number, { special }) }) as const;
    let large = EMPTY_ACCESS;
    for (let i = 1; i <= 8; i++) large = after(large, big(i));
    expect(decideChange(large, big(9), 0).result).toBe('full');
  });

  test('a slot is not taken from a PIN that may still open', () => {
    const record = after(EMPTY_ACCESS, { kind: 'pin', pin: pinOf('1111') });
    expect(decideChange(record, { kind: 'pin', pin: pinOf('2222') }, CLOCK.floorS).result).toBe('full');
    expect(decideChange(record, { kind: 'pin', pin: pinOf('1111', { uses: 4 }) }, CLOCK.floorS).result).toBe('done');
    expect(decideChange(record, { kind: 'pin', pin: pinOf('2222') }, NOW_S + 3_599).result).toBe('full');
    expect(decideChange(record, { kind: 'pin', pin: pinOf('2222') }, NOW_S + 3_600).result).toBe('done');
    after(record, { kind: 'pin-removed', slot: 5 }, { kind: 'pin', pin: pinOf('2222') });
  });
});

describe('PINs in their slots', () => {
  const three = after(
    EMPTY_ACCESS,
    ...[9, 2, 5].map((slot) => ({ kind: 'pin', pin: pinOf(`111${slot}`, { slot }) }) as const),
  );

  test('changing, using or removing one leaves the others as they are', () => {
    expect(three.pins.map(({ pin }) => pin.slot)).toEqual([2, 5, 9]);
    const longer = after(three, { kind: 'pin', pin: pinOf('1115', { slot: 5, notAfterS: NOW_S + 9_000 }) });
    expect(longer.pins.map(({ pin }) => [pin.slot, pin.notAfterS - NOW_S])).toEqual([
      [2, 3_600],
      [5, 9_000],
      [9, 3_600],
    ]);
    const used = applyDeltas(three, [{ kind: 'pin-used', slot: 9, used: 4 }]);
    expect(used.pins.map((each) => each.used)).toEqual([0, 0, 4]);
    expect(after(three, { kind: 'pin-removed', slot: 2 }).pins.map(({ pin }) => pin.slot)).toEqual([5, 9]);
  });

  test('are forgotten once the floor is past their window, and not before', () => {
    const forgotten = (floorS: number) => applyDeltas(three, decideChange(three, { kind: 'forget' }, floorS).deltas);
    expect(forgotten(NOW_S + 3_599).pins).toHaveLength(3);
    expect(forgotten(NOW_S + 3_600).pins).toHaveLength(0);
  });

  test('the same PIN in two slots opens by the one that may', () => {
    const record = after(
      EMPTY_ACCESS,
      { kind: 'pin', pin: pinOf('482913', { slot: 1, notAfterS: NOW_S }) },
      { kind: 'pin', pin: pinOf('482913', { slot: 2 }) },
    );
    const context = { primitives, bindingKey: BINDING_KEY, lockId: LOCK_ID, nowMs: 0, clock: CLOCK, privacy: false };
    expect(admitPin(context, record, bootKeypad(0, 0), '482913')).toMatchObject({ kind: 'admitted', actor: 2 });
  });
});

describe('orders', () => {
  const first = orderOf({
    orderNo: 5,
    series: [{ series: 1, generation: 4 }],
    denied: [{ grantId: idOf(1), leaseEndS: NOW_S + 5 }],
  });

  test('count up: the same again is done and changes nothing, a lower one is superseded', () => {
    const record = after(EMPTY_ACCESS, first);
    expect(record.orderNo).toBe(5);
    expect(decideChange(record, first, 0)).toEqual({ result: 'done', deltas: [] });
    expect(decideChange(record, orderOf({ orderNo: 4 }), 0)).toEqual({ result: 'superseded', deltas: [] });
  });

  test('add: they take nothing back and lower no generation', () => {
    const record = after(
      EMPTY_ACCESS,
      first,
      orderOf({
        orderNo: 6,
        series: [
          { series: 1, generation: 2 },
          { series: 3, generation: 1 },
        ],
        denied: [{ grantId: idOf(1), leaseEndS: NOW_S }],
      }),
    );
    expect(generationOf(record, 1)).toBe(4);
    expect(generationOf(record, 3)).toBe(1);
    expect(record.denied).toEqual([{ grantId: idOf(1), leaseEndS: NOW_S + 5 }]);
  });

  test('in any order and with losses, generations and the order number only ever rise', () => {
    fc.assert(
      fc.property(fc.array(anyOrder, { maxLength: 8 }), fc.nat(2 ** 32 - 1), (orders, floorS) => {
        let record = EMPTY_ACCESS;
        for (const order of orders) {
          const { result, deltas } = decideChange(record, { kind: 'order', order }, floorS);
          const next = applyDeltas(record, deltas);
          expect(next.orderNo).toBeGreaterThanOrEqual(record.orderNo);
          for (const { series, generation } of record.series) {
            expect(generationOf(next, series)).toBeGreaterThanOrEqual(generation);
          }
          if (result === 'done') expect(next.orderNo).toBe(order.orderNo);
          else expect(next).toEqual(record);
          expect(decodeAccessRecord(encodeAccessRecord(next))).toEqual(next);
          record = next;
        }
      }),
    );
  });

  test('a table of another number, or none that this lock can read, is unsupported', () => {
    const change = (table: Uint8Array) => ({ kind: 'schedule', number: 3, table }) as const;
    expect(decideChange(EMPTY_ACCESS, change(alwaysOpen(4)), 0).result).toBe('unsupported');
    expect(decideChange(EMPTY_ACCESS, change(rising(2, 20)), 0).result).toBe('unsupported');
  });
});

function pinOf(pin: string, patch: Partial<OnlinePin> = {}): OnlinePin {
  return {
    slot: 5,
    verifier: onlinePinVerifier(primitives, BINDING_KEY, pin),
    notBeforeS: NOW_S - 60,
    notAfterS: NOW_S + 3_600,
    scheduleNumber: 0,
    uses: 0,
    ...patch,
  };
}

describe('a PIN at the gate', () => {
  const context: PinContext = {
    primitives,
    bindingKey: BINDING_KEY,
    lockId: LOCK_ID,
    nowMs: 0,
    clock: CLOCK,
    privacy: false,
  };
  const fresh = bootKeypad(0, 0);
  const startS = NOW_S - (NOW_S % 3_600);
  const offline = (generation: number) => offlinePin(primitives, BINDING_KEY, LOCK_ID, { generation, kind: 0, startS });
  const enter = (record: AccessRecord, entry: string, patch: Partial<PinContext> = {}, keypad: Keypad = fresh) =>
    admitPin({ ...context, ...patch }, record, keypad, entry);

  test('an online PIN opens in its window, by its schedule, as often as it may', () => {
    const record = after(EMPTY_ACCESS, { kind: 'pin', pin: pinOf('482913', { uses: 2 }) });
    const first = enter(record, '482913');
    expect(first).toMatchObject({ kind: 'admitted', method: 'online', actor: 5 });
    const once = applyDeltas(record, first.kind === 'admitted' ? first.deltas : []);
    const second = enter(once, '482913');
    expect(second.kind).toBe('admitted');
    const twice = applyDeltas(once, second.kind === 'admitted' ? second.deltas : []);
    expect(enter(twice, '482913')).toEqual({ kind: 'refused', reason: 'spent', actor: 5 });
    const late = { ...CLOCK, timeS: NOW_S + 3_600 };
    expect(enter(record, '482913', { clock: late })).toMatchObject({ kind: 'refused', reason: 'expired' });
    const scheduled = after(EMPTY_ACCESS, { kind: 'pin', pin: pinOf('482913', { scheduleNumber: 3 }) });
    expect(enter(scheduled, '482913')).toMatchObject({ kind: 'refused', reason: 'outside_schedule' });
  });

  test('a PIN sent again for a longer window keeps what it has used up', () => {
    const record = after(EMPTY_ACCESS, { kind: 'pin', pin: pinOf('482913', { uses: 1 }) });
    const used = applyDeltas(record, [{ kind: 'pin-used', slot: 5, used: 1 }]);
    const longer = after(used, { kind: 'pin', pin: pinOf('482913', { uses: 1, notAfterS: NOW_S + 9_000 }) });
    expect(enter(longer, '482913')).toMatchObject({ reason: 'spent' });
  });

  test('an offline PIN of the next generation raises the series and puts the former ones out', () => {
    const record = after(EMPTY_ACCESS, orderOf({ series: [{ series: 0, generation: 4 }] }));
    expect(enter(record, offline(4))).toMatchObject({ kind: 'admitted', method: 'offline', deltas: [] });
    const next = enter(record, offline(5));
    expect(next).toMatchObject({ kind: 'admitted', raised: { series: 0, generation: 5 } });
    const raised = applyDeltas(record, next.kind === 'admitted' ? next.deltas : []);
    expect(enter(raised, offline(4)).kind).toBe('wrong');
    expect(enter(raised, offline(5)).kind).toBe('admitted');
    expect(enter(record, offline(6)).kind).toBe('wrong');
    expect(enter(record, offline(3)).kind).toBe('wrong');
  });

  test('an offline PIN that would raise a series for which there is no room is refused', () => {
    const series = Array.from({ length: SERIES_KEPT_MAX }, (_, i) => ({ series: 100 + i, generation: 1 }));
    const full = after(EMPTY_ACCESS, orderOf({ series }));
    expect(enter(full, offline(1))).toEqual({ kind: 'refused', reason: 'full', actor: 0 });
    expect(enter(full, offline(0)).kind).toBe('admitted');
    const room = after(EMPTY_ACCESS, orderOf({ series: series.slice(1) }));
    expect(enter(room, offline(1)).kind).toBe('admitted');
    const own = after(EMPTY_ACCESS, orderOf({ series: [{ series: 0, generation: 1 }, ...series.slice(1)] }));
    expect(enter(own, offline(2)).kind).toBe('admitted');
  });

  test('with a clock that is not valid, in a lockdown or under privacy no entry is looked at or counted', () => {
    const record = after(EMPTY_ACCESS, { kind: 'pin', pin: pinOf('482913') });
    const lockdown = after(record, { kind: 'mode', mode: 'lockdown', untilS: 0 });
    for (const entry of ['482913', '000000', offline(0), offline(9)]) {
      expect(enter(record, entry, { clock: UNCERTAIN })).toMatchObject({ kind: 'refused', reason: 'clock' });
      expect(enter(record, entry, { privacy: true })).toMatchObject({ kind: 'refused', reason: 'privacy' });
      expect(enter(lockdown, entry)).toMatchObject({ kind: 'refused', reason: 'lockdown' });
    }
  });

  test('five wrong entries close the keypad, also to the right PIN; a right one before that clears nothing', () => {
    const record = after(EMPTY_ACCESS, { kind: 'pin', pin: pinOf('482913') });
    let keypad = fresh;
    for (let i = 1; i <= 5; i++) {
      expect(enter(record, '482913', {}, keypad).kind).toBe('admitted');
      const wrong = enter(record, `00000${i}`, {}, keypad);
      expect(wrong).toMatchObject({ kind: 'wrong', waitS: i === 5 ? 60 : 0, deltas: [{ kind: 'keypad', wrong: i }] });
      if (wrong.kind === 'wrong') keypad = wrong.keypad;
    }
    expect(enter(record, '482913', {}, keypad)).toEqual({ kind: 'closed', untilMs: 60_000 });
    expect(enter(record, '482913', { nowMs: 60_000 }, keypad).kind).toBe('admitted');
    const sixth = enter(record, '000006', { nowMs: 60_000 }, keypad);
    expect(sixth).toMatchObject({ kind: 'wrong', waitS: 120 });
    // Staff clear it; phones never asked it.
    const reopened = decideChange({ ...record, keypadWrong: 6 }, { kind: 'keypad-reopened' }, 0);
    expect(applyDeltas(record, reopened.deltas).keypadWrong).toBe(0);
    expect(tried({ ...record, keypadWrong: 16 })).toBe('admitted');
  });

  test('what is no PIN by its shape counts as wrong', () => {
    for (const entry of ['', '1', '123', '12345678901', 'abcd']) expect(enter(EMPTY_ACCESS, entry).kind).toBe('wrong');
  });

  test('a day without a wrong entry is one forgotten, in flash too', () => {
    const record = { ...EMPTY_ACCESS, keypadWrong: 6 };
    const keypad = bootKeypad(6, 0);
    expect(forgetWrongEntries(record, keypad, 86_399_999).deltas).toEqual([]);
    const forgotten = forgetWrongEntries(record, keypad, 86_400_000);
    expect(forgotten.deltas).toEqual([{ kind: 'keypad', wrong: 5 }]);
    expect(forgotten.record.keypadWrong).toBe(5);
  });
});

const anyDelta: fc.Arbitrary<AccessDelta> = fc.oneof(
  anyChange.filter(
    (change) => change.kind !== 'forget' && change.kind !== 'keypad-reopened',
  ) as fc.Arbitrary<AccessDelta>,
  fc.record({ kind: fc.constant('order' as const), order: anyOrder, floorS: fc.nat(2 ** 32 - 1) }),
  fc.record({ kind: fc.constant('forget' as const), floorS: fc.nat(2 ** 32 - 1) }),
  fc.record({ kind: fc.constant('keypad' as const), wrong: fc.integer({ min: 0, max: 16 }) }),
  fc.record({
    kind: fc.constant('used' as const),
    uses: fc.record({
      grantId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      used: fc.nat(65_535),
      notAfterS: fc.nat(2 ** 32 - 1),
    }),
    floorS: fc.nat(2 ** 32 - 1),
  }),
  fc.record({ kind: fc.constant('pin-used' as const), slot: fc.integer({ min: 1, max: 100 }), used: fc.nat(65_535) }),
  fc.record({ kind: fc.constant('raised' as const), series: fc.nat(255), generation: fc.nat(2 ** 32 - 1) }),
);

describe('what a lock keeps', () => {
  test('deltas come back as they were', () => {
    fc.assert(
      fc.property(fc.array(anyDelta, { minLength: 1, maxLength: 4 }), (deltas) => {
        expect(decodeDeltas(encodeDeltas(deltas))).toEqual(deltas);
      }),
    );
  });

  test('a write holds one to four deltas, and none that would still have to be decided', () => {
    const raised = { kind: 'raised', series: 1, generation: 2 } as const;
    expect(() => encodeDeltas([])).toThrow(AccessError);
    expect(() => encodeDeltas([raised, raised, raised, raised, raised])).toThrow(AccessError);
    expect(encodeDeltas([raised, raised, raised, raised])[0]).toBe(4);
    expect(() => decodeDeltas(Uint8Array.of(0))).toThrow(AccessError);
    const one = encodeDeltas([raised]).slice(1);
    expect(() => decodeDeltas(concat(Uint8Array.of(5), one, one, one, one, one))).toThrow(AccessError);
    // Kinds 5 and 7 of message 25: keypad-reopened and forget.
    for (const kind of [5, 7]) expect(() => decodeDeltas(Uint8Array.of(1, 0, 2, 1, kind))).toThrow(AccessError);
    expect(() => decodeDeltas(Uint8Array.of(1, 0, 2, 4, 17))).toThrow(AccessError);
  });

  test('after any changes and any keys it fits its bounds and comes back from flash as it was', () => {
    const anyStep = fc.oneof(
      fc.oneof(anyChange, fc.record({ kind: fc.constant('order' as const), order: anyOrder })),
      anyGrant,
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), fc.nat(2 ** 32 - 1), (steps, floorS) => {
        let record = EMPTY_ACCESS;
        for (const step of steps) {
          const deltas =
            'kind' in step
              ? decideChange(record, step, floorS).deltas
              : (() => {
                  const clock = { state: 'valid', timeS: step.notBeforeS, floorS } as const;
                  const operation = step.operations[0]!;
                  const admission = admitKey(record, clock, { grant: step, operation, privacy: false });
                  return admission.kind === 'admitted' ? admission.deltas : [];
                })();
          if (deltas.length > 0) record = applyDeltas(record, decodeDeltas(encodeDeltas(deltas)));
          expect(decodeAccessRecord(encodeAccessRecord(record))).toEqual(record);
        }
      }),
    );
  });

  const record: AccessRecord = after(
    EMPTY_ACCESS,
    { kind: 'place', place: { hotelId: rising(1, 16), floor: 2, room: 204, grantKey: point(3) } },
    orderOf({ series: [{ series: 1, generation: 3 }], denied: [{ grantId: idOf(3), leaseEndS: NOW_S + 9 }] }),
    { kind: 'schedule', number: 2, table: alwaysOpen(2) },
    { kind: 'pin', pin: pinOf('482913') },
    { kind: 'mode', mode: 'passage', untilS: NOW_S },
  );

  interface Sample {
    readonly octets: Uint8Array;
    again(octets: Uint8Array): Uint8Array;
  }
  const samples: Readonly<Record<string, Sample>> = {
    'a record': {
      octets: encodeAccessRecord(record),
      again: (octets) => encodeAccessRecord(decodeAccessRecord(octets)),
    },
    deltas: {
      octets: encodeDeltas([
        { kind: 'raised', series: 1, generation: 2 },
        { kind: 'used', uses: { grantId: idOf(1), used: 3, notAfterS: NOW_S }, floorS: 5 },
      ]),
      again: (octets) => encodeDeltas(decodeDeltas(octets)),
    },
  };

  test.each(Object.entries(samples))(
    '%s cut off or longer is refused; with a bit flipped it is refused or something else',
    (_, { octets, again }) => {
      for (let size = 0; size < octets.length; size++) expect(() => again(octets.slice(0, size))).toThrow(AccessError);
      expect(() => again(concat(octets, Uint8Array.of(0)))).toThrow(AccessError);
      for (let bit = 0; bit < octets.length * 8; bit++) {
        const flipped = octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
        try {
          expect(again(flipped)).toEqual(flipped);
        } catch (error) {
          expect(error).toBeInstanceOf(AccessError);
        }
      }
    },
  );
});
