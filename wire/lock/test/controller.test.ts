import { nodePrimitives } from '@cardea/kit-node';
import { describe, expect, it } from 'vitest';
import { advertisementKey, CHANNEL, encodeRefusal, MESSAGE, recogniseBound } from '../src/index.ts';
import { boundPair, PairBench } from './controller-bench.ts';

const kinds = (messages: readonly { octets: Uint8Array }[]) => messages.map(({ octets }) => octets[0]);

describe('binding', () => {
  it('waits for the confirmation at the lock, stores before it confirms, and succeeds with a receipt', () => {
    const pair = new PairBench();
    pair.input({ kind: 'bind', attempt: 'b', expiresAtMs: pair.unixMs + 120_000 });
    pair.deliver();
    expect(pair.outcomes('b')).toEqual([{ kind: 'waiting', for: 'confirmation' }]);
    pair.holdStores = true;
    pair.lock.input({ kind: 'button' });
    pair.deliver();
    expect(pair.heldStores).toHaveLength(1);
    expect(pair.heldStores[0]!.record).toMatchObject({ keyVersion: 1, resetCount: 0, active: undefined });
    expect(pair.toLock).toEqual([]);
    pair.holdStores = false;
    pair.store(pair.heldStores[0]!);
    expect(kinds(pair.toLock)).toEqual([MESSAGE.confirmS, MESSAGE.command]);
    pair.deliver();
    expect(pair.outcomes('b').at(-1)).toMatchObject({ kind: 'succeeded', receipt: { attributes: { bolt: 'locked' } } });
    expect(pair.record).toMatchObject({ keyVersion: 1, pending: undefined });
    expect(pair.record!.active!.reveal()).toEqual(pair.lock.durable.record.active!.key.reveal());
  });

  it('tells the key by which gateways recognise the lock, and again after a start', () => {
    const pair = boundPair();
    const key = pair.ofKind('advertisement-key').at(-1)!.key.reveal();
    expect(key).toEqual(advertisementKey(nodePrimitives, pair.record!.active!.reveal()));
    pair.effects = [];
    pair.restartRas();
    expect(pair.ofKind('advertisement-key')[0]!.key.reveal()).toEqual(key);
  });

  it('sets a clock that was never set, once, after the first session', () => {
    const pair = boundPair();
    expect(pair.state.session).toMatchObject({ clock: 'valid' });
    expect(pair.alarms()).toEqual([]);
    pair.operate('unlock');
    expect(kinds(pair.toLock)).toEqual([MESSAGE.command]);
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded', receipt: { clockOffsetS: 0 } }]);
  });

  it('goes on under the pending key when the confirmation was lost', () => {
    const pair = new PairBench();
    pair.input({ kind: 'bind', attempt: 'b', expiresAtMs: pair.unixMs + 120_000 });
    pair.deliver();
    pair.lock.input({ kind: 'button' });
    pair.collect();
    for (const { channel, octets } of pair.toRas.splice(0)) pair.input({ kind: 'message', channel, octets });
    expect(pair.record).toMatchObject({ active: undefined });
    expect(kinds(pair.toLock)).toContain(MESSAGE.confirmS);
    pair.restartRas();
    pair.operate('status');
    pair.deliver();
    expect(pair.outcomes('status')).toMatchObject([{ kind: 'succeeded' }]);
    expect(pair.record).toMatchObject({ pending: undefined });
  });

  it('a lock that nobody has bound is not_bound, without a message', () => {
    const pair = new PairBench();
    pair.operate('unlock');
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'failed', reason: 'not_bound' }]);
    expect(pair.toLock).toEqual([]);
  });

  it('unbinding returns the lock to its factory key; binding it again is a new version under a higher reset count', () => {
    const pair = boundPair();
    pair.input({ kind: 'unbind', attempt: 'u', expiresAtMs: pair.unixMs + 10_000 });
    pair.deliver();
    expect(pair.outcomes('u')).toMatchObject([{ kind: 'succeeded' }]);
    expect(pair.record).toMatchObject({ resetCount: 1, active: undefined, pending: undefined });
    expect(pair.lock.durable.record).toMatchObject({ resetCount: 1, active: undefined });
    pair.lock.input({ kind: 'open-window' });
    pair.bind('again');
    expect(pair.outcomes('again').at(-1)).toMatchObject({ kind: 'succeeded' });
    expect(pair.record).toMatchObject({ keyVersion: 2, resetCount: 1 });
  });

  it('a lock that was reset by hand is not_bound, and its higher reset count is taken once it is proved', () => {
    const pair = boundPair();
    pair.lock.input({ kind: 'factory-reset' });
    pair.operate('status');
    pair.deliver();
    expect(pair.outcomes('status')).toMatchObject([{ kind: 'failed', reason: 'not_bound' }]);
    expect(pair.record).toMatchObject({ resetCount: 0 });
    pair.bind('again');
    expect(pair.outcomes('again').at(-1)).toMatchObject({ kind: 'succeeded' });
    expect(pair.record).toMatchObject({ resetCount: 1 });
  });

  it('never takes a lower reset count', () => {
    const pair = boundPair();
    pair.record = { ...pair.record!, resetCount: 5 };
    pair.restartRas();
    pair.operate('unlock');
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'failed', reason: 'key_mismatch' }]);
    expect(pair.alarms()).toContain('reset_count_lower');
  });
});

