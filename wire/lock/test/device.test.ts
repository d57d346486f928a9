import { equal } from '@cardea/kit-octets';
import { DENIALS_IN_RING_MOST, type LockEvent } from '@cardea/wire-profile';
import { expect, it } from 'vitest';
import {
  advertisementKey,
  beaconKey,
  CHANNEL,
  type DeviceEffect,
  decodeEvent,
  decodeFrameMessage,
  decodeUnbound,
  encodeConfirmS,
  MESSAGE,
  openBeacon,
  openFrame,
  recogniseBound,
} from '../src/index.ts';
import {
  ask,
  bind,
  boundLock,
  type DeviceBench,
  FACTORY_KEY,
  freshNonce,
  nowS,
  ofKind,
  openSession,
  poweredLock,
  primitives,
  RasBench,
  refusalIn,
  type Sent,
  setTime,
} from './device-bench.ts';

const unlock = (lock: DeviceBench, change = {}) =>
  ({ name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: nowS(lock), ...change }) as const;
const status = (lock: DeviceBench) => ({ ...unlock(lock), operation: 'status' }) as const;
const acts = (effects: readonly DeviceEffect[]) => effects.filter((effect) => effect.kind === 'act');
const eventsIn = (ras: RasBench, sent: readonly Sent[]) =>
  ofKind(sent, MESSAGE.event).map((each) =>
    decodeEvent(openFrame(ras.keys!.frames.event, decodeFrameMessage('event', each.octets))!),
  );

/** An unlock that is fresh by a nonce: the clock of a lock that was long alone is not good enough. */
const freshUnlock = (lock: DeviceBench, ras: RasBench) =>
  ({
    name: 'nonce_fresh_lock_control',
    operation: 'unlock',
    nonce: freshNonce(lock, ras),
    timeToLiveS: 10,
  }) as const;

it('a bound lock opens for a fresh command and answers with one receipt, after its event is durable', () => {
  const { lock, ras } = boundLock();
  expect(ask(lock, ras, unlock(lock))).toBeUndefined();
  lock.holdWrites = true;
  expect(lock.act()).toEqual([]);
  const before = lock.sent.length;
  lock.flush();
  const receipts = ofKind(lock.sent.slice(before), MESSAGE.receipt);
  expect(receipts).toHaveLength(1);
  const receipt = ras.answer(receipts[0]!.octets);
  expect(receipt).toMatchObject({ kind: 'receipt', id: 3, result: 'done', clock: 'valid', batteryPercent: 87 });
  expect(receipt).toMatchObject({ bits: { boltOut: false }, eventSequence: lock.durable.eventSequence });
  expect(lock.durable.events.at(-1)).toMatchObject({ code: 'unlocked', sequence: lock.durable.eventSequence });
});

it.each(['jammed', 'battery_empty', 'privacy', 'failed'] as const)(
  'a bolt that does not move is a receipt that says %s',
  (result) => {
    const { lock, ras } = boundLock();
    ask(lock, ras, unlock(lock));
    const receipts = ofKind(lock.act(result), MESSAGE.receipt);
    expect(ras.answer(receipts[0]!.octets)).toMatchObject({ result, bits: { boltOut: true } });
  },
);

it('binding: only inside the window of 30 minutes from power-on', () => {
  const lock = poweredLock();
  lock.pass(30 * 60_000 - 1);
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY).octets))).toBe('confirm_at_lock');
  lock.pass(60_001);
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY).octets))).toBe('window_closed');
  lock.input({ kind: 'open-window' });
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY).octets))).toBe('confirm_at_lock');
});

it('binding: before its binder verifies, an M1 costs no ECDH, no flash write and no live session', () => {
  const { lock, ras, bindingKey } = boundLock();
  for (const run of [new RasBench().m1('session', FACTORY_KEY), new RasBench().m1('session', bindingKey)]) {
    const octets = run.octets.slice();
    if (run.psk === bindingKey) octets[141]! ^= 1;
    const effects = lock.input({ kind: 'message', link: 1, channel: CHANNEL.lock, octets });
    expect(effects.map((effect) => effect.kind)).toEqual(['send']);
    expect(refusalIn(lock.sent.slice(-1))).toBe('binder');
  }
  expect(ask(lock, ras, status(lock))).toMatchObject({ result: 'done' });
});

