import { generateP256 } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { encodeScheduleTable, openChange, orderKey, sealChange, sealOrder, tableKey } from '@cardea/wire-access';
import type { AccessChange, CommandClass, LevelGrant, OnlinePin, Order } from '@cardea/wire-profile';
import { describe, expect, it } from 'vitest';
import {
  CHANNEL,
  CLASS_OCTET,
  encodeCommandFrame,
  encodeFrameMessage,
  INSTRUCTIONS,
  legacyLockController,
  lockController,
  MESSAGE,
  RESULT,
  sealFrame,
} from '../src/index.ts';
import { boundPair, type PairBench } from './controller-bench.ts';
import { boundLock, IDENTIFIER, ofKind, primitives, refusalIn, START_UNIX_S } from './device-bench.ts';
import { bundleOf, GRANT_ID, grantFor, levelBundleOf, newPhone, Tap } from './phone-bench.ts';

const order = (orderNo: number, change: Partial<Order> = {}): Order => ({ orderNo, series: [], denied: [], ...change });

function change(pair: PairBench, what: AccessChange, attempt = 'own', commandClass: CommandClass = 'manage') {
  pair.input({
    ...{ kind: 'access-change', attempt, expiresAtMs: pair.unixMs + 30_000 },
    ...{ class: commandClass, change: what },
  });
  pair.deliver();
  return pair.outcomes(attempt).at(-1);
}

const keyOf = (pair: PairBench) => pair.record!.active!.reveal();
const written = (pair: PairBench) =>
  pair.lock.effects.flatMap((effect) =>
    effect.kind === 'persist' && effect.change.kind === 'event' ? [effect.change.event] : [],
  );

describe('a change of access by gateway', () => {
  it('goes ahead of APPLY on channel 1; the receipt says that it is in flash', () => {
    const pair = boundPair();
    pair.effects = [];
    expect(change(pair, { kind: 'order', order: order(4, { series: [{ series: 1, generation: 2 }] }) })).toMatchObject({
      kind: 'succeeded',
    });
    const sent = pair.ofKind('send').map(({ channel, octets }) => [channel, octets[0]]);
    expect(sent.slice(0, 2)).toEqual([
      [CHANNEL.lock, 0x24],
      [CHANNEL.lock, MESSAGE.command],
    ]);
    expect(pair.lock.durable.access).toMatchObject({ orderNo: 4, series: [{ series: 1, generation: 2 }] });
    expect(written(pair).at(-1)).toMatchObject({ code: 'order_taken', actor: 4, detail: 0 });
    expect(pair.ofKind('event').at(-1)?.event).toMatchObject({ code: 'order_taken', actor: 4 });
  });
  it('is answered only when it is durable', () => {
    const pair = boundPair();
    pair.lock.holdWrites = true;
    expect(change(pair, { kind: 'order', order: order(1) })).toBeUndefined();
    pair.lock.flush();
    pair.deliver();
    expect(pair.outcomes('own')).toMatchObject([{ kind: 'succeeded' }]);
  });
  it.each<[string, AccessChange]>([
    ['place', { kind: 'place', place: { hotelId: GRANT_ID, floor: 3, room: 312, grantKey: generateP256().publicKey } }],
    ['mode', { kind: 'mode', mode: 'lockdown', untilS: 0 }],
    ['pin', { kind: 'pin', pin: pinOf(3, new Uint8Array(32).fill(3)) }],
    ['pin-removed', { kind: 'pin-removed', slot: 3 }],
    ['keypad-reopened', { kind: 'keypad-reopened' }],
    ['forget', { kind: 'forget' }],
  ])('%s: is an event that names its digest and its kind', (kind, what) => {
    const pair = boundPair();
    expect(change(pair, what)).toMatchObject({ kind: 'succeeded' });
    expect(written(pair).some(({ code }) => code === 'access_changed')).toBe(true);
    expect(kind).toBe(what.kind);
  });
  it('the same order again is done, a lower one superseded, and one that does not fit says so and takes nothing', () => {
    const pair = boundPair();
    const deny = (orderNo: number, first: number, count: number) =>
      order(orderNo, {
        denied: Array.from({ length: count }, (_, i) => ({
          grantId: Uint8Array.from({ length: 16 }, () => first + i),
          leaseEndS: START_UNIX_S + 86_400,
        })),
      });
    expect(change(pair, { kind: 'order', order: deny(2, 0, 40) }, 'a')).toMatchObject({ kind: 'succeeded' });
    expect(change(pair, { kind: 'order', order: deny(2, 0, 40) }, 'b')).toMatchObject({ kind: 'succeeded' });
    expect(change(pair, { kind: 'order', order: deny(1, 0, 1) }, 'c')).toMatchObject({ reason: 'superseded' });
    expect(change(pair, { kind: 'order', order: deny(3, 100, 25) }, 'd')).toMatchObject({ reason: 'full' });
    expect(pair.lock.durable.access).toMatchObject({ orderNo: 2 });
    expect(pair.lock.durable.access.denied).toHaveLength(40);
    expect(change(pair, { kind: 'order', order: deny(3, 100, 24) }, 'e')).toMatchObject({ kind: 'succeeded' });
  });
  it('needs class manage at the lock', () => {
    const pair = boundPair();
    expect(change(pair, { kind: 'mode', mode: 'passage', untilS: 0 }, 'a', 'operate')).toMatchObject({
      reason: 'not_permitted',
    });
    expect(pair.lock.durable.access.mode.mode).toBe('normal');
  });
  it('yields to a person’s unlock, and its late receipt is still told', () => {
    const pair = boundPair();
    pair.input({
      ...{ kind: 'access-change', attempt: 'own', class: 'manage', expiresAtMs: pair.unixMs + 30_000 },
      change: { kind: 'order', order: order(1) },
    });
    pair.operate('unlock');
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
    expect(pair.outcomes('own')).toMatchObject([{ kind: 'succeeded' }]);
    expect(pair.lock.durable.access.orderNo).toBe(1);
  });
  it('sets a clock that is not valid first', () => {
    const pair = boundPair();
    pair.lock.reboot();
    pair.lock.input({ kind: 'connected', link: 1 });
    expect(change(pair, { kind: 'order', order: order(1) })).toMatchObject({ kind: 'succeeded' });
  });
  it('that cannot be written has failed before anything is sent', () => {
    const pair = boundPair();
    const denied = Array.from({ length: 41 }, (_, i) => ({ grantId: new Uint8Array(16).fill(i), leaseEndS: 1 }));
    pair.effects = [];
    expect(change(pair, { kind: 'order', order: order(1, { denied }) })).toMatchObject({ reason: 'internal' });
    expect(change(pair, { kind: 'pin-removed', slot: 101 }, 'b')).toMatchObject({ reason: 'internal' });
    expect(pair.ofKind('send')).toEqual([]);
  });
  it('is unsupported at legacy locks, whose controller offers nothing without the RAS', () => {
    const pair = boundPair('legacy');
    expect(change(pair, { kind: 'order', order: order(1) })).toMatchObject({ kind: 'failed', reason: 'unsupported' });
    expect(legacyLockController.access).toBeUndefined();
  });
});

