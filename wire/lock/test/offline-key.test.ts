import { readFileSync } from 'node:fs';
import { fromHex } from '@cardea/kit-octets';
import type { OfflineGrant } from '@cardea/wire-profile';
import { describe, expect, it } from 'vitest';
import { CHANNEL, decodeAnswer, decodeRefusal, METHOD, openKeyReceipt, RESULT } from '../src/index.ts';
import { ask, boundLock, type DeviceBench, poweredLock, primitives, START_UNIX_S } from './device-bench.ts';
import { bundleOf, GRANT_ACTOR, grantFor, newPhone, openCarried, type Phone, Tap } from './phone-bench.ts';

const OTHER_KEY = new Uint8Array(16).fill(0x77);

/** A bound lock with a valid clock, a phone, and a tap with whatever grant the test says. */
function door(change: Partial<OfflineGrant> = {}) {
  const { lock, ras, bindingKey } = boundLock();
  const phone = newPhone();
  const bundle = bundleOf(bindingKey, grantFor(phone, change));
  const tap = (link = 7, by: Phone = phone) => new Tap(lock, by, bundle, 'unlock', link);
  return { lock, ras, bindingKey, phone, bundle, tap };
}

/** What the lock said, and that its bolt did not move. */
function refusalOf(lock: DeviceBench, tap: Tap): string | undefined {
  const acts = lock.effects.filter(({ kind }) => kind === 'act').length;
  tap.run();
  expect(lock.effects.filter(({ kind }) => kind === 'act')).toHaveLength(acts);
  return tap.word;
}

const events = (lock: DeviceBench) => lock.durable.events.map(({ code, actor, detail }) => ({ code, actor, detail }));

describe('a phone opens its door without the RAS', () => {
  it('the lock proves itself first, the phone signs, the receipt is the lock’s, and the event is in flash before it', () => {
    const { lock, tap, bindingKey } = door();
    const one = tap();
    one.carry();
    expect(one.heard[0]).toHaveLength(114);
    lock.holdWrites = true;
    one.carry();
    expect(lock.effects.findLast(({ kind }) => kind === 'act')).toMatchObject({ operation: 'unlock' });
    expect(lock.state.exchanges).toEqual([]);
    lock.act();
    one.collect();
    expect(one.end).toBeUndefined();
    lock.flush();
    one.collect();
    expect(one.end).toMatchObject({
      kind: 'done',
      receipt: { result: 'done', bits: { boltOut: false }, clock: 'valid' },
    });
    const told = { code: 'unlocked', actor: GRANT_ACTOR, detail: METHOD.phone };
    expect(events(lock).at(-1)).toEqual(told);
    const carried = one.end?.kind === 'done' ? one.end.carried : undefined;
    expect(openCarried(bindingKey, carried)).toMatchObject({ ...told, sequence: lock.durable.eventSequence });
    expect(openCarried(OTHER_KEY, carried)).toBeUndefined();
  });
  it('locks, and overrides privacy, only with a grant for it', () => {
    const { lock, bindingKey, phone } = door();
    const only = (operations: OfflineGrant['operations']) => bundleOf(bindingKey, grantFor(phone, { operations }));
    expect(new Tap(lock, phone, only(['lock']), 'lock').run()).toMatchObject({ receipt: { result: 'done' } });
    expect(refusalOf(lock, new Tap(lock, phone, only(['lock']), 'unlock'))).toBe('not_permitted');
    lock.status = { ...lock.status, bits: { ...lock.status.bits, privacy: true } };
    lock.input({ kind: 'status', status: lock.status });
    expect(refusalOf(lock, new Tap(lock, phone, only(['unlock']), 'unlock'))).toBe('privacy');
    expect(refusalOf(lock, new Tap(lock, phone, only(['unlock']), 'override'))).toBe('not_permitted');
    expect(new Tap(lock, phone, only(['override']), 'override').run()).toMatchObject({ receipt: { result: 'done' } });
    expect(lock.effects.findLast(({ kind }) => kind === 'act')).toMatchObject({ operation: 'override' });
    expect(events(lock).at(-1)).toEqual({ code: 'override_unlocked', actor: GRANT_ACTOR, detail: METHOD.phone });
  });
  it('the session of the RAS, its counters and its nonce are untouched by it', () => {
    const { lock, tap } = door();
    const { session } = lock.state;
    tap().run();
    // Its events wait to be acknowledged, as all do.
    expect({ ...lock.state.session, eventCounter: 0 }).toEqual({ ...session, eventCounter: 0 });
  });
  it('a bolt that jams says so, and uses the use', () => {
    const { lock, tap } = door({ uses: 1 });
    const one = tap();
    one.carry();
    one.carry();
    lock.act('jammed');
    one.collect();
    expect(one.end).toMatchObject({ kind: 'done', receipt: { result: 'jammed' } });
    expect(events(lock).at(-1)).toMatchObject({ code: 'jammed', actor: GRANT_ACTOR });
    expect(refusalOf(lock, tap(8))).toBe('spent');
  });
});