it('binding: waits for the button or the printed code, 60 s at most, refusal 7 while it waits', () => {
  const lock = poweredLock();
  const run = new RasBench().m1('bind', FACTORY_KEY);
  const first = lock.message(run.octets);
  expect(refusalIn(first)).toBe('confirm_at_lock');
  expect(ofKind(first, MESSAGE.m2)).toEqual([]);
  expect(lock.effects.some((effect) => effect.kind === 'make-ephemeral')).toBe(false);
  const before = lock.sent.length;
  lock.pass(60_000);
  expect(refusalIn(lock.sent.slice(before))).toBe('not_confirmed');
  lock.input({ kind: 'button' });
  expect(ofKind(lock.sent, MESSAGE.m2)).toEqual([]);
});

it('binding: the printed code confirms, five wrong ones end it for this window', () => {
  const lock = poweredLock();
  lock.message(new RasBench().m1('bind', FACTORY_KEY).octets);
  lock.input({ kind: 'code', code: '482913' });
  expect(ofKind(lock.sent, MESSAGE.m2)).toHaveLength(1);
  const other = poweredLock();
  other.message(new RasBench().m1('bind', FACTORY_KEY).octets);
  for (let i = 0; i < 5; i++) other.input({ kind: 'code', code: `00000${i}` });
  other.input({ kind: 'code', code: '482913' });
  expect(ofKind(other.sent, MESSAGE.m2)).toEqual([]);
  other.input({ kind: 'button' });
  expect(ofKind(other.sent, MESSAGE.m2)).toHaveLength(1);
});

it('binding: never on a lock that is bound and not reset; Kdev is refused while bound, and reset brings it back', () => {
  const { lock } = boundLock();
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY).octets))).toBe('bound');
  lock.input({ kind: 'factory-reset' });
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY).octets))).toBe('reset_count');
  expect(lock.durable.record.resetCount).toBe(1);
  bind(lock, new RasBench(), { resetCount: 1 });
  expect(lock.durable.record.active?.keyVersion).toBe(1);
});

it('reset clears everything else and never erases the reset count; events go on counting', () => {
  const { lock, ras } = boundLock();
  const sequence = lock.durable.eventSequence;
  expect(ask(lock, ras, { name: 'reset', stampS: nowS(lock) })).toMatchObject({ id: 9, result: 'done' });
  expect(lock.durable.record).toMatchObject({ active: undefined, pending: undefined, resetCount: 1, timeFloorS: 0 });
  expect(lock.durable.events.map((event) => [event.code, event.sequence])).toEqual([['reset', sequence + 1]]);
  expect(refusalIn(lock.message(ras.command(status(lock))))).toBe('no_session');
});

it('a reset from afar leaves the binding window as it is; one at the lock opens it', () => {
  const { lock, ras } = boundLock();
  lock.pass(31 * 60_000);
  ask(lock, ras, { name: 'reset', stampS: nowS(lock) });
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY, { resetCount: 1 }).octets))).toBe(
    'window_closed',
  );
  lock.input({ kind: 'factory-reset' });
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY, { resetCount: 2 }).octets))).toBe(
    'confirm_at_lock',
  );
});

it('a pending key is overwritten at most 3 times a window', () => {
  const lock = poweredLock();
  for (let i = 0; i < 4; i++) {
    lock.message(new RasBench().m1('bind', FACTORY_KEY).octets);
    lock.input({ kind: 'button' });
  }
  expect(ofKind(lock.sent, MESSAGE.m2)).toHaveLength(4);
  expect(refusalIn(lock.message(new RasBench().m1('bind', FACTORY_KEY).octets))).toBe('overwrites_spent');
});