describe('APPLY', () => {
  const held = (octets: Uint8Array) => {
    const { lock, ras, bindingKey } = boundLock();
    lock.message(octets);
    const digest = primitives.sha256(octets).slice(0, 8);
    const apply = () => {
      const receipt = ofKind(
        lock.message(ras.command({ name: 'apply', digest, stampS: START_UNIX_S })),
        MESSAGE.receipt,
      );
      return ras.answer(receipt[0]!.octets);
    };
    return { lock, ras, bindingKey, apply };
  };
  it('of a message that it does not hold has failed', () => {
    const { lock, apply } = held(sealOrder(primitives, orderKey(primitives, new Uint8Array(16)), order(1)));
    expect(apply()).toMatchObject({ result: 'failed' });
    expect(lock.durable.access.orderNo).toBe(0);
  });
  it('counts once, and the newest message of the session only', () => {
    const { lock, ras, bindingKey } = boundLock();
    const key = orderKey(primitives, bindingKey);
    const [first, second] = [1, 2].map((orderNo) => sealOrder(primitives, key, order(orderNo)));
    const apply = (octets: Uint8Array) => {
      const digest = primitives.sha256(octets).slice(0, 8);
      const sent = lock.message(ras.command({ name: 'apply', digest, stampS: START_UNIX_S }));
      return ras.answer(ofKind(sent, MESSAGE.receipt)[0]!.octets);
    };
    lock.message(first!);
    lock.message(second!);
    expect(apply(first!)).toMatchObject({ result: 'failed' });
    expect(apply(second!)).toMatchObject({ result: 'done' });
    expect(apply(second!)).toMatchObject({ result: 'failed' });
  });
  it('without a session nothing is held, and the sender is told so', () => {
    const { lock, bindingKey } = boundLock();
    lock.reboot();
    lock.input({ kind: 'connected', link: 1 });
    const sent = lock.message(sealOrder(primitives, orderKey(primitives, bindingKey), order(1)));
    expect(refusalIn(sent)).toBe('no_session');
  });
  it('a forged message displaces none, and counts as a wrong tag', () => {
    const { lock, ras, bindingKey } = boundLock();
    const good = sealOrder(primitives, orderKey(primitives, bindingKey), order(1));
    lock.message(good);
    lock.message(good.map((octet, i) => (i === 20 ? octet ^ 1 : octet)));
    lock.message(sealChange(primitives, tableKey(primitives, new Uint8Array(16)), { kind: 'forget' }));
    expect(lock.state.links[0]).toMatchObject({ wrongTags: 2 });
    const digest = primitives.sha256(good).slice(0, 8);
    const sent = lock.message(ras.command({ name: 'apply', digest, stampS: START_UNIX_S }));
    expect(ras.answer(ofKind(sent, MESSAGE.receipt)[0]!.octets)).toMatchObject({ result: 'done' });
  });
});