describe('sessions', () => {
  it('a restart of either side costs a new run; what moves the bolt is not sent again, the poll that follows mends the session', () => {
    const pair = boundPair();
    pair.restartRas();
    pair.operate('unlock', 'one');
    expect(kinds(pair.toLock)).toEqual([MESSAGE.m1]);
    pair.deliver();
    expect(pair.outcomes('one')).toMatchObject([{ kind: 'succeeded' }]);
    pair.lock.reboot();
    pair.lock.input({ kind: 'connected', link: 1 });
    pair.operate('unlock', 'two');
    pair.deliver();
    expect(pair.outcomes('two')).toEqual([]);
    expect(pair.ofKind('wants-attention')).not.toEqual([]);
    pair.input({ kind: 'abandon', attempt: 'two' });
    pair.operate('status', 'poll');
    pair.deliver();
    pair.operate('unlock', 'three');
    pair.deliver();
    expect(pair.outcomes('three')).toMatchObject([{ kind: 'succeeded' }]);
  });

  it('a session ends after 24 hours', () => {
    const pair = boundPair();
    pair.pass(24 * 3_600_000);
    pair.lock.input({ kind: 'wake' });
    pair.operate('status');
    expect(kinds(pair.toLock)).toEqual([MESSAGE.m1]);
    pair.deliver();
    expect(pair.outcomes('status')).toMatchObject([{ kind: 'succeeded' }]);
  });

  it('a session that nobody uses is dropped when it is over, and asks for no wake in the past', () => {
    const pair = boundPair();
    pair.operate('status');
    pair.deliver();
    pair.pass(24 * 3_600_000 + 0.25);
    const effects = pair.input({ kind: 'wake' });
    expect(pair.state.session).toBeUndefined();
    for (const effect of effects) {
      if (effect.kind === 'wake') expect(effect.atMonotonicMs).toBeGreaterThan(pair.monotonicMs);
    }
  });

  it('a forged loss of the session costs at most one new run a command', () => {
    const pair = boundPair();
    const lost = encodeRefusal({ code: 'no_session', keyVersion: 9, resetCount: 9 });
    pair.operate('status');
    for (let i = 0; i < 5; i++) {
      pair.input({ kind: 'message', channel: CHANNEL.lock, octets: lost });
      pair.deliver();
    }
    expect(pair.outcomes('status')).toMatchObject([{ kind: 'succeeded' }]);
    expect(pair.record).toMatchObject({ keyVersion: 1, resetCount: 0 });
  });
});