it('two-phase commit: M2 leaves only after the pending key is durable, the session begins only after it is active', () => {
  const lock = poweredLock();
  const ras = new RasBench();
  const run = ras.m1('bind', FACTORY_KEY);
  lock.message(run.octets);
  lock.holdWrites = true;
  lock.input({ kind: 'button' });
  expect(ofKind(lock.sent, MESSAGE.m2)).toEqual([]);
  lock.flush();
  const keys = ras.agree(run, ofKind(lock.sent, MESSAGE.m2)[0]!.octets);
  expect(lock.durable.record.pending?.key.reveal()).toEqual(keys.bindingKey!.reveal());
  lock.message(encodeConfirmS(keys.confirmS));
  expect(lock.message(ras.command({ name: 'get_nonce' }))).toEqual([]);
  const before = lock.sent.length;
  lock.flush();
  expect(ofKind(lock.sent.slice(before), MESSAGE.receipt)).toHaveLength(1);
  expect(lock.durable.record).toMatchObject({ active: { keyVersion: 1 }, pending: undefined });
});

it('two-phase commit: a power cut at any write of a binding leaves a lock that the RAS can go on with', () => {
  for (let cut = 0; cut < 4; cut++) {
    const lock = poweredLock();
    const ras = new RasBench();
    const run = ras.m1('bind', FACTORY_KEY);
    lock.message(run.octets);
    lock.holdWrites = true;
    lock.input({ kind: 'button' });
    if (cut > 0) lock.flush();
    const m2 = ofKind(lock.sent, MESSAGE.m2)[0];
    let key: Uint8Array | undefined;
    if (m2 !== undefined) {
      const keys = ras.agree(run, m2.octets);
      key = keys.bindingKey!.reveal();
      if (cut > 1) lock.message(encodeConfirmS(keys.confirmS));
      if (cut > 2) lock.flush();
    }
    lock.holdWrites = false;
    lock.reboot();
    lock.input({ kind: 'connected', link: 1 });
    if (key === undefined) bind(lock, ras);
    else openSession(lock, ras, key);
    setTime(lock, ras);
    expect(ask(lock, ras, status(lock))).toMatchObject({ result: 'done' });
    expect(lock.durable.record).toMatchObject({ active: { keyVersion: 1 }, pending: undefined });
  }
});

it('a session is replaced only by a new confirmed run', () => {
  const { lock, ras, bindingKey } = boundLock();
  const other = new RasBench();
  const run = other.m1('session', bindingKey);
  const m2 = ofKind(lock.message(run.octets), MESSAGE.m2)[0]!;
  expect(ask(lock, ras, status(lock))).toMatchObject({ result: 'done' });
  const keys = other.agree(run, m2.octets);
  const wrong = keys.confirmS.slice();
  wrong[0]! ^= 1;
  expect(refusalIn(lock.message(encodeConfirmS(wrong)))).toBe('confirmation');
  expect(ask(lock, ras, status(lock))).toMatchObject({ result: 'done' });
  lock.message(encodeConfirmS(keys.confirmS));
  expect(ask(lock, other, status(lock))).toMatchObject({ result: 'done' });
  expect(refusalIn(lock.message(ras.command(status(lock))))).toBe('no_session');
});

it('a session is kept across connections, ends after 24 hours, and does not outlive the power', () => {
  const { lock, ras, bindingKey } = boundLock();
  lock.input({ kind: 'disconnected', link: 1 });
  lock.input({ kind: 'connected', link: 2 });
  const again = lock.message(ras.command(status(lock)), 2);
  expect(ras.answer(ofKind(again, MESSAGE.receipt)[0]!.octets)).toMatchObject({ result: 'done' });
  lock.pass(24 * 3_600_000);
  expect(refusalIn(lock.message(ras.command(status(lock)), 2))).toBe('no_session');
  openSession(lock, ras, bindingKey, {}, 2);
  lock.reboot();
  lock.input({ kind: 'connected', link: 1 });
  expect(refusalIn(lock.message(ras.command(status(lock))))).toBe('no_session');
});

it('the same frame again gets its receipt again, and nothing is executed', () => {
  const { lock, ras } = boundLock();
  const frame = ras.command(unlock(lock));
  lock.message(frame);
  expect(lock.message(frame)).toEqual([]);
  const receipt = ofKind(lock.act(), MESSAGE.receipt)[0]!.octets;
  const count = acts(lock.effects).length;
  expect(ofKind(lock.message(frame), MESSAGE.receipt)[0]!.octets).toEqual(receipt);
  expect(acts(lock.effects)).toHaveLength(count);
});