describe('an order that a phone carries', () => {
  const carried = (orderNo: number, what: Partial<Order> = {}) => {
    const { lock, bindingKey } = boundLock();
    const identity = { identifier: IDENTIFIER, factoryKey: new Secret(new Uint8Array(16)) };
    const record = { keyVersion: 1, resetCount: 0, active: new Secret(bindingKey), pending: undefined };
    const seal = (n: number, w: Partial<Order> = what) =>
      lockController.access!.order(primitives, identity, record, order(n, w));
    lock.input({ kind: 'connected', link: 5 });
    lock.message(seal(orderNo), 5, CHANNEL.mobileKey);
    return { lock, bindingKey, seal };
  };
  it('puts out the grants that it names, at once and with an event', () => {
    const phone = newPhone();
    const { lock, bindingKey } = carried(3, { denied: [{ grantId: GRANT_ID, leaseEndS: START_UNIX_S + 86_400 }] });
    expect(lock.durable.events.at(-1)).toMatchObject({ code: 'order_taken', actor: 3, detail: 1 });
    expect(new Tap(lock, phone, bundleOf(bindingKey, grantFor(phone))).run()).toMatchObject({
      receipt: { result: 'revoked' },
    });
  });
  it('with a number that is not higher changes nothing', () => {
    const { lock, seal } = carried(3);
    const writes = lock.effects.filter(({ kind }) => kind === 'persist').length;
    lock.message(seal(3, { series: [{ series: 1, generation: 9 }] }), 5, CHANNEL.mobileKey);
    lock.message(seal(2, { series: [{ series: 1, generation: 9 }] }), 5, CHANNEL.mobileKey);
    expect(lock.effects.filter(({ kind }) => kind === 'persist')).toHaveLength(writes);
    expect(lock.durable.access).toMatchObject({ orderNo: 3, series: [] });
  });
  it('that does not open counts as a wrong tag', () => {
    const { lock, seal } = carried(1);
    lock.message(
      seal(2).map((octet, i) => (i === 20 ? octet ^ 1 : octet)),
      5,
      CHANNEL.mobileKey,
    );
    expect(lock.state.links.find(({ link }) => link === 5)).toMatchObject({ wrongTags: 1 });
    expect(lock.durable.access.orderNo).toBe(1);
  });
  it('a change of anything else does not come by phone', () => {
    const { lock, bindingKey } = carried(1);
    const octets = sealChange(primitives, tableKey(primitives, bindingKey), {
      kind: 'mode',
      mode: 'passage',
      untilS: 0,
    });
    expect(openChange(primitives, tableKey(primitives, bindingKey), octets)).toBeDefined();
    expect(lock.message(octets, 5, CHANNEL.mobileKey)).toEqual([]);
    expect(lock.durable.access.mode.mode).toBe('normal');
  });
});