describe('commands', () => {
  it('what moves the bolt is not sent twice, though a gateway forges the loss of the session and hides the receipt', () => {
    const pair = boundPair();
    pair.operate('status');
    pair.deliver();
    pair.operate('unlock');
    pair.lock.message(pair.toLock.splice(0)[0]!.octets);
    pair.lock.act('done');
    pair.collect();
    const hidden = pair.toRas.splice(0);
    const lost = encodeRefusal({ code: 'no_session', keyVersion: 1, resetCount: 0 });
    pair.input({ kind: 'message', channel: CHANNEL.lock, octets: lost });
    pair.deliver();
    expect(pair.lock.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
    expect(pair.outcomes('unlock')).toEqual([]);
    for (const { octets } of hidden) pair.input({ kind: 'message', channel: CHANNEL.lock, octets });
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
  });

  it.each(['jammed', 'battery_empty', 'privacy'] as const)('a lock that is %s says so in its receipt', (result) => {
    const pair = boundPair();
    pair.operate('unlock');
    pair.lock.message(pair.toLock.splice(0)[0]!.octets);
    pair.lock.act(result);
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'failed', reason: result, receipt: { attributes: {} } }]);
  });

  it('a clock 125 s behind: clock_drift with the offset, then the clock is set, nothing is retried', () => {
    const pair = boundPair();
    pair.pass(300_000);
    pair.lock.input({ kind: 'wake' });
    pair.lock.unixMs -= 125_000;
    pair.operate('unlock');
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'failed', reason: 'clock_drift' }]);
    expect(pair.outcomes('unlock')).toMatchObject([{ clockOffsetS: -125 }]);
    expect(pair.lock.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
    pair.operate('unlock', 'next');
    pair.deliver();
    expect(pair.outcomes('next')).toMatchObject([{ kind: 'succeeded' }]);
    expect(Math.abs(pair.state.session!.measured!.offsetMs)).toBeLessThan(2_000);
  });

  it('a clock that a poll found to be 125 s ahead moves no bolt until an operator has confirmed the step back', () => {
    const pair = boundPair();
    pair.lock.unixMs += 125_000;
    pair.operate('status');
    pair.deliver();
    pair.operate('unlock');
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'failed', reason: 'clock_drift', clockOffsetS: 125 }]);
    expect(pair.lock.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
    expect(pair.alarms()).toContain('clock_step_back_needs_confirmation');
  });

  it('a clock 125 s ahead: clock_drift, and the step back waits for an operator', () => {
    const pair = boundPair();
    pair.lock.unixMs += 125_000;
    pair.operate('unlock');
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'failed', reason: 'clock_drift', clockOffsetS: 125 }]);
    expect(pair.alarms().filter((code) => code === 'clock_step_back_needs_confirmation')).toHaveLength(1);
    pair.input({ kind: 'set-time', attempt: 'set', expiresAtMs: pair.unixMs + 10_000, stepBack: true });
    pair.deliver();
    expect(pair.outcomes('set')).toMatchObject([{ kind: 'succeeded' }]);
    expect(Math.abs(pair.state.session!.measured!.offsetMs)).toBeLessThan(2_000);
  });

  it('a command that comes late is refused by the lock, and the outcome says late', () => {
    const pair = boundPair();
    pair.operate('unlock', 'late', 60_000);
    pair.pass(15_000);
    pair.deliver();
    expect(pair.outcomes('late')).toMatchObject([{ kind: 'failed', reason: 'late' }]);
    expect(pair.lock.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
  });

  it('a proof of state carries how far the clock is off, and how wrong that may be', () => {
    const pair = boundPair();
    pair.operate('status', 'near');
    pair.deliver();
    const [near] = pair.ofKind('state').slice(-1);
    expect(Math.abs(near!.clockOffsetS!)).toBeLessThanOrEqual(near!.clockErrorS!);
    expect(near!.clockErrorS).toBeLessThanOrEqual(1);
    // An hour later the crystals may have drifted apart by 0.36 s, and a slow answer says little more.
    pair.pass(3_600_000);
    pair.operate('status', 'slow');
    pair.carryToLock(pair.toLock.splice(0)[0]!);
    pair.pass(3_000);
    pair.deliver();
    const [slow] = pair.ofKind('state').slice(-1);
    expect(slow!.clockErrorS!).toBeGreaterThan(near!.clockErrorS!);
    expect(Math.abs(slow!.clockOffsetS!)).toBeLessThanOrEqual(slow!.clockErrorS!);
  });

  it('a late receipt is told for the attempt that was abandoned', () => {
    const pair = boundPair();
    pair.operate('unlock');
    pair.carryToLock(pair.toLock.splice(0)[0]!);
    pair.pass(11_000);
    pair.input({ kind: 'wake' });
    pair.input({ kind: 'abandon', attempt: 'unlock' });
    expect(pair.outcomes('unlock')).toEqual([]);
    const sentAtMs = pair.unixMs - 11_000;
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
    expect(pair.ofKind('state').find(({ attributes }) => attributes.bolt === 'unlocked')).toMatchObject({
      provedAtMs: sentAtMs,
    });
  });

  it('nothing is sent after the expiry, and one command is under way at a time', () => {
    const pair = boundPair();
    pair.operate('unlock', 'one');
    pair.operate('lock', 'two');
    expect(pair.toLock).toHaveLength(1);
    pair.pass(10_000);
    pair.input({ kind: 'wake' });
    expect(pair.toLock).toHaveLength(1);
    expect(pair.ofKind('sent').map(({ attempt }) => attempt)).toEqual(['bind', 'one']);
  });

  it('an unlock does not wait for the answer to a status that may never come', () => {
    const pair = boundPair();
    pair.operate('status');
    pair.toLock = [];
    pair.operate('unlock');
    pair.deliver();
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
  });

  it('a receipt with any bit flipped is not one', () => {
    const pair = boundPair();
    pair.operate('unlock');
    pair.carryToLock(pair.toLock.splice(0)[0]!);
    const genuine = pair.toRas.splice(0).find(({ octets }) => octets[0] === MESSAGE.receipt)!;
    for (let bit = 0; bit < 8 * genuine.octets.length; bit++) {
      const octets = genuine.octets.slice();
      octets[bit >> 3]! ^= 1 << (bit & 7);
      pair.input({ kind: 'message', channel: genuine.channel, octets });
    }
    for (let size = 0; size < genuine.octets.length; size++) {
      pair.input({ kind: 'message', channel: genuine.channel, octets: genuine.octets.slice(0, size) });
    }
    expect(pair.outcomes('unlock')).toEqual([]);
    pair.input({ kind: 'message', channel: genuine.channel, octets: genuine.octets });
    expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
    expect(pair.alarms()).toContain('forged_message');
  });
});