it('a frame older than the last four, or with a counter used by another frame, is answered nothing', () => {
  const { lock, ras } = boundLock();
  const old = ras.command(status(lock));
  lock.message(old);
  for (let i = 0; i < 4; i++) lock.message(ras.command(status(lock)));
  expect(lock.message(old)).toEqual([]);
  expect(lock.message(ras.command(unlock(lock), 'own', ras.counter))).toEqual([]);
  expect(acts(lock.effects)).toEqual([]);
});

it('the eighth wrong tag on a link drops the link', () => {
  const { lock, ras } = boundLock();
  for (let i = 1; i <= 8; i++) {
    const frame = ras.command(unlock(lock));
    frame[28]! ^= 1;
    const effects = lock.input({ kind: 'message', link: 1, channel: CHANNEL.lock, octets: frame });
    expect(effects.some((effect) => effect.kind === 'drop-link')).toBe(i === 8);
  }
  expect(acts(lock.effects)).toEqual([]);
});

it('attack 4: no message of 0 to 512 octets, of any kind, is taken for a command', () => {
  const { lock, ras } = boundLock();
  const frame = ras.command(unlock(lock));
  for (const kind of [0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x1f, 0xff]) {
    for (let size = 0; size <= 512; size++) {
      if (kind === 0x01 && size === frame.length) continue;
      const octets = new Uint8Array(size);
      octets.set(frame.subarray(0, Math.min(size, frame.length)));
      if (size > 0) octets[0] = kind;
      lock.message(octets);
      lock.input({ kind: 'disconnected', link: 1 });
      lock.input({ kind: 'connected', link: 1 });
    }
  }
  expect(acts(lock.effects)).toEqual([]);
  lock.message(frame);
  expect(acts(lock.effects)).toHaveLength(1);
});

it('attack 2: no flipped bit of a sealed LOCK is obeyed', () => {
  const { lock, ras } = boundLock();
  const frame = ras.command({ ...unlock(lock), operation: 'lock' });
  for (let bit = 8; bit < 8 * frame.length; bit++) {
    const flipped = frame.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    lock.message(flipped);
    lock.input({ kind: 'disconnected', link: 1 });
    lock.input({ kind: 'connected', link: 1 });
  }
  expect(acts(lock.effects)).toEqual([]);
});

it.each([
  [-2, true],
  [-3, false],
  [10, true],
  [11, false],
])('acts only if stamp - 2 s <= now <= stamp + time to live: now = stamp %i s', (late, acted) => {
  const { lock, ras } = boundLock();
  const answer = ask(lock, ras, unlock(lock, { stampS: nowS(lock) - late }));
  expect(acts(lock.effects)).toHaveLength(acted ? 1 : 0);
  if (!acted) expect(answer).toMatchObject({ kind: 'time', id: 3, clock: 'valid' });
});

it('a clock 125 s off refuses a command for time, with its own time and a nonce', () => {
  const { lock, ras } = boundLock();
  lock.unixMs += 125_000;
  const answer = ask(lock, ras, unlock(lock, { stampS: nowS(lock) - 125 }));
  expect(answer).toMatchObject({ kind: 'time', clock: 'valid', lockTimeS: nowS(lock) });
});

it('where the clock may be over 2 s wrong, a bolt command must be the nonce-fresh one', () => {
  const { lock, ras, bindingKey } = boundLock();
  lock.pass(23 * 3_600_000);
  openSession(lock, ras, bindingKey);
  const answer = ask(lock, ras, unlock(lock));
  expect(answer).toMatchObject({ kind: 'time', clock: 'valid' });
  expect(ask(lock, ras, status(lock))).toMatchObject({ kind: 'receipt', result: 'done' });
  const nonce = freshNonce(lock, ras);
  ask(lock, ras, { name: 'nonce_fresh_lock_control', operation: 'unlock', nonce, timeToLiveS: 10 });
  expect(acts(lock.effects)).toHaveLength(1);
});