describe('schedules and places', () => {
  it('a grant opens while its table is open by the lock’s clock', () => {
    const pair = boundPair();
    const phone = newPhone();
    // 1,800,000,000 is Friday, 2027-01-15, 08:00 UTC.
    const table = encodeScheduleTable({
      ...{ number: 4, validUntilS: START_UNIX_S + 86_400, baseOffsetMin: 0, transitions: [], special: [] },
      weekly: [{ days: 1 << 4, startMin: 480, endMin: 490 }],
    });
    const bundle = bundleOf(keyOf(pair), grantFor(phone, { scheduleNumber: 4 }));
    const tap = () => new Tap(pair.lock, phone, bundle).run();
    expect(tap()).toMatchObject({ receipt: { result: 'outside_schedule' } });
    change(pair, { kind: 'schedule', number: 4, table });
    expect(tap()).toMatchObject({ receipt: { result: 'done' } });
    pair.pass(600_000);
    expect(tap()).toMatchObject({ receipt: { result: 'outside_schedule' } });
    expect(change(pair, { kind: 'schedule', number: 4, table: undefined }, 'b')).toMatchObject({ kind: 'succeeded' });
    expect(pair.lock.durable.access.schedules).toEqual([]);
  });
  it('a table that the lock cannot read is unsupported', () => {
    expect(change(boundPair(), { kind: 'schedule', number: 4, table: Uint8Array.of(9) })).toMatchObject({
      reason: 'unsupported',
    });
  });
  it('a level grant opens the doors of its level, and no other floor’s, room’s or hotel’s', () => {
    const pair = boundPair();
    const property = newPhone();
    const phone = newPhone();
    const hotelId = new Uint8Array(16).fill(0xaa);
    const grant = (what: Partial<LevelGrant>): LevelGrant => ({
      ...grantFor(phone, { series: 6 }),
      ...{ level: 'hotel', hotelId, floor: 0, room: 0 },
      ...what,
    });
    const tap = (what: Partial<LevelGrant>, by = property) => {
      const one = new Tap(pair.lock, phone, levelBundleOf(keyOf(pair), grant(what), by));
      one.run();
      return one.word;
    };
    expect(tap({})).toBe('grant');
    change(pair, { kind: 'place', place: { hotelId, floor: 3, room: 312, grantKey: property.publicKey } });
    expect(tap({})).toBe('done');
    expect(written(pair).at(-1)).toMatchObject({ code: 'unlocked', detail: 5 });
    expect(tap({ level: 'floor', floor: 3 })).toBe('done');
    expect(tap({ level: 'room', floor: 3, room: 312 })).toBe('done');
    expect(tap({ level: 'floor', floor: 4 })).toBe('grant');
    expect(tap({ level: 'room', floor: 3, room: 313 })).toBe('grant');
    expect(tap({ hotelId: new Uint8Array(16).fill(0xbb) })).toBe('grant');
    expect(tap({}, newPhone())).toBe('grant');
    const named = levelBundleOf(keyOf(pair), grant({ grantId: new Uint8Array(16).fill(5) }), property);
    const swapped = { ...levelBundleOf(keyOf(pair), grant({}), property), grant: named.grant };
    const other = new Tap(pair.lock, phone, swapped);
    other.run();
    expect(other.word).toBe('grant');
    const noise = new Tap(pair.lock, phone, { ...swapped, grant: new Uint8Array(200).fill(7) });
    noise.run();
    expect(noise.word).toBe('grant');
    expect(tap({ generation: 1 })).toBe('done');
    expect(tap({ generation: 0 })).toBe('revoked');
  });
});

describe('class x instruction: the lock’s half of the matrix of roles and commands', () => {
  const rank: Readonly<Record<CommandClass, number>> = { operate: 1, manage: 2, own: 3 };
  const octets: readonly [string, number, number][] = [
    ['none', 0x00, 0],
    ...Object.entries(CLASS_OCTET).map(([name, octet]): [string, number, number] => [
      name,
      octet,
      rank[name as CommandClass],
    ]),
    ['above all', 0x04, 0],
    ['unheard of', 0xff, 0],
  ];
  const rows = INSTRUCTIONS.flatMap(
    (row): readonly { id: number; name: string; first: number; needs: CommandClass }[] =>
      row.name === 'lock_control' || row.name === 'nonce_fresh_lock_control'
        ? ([1, 2, 3, 4] as const).map((first) => ({
            ...{ id: row.id, name: `${row.name} ${first}`, first },
            needs: first === 4 ? ('manage' as const) : row.class,
          }))
        : [{ id: row.id, name: row.name, first: 0, needs: row.class }],
  );
  it.each(rows)('$name needs $needs', ({ id, first, needs }) => {
    for (const [name, octet, held] of octets) {
      const { lock, ras } = boundLock();
      const value = Uint8Array.of(first, ...new Uint8Array(8));
      // A time to live, of those that have one; none of them is fresh.
      const frame = encodeCommandFrame({ id, type: octet, value, word: 0 });
      const sealed = sealFrame(ras.keys!.frames.command, ++ras.counter, frame);
      const before = lock.effects.length;
      const [receipt] = ofKind(lock.message(encodeFrameMessage('command', sealed)), MESSAGE.receipt);
      const answer = receipt && ras.answer(receipt.octets);
      const isRefused = answer?.kind === 'receipt' && answer.result === 'not_permitted';
      expect([name, isRefused]).toEqual([name, held < rank[needs]]);
      if (isRefused) {
        const did = lock.effects
          .slice(before)
          .filter(({ kind }) => kind === 'act' || kind === 'persist' || kind === 'sign');
        expect(did).toEqual([]);
      }
    }
  });
});

function pinOf(slot: number, verifier: Uint8Array): OnlinePin {
  return {
    ...{ slot, verifier, notBeforeS: START_UNIX_S - 60, notAfterS: START_UNIX_S + 86_400 },
    ...{ scheduleNumber: 0, uses: 0 },
  };
}

it('results of keys and PINs have codes from 12 on', () => {
  expect(Object.entries(RESULT).slice(12)).toEqual([
    ['expired', 12],
    ['revoked', 13],
    ['outside_schedule', 14],
    ['spent', 15],
    ['clock', 16],
    ['lockdown', 17],
  ]);
});