describe('before the signature has verified, one code for everything', () => {
  it.each([
    ['copied: the grant without the phone that it was made for', () => newPhone()],
    ['wrong phone', () => newPhone()],
  ])('%s', (_, other) => {
    const { lock, tap } = door();
    expect(refusalOf(lock, tap(7, other()))).toBe('grant');
    expect(events(lock).at(-1)).toMatchObject({ code: 'refused', detail: 32 });
  });
  it('altered: any octet of message 22', () => {
    const { lock, phone, bundle } = door();
    for (const at of [1, 2, 40, 66, 67, 100, 130, 131, 200, 263]) {
      const tap = new Tap(lock, phone, bundle);
      tap.carry();
      tap.carry((octets) => octets.map((octet, i) => (i === at ? octet ^ 1 : octet)));
      const refusal = tap.heard.find((octets) => octets[0] === 0x1f);
      if (refusal !== undefined) expect(decodeRefusal(refusal).code).toBe('grant');
      expect(lock.effects.some(({ kind }) => kind === 'act')).toBe(false);
      lock.input({ kind: 'disconnected', link: 7 });
    }
  });
  it('wrong door: a key of another lock of the same RAS', () => {
    const { lock, bindingKey, phone } = door();
    const other = bundleOf(bindingKey, grantFor(phone), 'C0FFEE00112B');
    // The phone stops: it is not the lock that it looks for.
    expect(refusalOf(lock, new Tap(lock, phone, other))).toBe('other_lock');
    // And a phone that would not, has nothing that the lock takes.
    const { grant } = other;
    expect(refusalOf(lock, new Tap(lock, phone, { ...bundleOf(bindingKey, grantFor(phone)), grant }))).toBe('grant');
  });
  it('a key from before a rotation of the binding key', () => {
    const { lock, bindingKey, phone, bundle } = door();
    const former = bundleOf(OTHER_KEY, grantFor(phone));
    expect(refusalOf(lock, new Tap(lock, phone, former))).toBe('other_lock');
    expect(refusalOf(lock, new Tap(lock, phone, { ...bundle, grant: former.grant }))).toBe('grant');
    expect(bindingKey).not.toEqual(OTHER_KEY);
  });
  it('another grant than message 20 has named', () => {
    const { lock, bindingKey, phone, bundle } = door();
    const grant = bundleOf(bindingKey, grantFor(phone, { grantId: new Uint8Array(16).fill(9) })).grant;
    expect(refusalOf(lock, new Tap(lock, phone, { ...bundle, grant }))).toBe('grant');
  });
  it('replayed: what a listener has recorded is of no use in another connection', () => {
    const { lock, tap } = door();
    const one = tap();
    one.run();
    const acts = lock.effects.filter(({ kind }) => kind === 'act').length;
    lock.input({ kind: 'connected', link: 9 });
    for (const octets of one.said) lock.message(octets, 9, CHANNEL.mobileKey);
    const heard = lock.sent.filter(({ link }) => link === 9);
    expect(heard.map(({ octets }) => octets[0])).toEqual([0x21, 0x1f]);
    expect(decodeRefusal(heard[1]!.octets).code).toBe('grant');
    expect(lock.effects.filter(({ kind }) => kind === 'act')).toHaveLength(acts);
  });
  it('nobody learns whether a grant id is known: the proof comes for every one', () => {
    const { lock } = door();
    lock.input({ kind: 'connected', link: 9 });
    const unknown = Uint8Array.of(0x20, ...new Uint8Array(32).fill(0xee));
    expect(lock.message(unknown, 9, CHANNEL.mobileKey).map(({ octets }) => octets[0])).toEqual([0x21]);
  });
});