it('a nonce is used once, the newest wins, and it lives 30 s and no longer than the time to live', () => {
  const { lock, ras } = boundLock();
  const fresh = (nonce: Uint8Array, timeToLiveS = 30) =>
    ask(lock, ras, { name: 'nonce_fresh_lock_control', operation: 'status', nonce, timeToLiveS })?.kind;
  const older = freshNonce(lock, ras);
  const newer = freshNonce(lock, ras);
  expect(equal(older, newer)).toBe(false);
  expect(fresh(newer)).toBe('receipt');
  expect(fresh(newer)).toBe('time');
  freshNonce(lock, ras);
  expect(fresh(older)).toBe('time');
  const slow = freshNonce(lock, ras);
  lock.pass(30_001);
  expect(fresh(slow, 200)).toBe('time');
  const short = freshNonce(lock, ras);
  lock.pass(5_001);
  expect(fresh(short, 5)).toBe('time');
});

it('SET_TIME counts only within 5 s of its nonce, and its error is half the round trip + 1 s', () => {
  const { lock, ras } = boundLock();
  const late = freshNonce(lock, ras);
  lock.pass(5_001);
  expect(ask(lock, ras, { name: 'set_time', nonce: late, stepBack: false, timeS: nowS(lock) })?.kind).toBe('time');
  const nonce = freshNonce(lock, ras);
  lock.pass(4_000);
  const answer = ask(lock, ras, { name: 'set_time', nonce, stepBack: false, timeS: nowS(lock) });
  expect(answer).toMatchObject({ kind: 'receipt', result: 'done', lockTimeS: nowS(lock) + 2 });
  expect(lock.state.clock.errorMs).toBe(3_000);
});

it('a step back of over 60 s wants the flag, and each step is an event with before and after', () => {
  const { lock, ras } = boundLock();
  const right = nowS(lock);
  lock.unixMs += 125_000;
  expect(setTime(lock, ras, right)).toMatchObject({ kind: 'receipt', result: 'step_back' });
  expect(setTime(lock, ras, right, true)).toMatchObject({ result: 'done', lockTimeS: right });
  expect(lock.durable.events.at(-1)).toMatchObject({ code: 'clock_set', actor: right + 125, lockTimeS: right });
});

it('a time that the floor has raised is trusted so much less: no bolt moves by its stamp, one does by a nonce', () => {
  const { lock, ras } = boundLock();
  expect(ask(lock, ras, status(lock))).toMatchObject({ kind: 'receipt', clock: 'valid' });
  expect(setTime(lock, ras, nowS(lock) - 2)).toMatchObject({ result: 'done', lockTimeS: nowS(lock) });
  expect(ask(lock, ras, unlock(lock))).toMatchObject({ kind: 'time', clock: 'valid' });
  lock.message(ras.command(freshUnlock(lock, ras)));
  expect(acts(lock.effects)).toHaveLength(1);
  lock.act();
  lock.pass(3_000);
  expect(setTime(lock, ras, nowS(lock))).toMatchObject({ result: 'done' });
  expect(ask(lock, ras, unlock(lock))).toBeUndefined();
});

it('time never goes below the floor, which is saved every 10 minutes', () => {
  const { lock, ras, bindingKey } = boundLock();
  const start = nowS(lock);
  for (let i = 0; i < 6; i++) lock.pass(10 * 60_000);
  expect(lock.durable.record.timeFloorS).toBeGreaterThanOrEqual(start + 3599);
  expect(setTime(lock, ras, start, true)).toMatchObject({ result: 'below_floor' });
  lock.unixMs = 0;
  lock.reboot();
  lock.input({ kind: 'connected', link: 1 });
  openSession(lock, ras, bindingKey);
  const answer = ask(lock, ras, { name: 'get_nonce' });
  expect(answer).toMatchObject({ kind: 'time', clock: 'uncertain' });
  expect(answer!.lockTimeS).toBeGreaterThanOrEqual(start + 3599);
});

it('an unset clock refuses every command for time but takes nonce-fresh ones', () => {
  const lock = poweredLock();
  const ras = new RasBench();
  bind(lock, ras);
  expect(ask(lock, ras, unlock(lock))).toMatchObject({ kind: 'time', clock: 'unset', lockTimeS: 0 });
  const nonce = freshNonce(lock, ras);
  ask(lock, ras, { name: 'nonce_fresh_lock_control', operation: 'unlock', nonce, timeToLiveS: 10 });
  expect(acts(lock.effects)).toHaveLength(1);
});