describe('events', () => {
  it('each comes once, in order, and the lock forgets what is durable', () => {
    const pair = boundPair();
    for (let i = 0; i < 20; i++) pair.lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: i });
    pair.deliver();
    const sequences = pair.ofKind('event').map(({ event }) => event.sequence);
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, i) => i + 1));
    expect(sequences.length).toBe(pair.lock.durable.eventSequence);
    expect(pair.lock.durable.events).toEqual([]);
    expect(pair.alarms()).toEqual([]);
  });

  it('what is not durable is not acknowledged', () => {
    const pair = boundPair();
    pair.storeEvents = false;
    pair.lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
    pair.deliver();
    expect(pair.lock.durable.events).toHaveLength(1);
  });

  it('a tamper alarm overtakes, and is not acknowledged past what is missing', () => {
    const pair = boundPair();
    pair.lock.input({ kind: 'disconnected', link: 1 });
    pair.lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
    pair.lock.input({ kind: 'happened', code: 'tamper', actor: 0, detail: 0 });
    pair.lock.input({ kind: 'connected', link: 1 });
    pair.operate('status');
    pair.deliver();
    expect(
      pair
        .ofKind('event')
        .map(({ event }) => event.code)
        .slice(-2),
    ).toEqual(['tamper', 'door_opened']);
    expect(pair.alarms()).toEqual([]);
    expect(pair.lock.durable.events).toEqual([]);
  });
});

describe('beacon', () => {
  it('wants attention when it is new and authentic', () => {
    const pair = boundPair();
    const advertised = pair.lock.effects.flatMap((effect) => (effect.kind === 'advertise' ? [effect.data] : []));
    const key = pair.ofKind('advertisement-key').at(-1)!.key.reveal();
    const state = recogniseBound(nodePrimitives, key, advertised.at(-1)!)!;
    const forged = state.slice();
    forged[15]! ^= 1;
    pair.effects = [];
    pair.input({ kind: 'beacon', state: forged });
    expect(pair.effects).toEqual([]);
    pair.input({ kind: 'beacon', state });
    expect(pair.ofKind('wants-attention')).toHaveLength(1);
    pair.input({ kind: 'beacon', state });
    expect(pair.ofKind('wants-attention')).toHaveLength(1);
  });
});