describe('after it, the receipt says why', () => {
  it.each([
    ['expired window', { notAfterS: START_UNIX_S - 10 }, 'expired'],
    ['window not yet begun', { notBeforeS: START_UNIX_S + 60 }, 'expired'],
    ['expired lease', { leaseEndS: START_UNIX_S - 10 }, 'expired'],
    ['outside its schedule, which the lock does not hold', { scheduleNumber: 4 }, 'outside_schedule'],
  ] as const)('%s', (_, change, result) => {
    const { lock, tap } = door(change);
    expect(refusalOf(lock, tap())).toBe(result);
    expect(events(lock).at(-1)).toEqual({ code: 'refused', actor: 0, detail: RESULT[result] });
  });
  it('a lease ends by the lock’s own clock, to the second', () => {
    const { lock, tap } = door({ leaseEndS: START_UNIX_S + 30 });
    lock.pass(29_000);
    expect(tap(7).run()).toMatchObject({ receipt: { result: 'done' } });
    lock.pass(1_000);
    expect(refusalOf(lock, tap(8))).toBe('expired');
  });
  it('spent: uses are counted in flash before the bolt moves, and a power cut gives none back', () => {
    const { lock, tap } = door({ uses: 2, noClock: true });
    tap(7).run();
    const second = tap(8);
    lock.holdWrites = true;
    second.carry();
    second.carry();
    expect(lock.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
    lock.flush();
    expect(lock.effects.filter(({ kind }) => kind === 'act')).toHaveLength(2);
    lock.holdWrites = false;
    lock.reboot();
    expect(refusalOf(lock, tap(9))).toBe('spent');
  });
  it('old generation; and a newer one raises it, in flash first, with an event of its own', () => {
    const { lock, bindingKey, phone, tap } = door({ generation: 3 });
    expect(tap(7).run()).toMatchObject({ receipt: { result: 'done' } });
    expect(events(lock).slice(-2)).toEqual([
      { code: 'generation_raised', actor: 3, detail: 1 },
      { code: 'unlocked', actor: GRANT_ACTOR, detail: METHOD.phone },
    ]);
    expect(lock.durable.access.series).toEqual([{ series: 1, generation: 3 }]);
    const former = bundleOf(bindingKey, grantFor(phone, { generation: 2, grantId: new Uint8Array(16).fill(1) }));
    expect(refusalOf(lock, new Tap(lock, phone, former))).toBe('revoked');
    const staff = bundleOf(bindingKey, grantFor(phone, { series: 3, grantId: new Uint8Array(16).fill(2) }));
    expect(new Tap(lock, phone, staff).run()).toMatchObject({ receipt: { result: 'done' } });
  });
  it('while the clock is not valid only a no-clock grant opens, and its event says so', () => {
    const { lock, bindingKey, phone, tap } = door();
    lock.reboot();
    expect(refusalOf(lock, tap(7))).toBe('clock');
    const staff = bundleOf(bindingKey, grantFor(phone, { noClock: true, series: 3 }));
    expect(new Tap(lock, phone, staff).run()).toMatchObject({ receipt: { result: 'done', clock: 'uncertain' } });
    expect(events(lock).at(-1)).toMatchObject({ code: 'unlocked', detail: METHOD.phone | 0x80 });
  });
});

describe('one presentation at a time', () => {
  it('a connection is good for one', () => {
    const { lock, tap } = door();
    const one = tap();
    one.carry();
    lock.message(one.said[0]!, 7, CHANNEL.mobileKey);
    expect(decodeRefusal(lock.sent.at(-1)!.octets).code).toBe('grant');
  });
  it('two connections at most at once; a third is told to come again', () => {
    const { tap } = door();
    const taps = [tap(7), tap(8), tap(9)];
    for (const each of taps) each.carry();
    expect(decodeRefusal(taps[2]!.heard[0]!).code).toBe('key_busy');
    expect(taps[0]!.run()).toMatchObject({ receipt: { result: 'done' } });
  });
  it('a nonce lives 2 s', () => {
    const { lock, tap } = door();
    const late = tap(7);
    late.carry();
    lock.monotonicMs += 2_000;
    lock.message(late.toLock.shift()!, 7, CHANNEL.mobileKey);
    expect(lock.effects.some(({ kind }) => kind === 'verify')).toBe(false);
    expect(lock.state.exchanges).toEqual([]);
    const gone = tap(8);
    gone.carry();
    const wake = lock.effects.findLast((effect) => effect.kind === 'wake');
    expect(wake).toMatchObject({ atMonotonicMs: lock.monotonicMs + 2_000 });
    lock.pass(2_000);
    expect(lock.state.exchanges).toEqual([]);
  });
  it('two at once are never taken for each other, in whatever order the secure element answers', () => {
    const { lock, bindingKey } = door();
    lock.holdElement = true;
    const taps = [7, 8].map((link) => {
      const phone = newPhone();
      const grantId = new Uint8Array(16).fill(link);
      return new Tap(lock, phone, bundleOf(bindingKey, grantFor(phone, { grantId })), 'unlock', link);
    });
    const ready = () => {
      for (const work of lock.element.splice(0).reverse()) work();
      for (const tap of taps) tap.collect();
    };
    // 20 and the pairs; 22 and the signatures; then the agreements.
    for (const tap of taps) tap.carry();
    ready();
    for (const tap of taps) tap.carry();
    ready();
    ready();
    lock.act();
    for (const tap of taps) tap.collect();
    expect(taps.map((tap) => tap.word).sort()).toEqual(['busy', 'done']);
    expect(lock.state.exchanges).toEqual([]);
  });
  it('a phone’s point off the curve is refused like a key of nobody', () => {
    const { lock, tap } = door();
    const one = tap();
    one.carry();
    lock.holdElement = true;
    one.carry();
    lock.element.shift()!();
    const agree = lock.effects.findLast((effect) => effect.kind === 'agree');
    lock.input({ kind: 'agreed', id: agree?.kind === 'agree' ? agree.id : 0, z: undefined });
    one.collect();
    expect(one.word).toBe('grant');
    expect(lock.state.exchanges).toEqual([]);
    expect(events(lock).at(-1)).toMatchObject({ code: 'refused', detail: 32 });
    expect(lock.effects.some(({ kind }) => kind === 'act')).toBe(false);
  });
  it('a reset while a key is looked at leaves nothing of it', () => {
    const { lock, tap } = door();
    const one = tap();
    one.carry();
    lock.holdElement = true;
    one.carry();
    lock.input({ kind: 'factory-reset' });
    for (const work of lock.element.splice(0)) work();
    for (const work of lock.element.splice(0)) work();
    expect(lock.effects.some(({ kind }) => kind === 'act')).toBe(false);
    expect(lock.state.exchanges).toEqual([]);
  });
  it('while somebody else moves the bolt it is busy, and no use is lost', () => {
    const { lock, tap, bindingKey } = door({ uses: 1 });
    const other = newPhone();
    const first = new Tap(
      lock,
      other,
      bundleOf(bindingKey, grantFor(other, { grantId: new Uint8Array(16) })),
      'unlock',
      8,
    );
    first.carry();
    first.carry();
    const one = tap(7);
    one.carry();
    one.carry();
    expect(one.end).toMatchObject({ kind: 'done', receipt: { result: 'busy' } });
    lock.act();
    lock.input({ kind: 'disconnected', link: 7 });
    expect(tap(7).run()).toMatchObject({ receipt: { result: 'done' } });
  });
  it('a command from afar meanwhile is busy, and the bolt is asked once', () => {
    const { lock, ras, tap } = door();
    const one = tap();
    one.carry();
    one.carry();
    const body = { name: 'lock_control', operation: 'lock', timeToLiveS: 10, stampS: START_UNIX_S } as const;
    expect(ask(lock, ras, body)).toMatchObject({ result: 'busy' });
    expect(lock.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
    lock.act();
    one.collect();
    expect(one.word).toBe('done');
  });
  it('a body that answers to another motion is not believed', () => {
    const { lock, tap } = door();
    const one = tap();
    one.carry();
    one.carry();
    lock.input({ kind: 'acted', token: 999_999, result: 'done', detail: 0, status: lock.status });
    one.collect();
    expect(one.end).toBeUndefined();
    lock.act();
    one.collect();
    expect(one.word).toBe('done');
  });
  it('a phone that has gone leaves its event, and nothing half done', () => {
    const { lock, tap } = door();
    const one = tap();
    one.carry();
    one.carry();
    lock.input({ kind: 'disconnected', link: 7 });
    lock.act();
    expect(events(lock).at(-1)).toMatchObject({ code: 'unlocked', actor: GRANT_ACTOR });
    expect(lock.state.acting).toBeUndefined();
    expect(lock.state.exchanges).toEqual([]);
  });
});

describe('a lock without a binding', () => {
  it('has no key to prove itself by', () => {
    const lock = poweredLock();
    const phone = newPhone();
    expect(refusalOf(lock, new Tap(lock, phone, bundleOf(OTHER_KEY, grantFor(phone))))).toBe('not_bound');
  });
  it('forgets all of it with its reset', () => {
    const { lock, tap } = door({ uses: 3, generation: 2 });
    tap().run();
    expect(lock.durable.access.uses).toHaveLength(1);
    lock.input({ kind: 'factory-reset' });
    expect(lock.durable.access).toMatchObject({ series: [], uses: [], orderNo: 0, place: undefined });
    expect(lock.state.access).toEqual(lock.durable.access);
  });
});

describe('vectors/access.json', () => {
  const vectors = JSON.parse(readFileSync(new URL('../../../vectors/access.json', import.meta.url), 'utf8'));
  it('the receipt of message 23 opens to what it says, and under no other key', () => {
    for (const { keys, receipt, frame, message23 } of vectors.exchange.accept) {
      const opened = { enc: fromHex(keys.enc), mac: fromHex(keys.mac), iv: fromHex(keys.iv) };
      expect(openKeyReceipt(primitives, opened, fromHex(frame))).toEqual(decodeAnswer(fromHex(receipt)));
      expect(openKeyReceipt(primitives, { ...opened, mac: new Uint8Array(16) }, fromHex(frame))).toBeUndefined();
      expect(openKeyReceipt(primitives, opened, fromHex(frame).slice(1))).toBeUndefined();
      expect(message23).toContain(frame);
    }
  });
});