it('attack 22: the lock refuses an operation whose class is higher than the frame says', () => {
  const { lock, ras } = boundLock();
  const nonce = freshNonce(lock, ras);
  const set = { name: 'set_time', nonce, stepBack: false, timeS: nowS(lock) } as const;
  expect(ask(lock, ras, set, 'operate')).toMatchObject({ result: 'not_permitted' });
  expect(ask(lock, ras, { name: 'reset', stampS: nowS(lock) }, 'manage')).toMatchObject({ result: 'not_permitted' });
  expect(lock.durable.record.active).toBeDefined();
  expect(ask(lock, ras, status(lock), 'operate')).toMatchObject({ result: 'done' });
});

it('a second bolt command while one runs is busy; a status is answered', () => {
  const { lock, ras } = boundLock();
  ask(lock, ras, unlock(lock));
  expect(ask(lock, ras, unlock(lock))).toMatchObject({ result: 'busy' });
  expect(ask(lock, ras, status(lock))).toMatchObject({ result: 'done' });
  expect(acts(lock.effects)).toHaveLength(1);
});

it('events go up to eight at once, oldest first, tamper first, and once acknowledged never again', () => {
  const { lock, ras, bindingKey } = boundLock();
  lock.input({ kind: 'disconnected', link: 1 });
  for (let i = 0; i < 12; i++)
    lock.input({ kind: 'happened', code: i % 2 ? 'door_closed' : 'door_opened', actor: 0, detail: 0 });
  lock.input({ kind: 'happened', code: 'tamper', actor: 0, detail: 1 });
  lock.input({ kind: 'connected', link: 2 });
  expect(ofKind(lock.sent, MESSAGE.event).filter((each) => each.link === 2)).toEqual([]);
  const first = eventsIn(ras, lock.message(ras.command(status(lock)), 2));
  expect(first).toHaveLength(8);
  expect(first[0]!.code).toBe('tamper');
  const sequences = first.slice(1).map((event) => event.sequence);
  expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const ack = { name: 'event_ack', sequence: 7, stampS: nowS(lock) } as const;
  const second = eventsIn(ras, lock.message(ras.command(ack), 2));
  expect(second.map((event) => event.sequence)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
  const last = lock.durable.eventSequence;
  lock.message(ras.command({ ...ack, sequence: last }), 2);
  expect(lock.durable.events).toEqual([]);
  lock.input({ kind: 'disconnected', link: 2 });
  lock.input({ kind: 'connected', link: 3 });
  const before = lock.sent.length;
  openSession(lock, ras, bindingKey, {}, 3);
  expect(eventsIn(ras, lock.message(ras.command(status(lock)), 3))).toEqual([]);
  expect(ofKind(lock.sent.slice(before), MESSAGE.event)).toEqual([]);
});

it('an event that is not acknowledged is sent again after 15 s, under a new counter', () => {
  const { lock, ras } = boundLock();
  lock.message(ras.command({ name: 'event_ack', sequence: lock.durable.eventSequence, stampS: nowS(lock) }));
  lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
  const once = ofKind(lock.sent, MESSAGE.event).at(-1)!;
  lock.pass(15_000);
  const twice = ofKind(lock.sent, MESSAGE.event).at(-1)!;
  expect(eventsIn(ras, [twice])).toEqual(eventsIn(ras, [once]));
  expect(twice.octets).not.toEqual(once.octets);
});

it('an event is uploaded only after it is durable, so no sequence is used for two', () => {
  const { lock, ras } = boundLock();
  lock.message(ras.command({ name: 'event_ack', sequence: lock.durable.eventSequence, stampS: nowS(lock) }));
  lock.holdWrites = true;
  const before = lock.sent.length;
  lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
  expect(lock.sent.slice(before)).toEqual([]);
  expect(ask(lock, ras, status(lock))).toMatchObject({ eventSequence: lock.durable.eventSequence });
  lock.flush();
  expect(ofKind(lock.sent.slice(before), MESSAGE.event)).toHaveLength(1);
});

it('a full ring gives up its oldest and says which, first of all', () => {
  const { lock, ras } = boundLock();
  lock.input({ kind: 'disconnected', link: 1 });
  for (let i = 0; i < 600; i++) lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
  expect(lock.durable.events.length).toBeLessThanOrEqual(500);
  lock.input({ kind: 'connected', link: 2 });
  const events = eventsIn(ras, lock.message(ras.command(status(lock)), 2));
  const lost = events.filter((event) => event.code === 'events_lost');
  expect(lost.length).toBeGreaterThan(0);
  expect(events.find((event) => event.code !== 'events_lost')!.sequence).toBe(lost.at(-1)!.actor + 1);
});

/** Denials that events tell of: one each, or as many as `actor` says. */
const counted = (events: readonly LockEvent[]): number =>
  events.reduce((sum, { code, actor }) => sum + (code === 'refusals' ? actor : 1), 0);

it('denials have a part of the ring of their own: however many, they are told, and no open is given up for them', () => {
  const { lock, ras } = boundLock();
  for (let i = 0; i < 430; i++) lock.input({ kind: 'happened', code: 'manual_unlocked', actor: 0, detail: 0 });
  const others = lock.durable.events;
  const denials = () => lock.durable.events.filter(({ code }) => code === 'refused' || code === 'refusals');
  let denied = 0;
  for (let minute = 0; minute < 200; minute++) {
    lock.pass(60_000);
    for (let i = 0; i < 10; i++) {
      lock.message(ras.command(freshUnlock(lock, ras)));
      const receipt = ras.answer(ofKind(lock.act('privacy'), MESSAGE.receipt)[0]!.octets);
      expect(receipt).toMatchObject({ result: 'privacy' });
      denied++;
    }
  }
  expect(lock.durable.events.filter((event) => !denials().includes(event))).toEqual(others);
  expect(denials()).toHaveLength(DENIALS_IN_RING_MOST);
  const told = counted(denials());
  // Room again: what was counted meanwhile is told, and nothing of the count is lost.
  setTime(lock, ras);
  lock.message(ras.command({ name: 'event_ack', sequence: lock.durable.eventSequence, stampS: nowS(lock) }));
  lock.pass(60_000);
  expect(told + counted(denials())).toBe(denied);
});

it('advertises openly while unbound, and afterwards only to those who hold its key', () => {
  const fresh = poweredLock();
  const open = fresh.effects.filter((effect) => effect.kind === 'advertise').at(-1)!;
  expect(decodeUnbound(open.data)).toMatchObject({ model: 0x0102, windowOpen: true });
  const { lock, bindingKey } = boundLock();
  const shown = () => lock.effects.filter((effect) => effect.kind === 'advertise').at(-1)!;
  const read = () => {
    const state = recogniseBound(primitives, advertisementKey(primitives, bindingKey), shown().data)!;
    return openBeacon(primitives, beaconKey(primitives, bindingKey), state)!;
  };
  const before = read();
  const { data, address } = shown();
  expect(before).toMatchObject({ batteryPercent: 87, eventsWait: true });
  lock.input({ kind: 'status', status: { ...lock.status, batteryPercent: 40 } });
  expect(read()).toMatchObject({ batteryPercent: 40, sequence: before.sequence + 1 });
  expect(shown().address).toBe(address);
  lock.pass(15 * 60_000);
  expect(shown().address).not.toBe(address);
  expect(shown().data.slice(1, 7)).not.toEqual(data.slice(1, 7));
  const sequence = read().sequence;
  lock.reboot();
  expect(read().sequence).toBeGreaterThan(sequence);
});

it('configuration takes effect, is durable before its receipt, and comes back after a power cut', () => {
  const { lock, ras } = boundLock();
  lock.holdWrites = true;
  const body = { name: 'configure', autoRelockS: 7, heldOpenS: 0, stampS: nowS(lock) } as const;
  expect(ask(lock, ras, body)).toBeUndefined();
  lock.flush();
  expect(ras.answer(ofKind(lock.sent, MESSAGE.receipt).at(-1)!.octets)).toMatchObject({ id: 8, result: 'done' });
  lock.reboot();
  expect(lock.effects.findLast((effect) => effect.kind === 'configure')).toMatchObject({
    autoRelockS: 7,
    heldOpenS: 0,
  });
});
