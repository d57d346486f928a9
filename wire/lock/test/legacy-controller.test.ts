import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import { expect, it } from 'vitest';
import {
  CHANNEL,
  decodeAnswer,
  decodeCommandFrame,
  encodeAnswer,
  legacyCounter,
  legacyKeys,
  MESSAGE,
  openLegacyFrame,
  openLegacyM1,
  openLegacyM2,
  sealLegacyFrame,
  stageBKey,
} from '../src/index.ts';
import { boundPair, PairBench } from './controller-bench.ts';
import { FACTORY_KEY, IDENTIFIER } from './device-bench.ts';

const sent = (pair: PairBench, channel?: number) =>
  pair.ofKind('send').filter((effect) => channel === undefined || effect.channel === channel);
const acts = (pair: PairBench) => pair.lock.effects.filter((effect) => effect.kind === 'act').length;

/** The session key of the newest run, out of its two stages: what whoever knows the key can read. */
function sessionKey(pair: PairBench, psk: Uint8Array) {
  const m1 = sent(pair).findLast(({ octets }) => octets[0] === MESSAGE.m1)!.octets;
  const { rs, seed } = openLegacyM1(nodePrimitives, psk, m1);
  const m2 = pair.lock.sent.findLast(({ octets }) => octets[0] === MESSAGE.m2)!.octets;
  const { rl } = openLegacyM2(nodePrimitives, stageBKey(nodePrimitives, psk, seed), m2);
  return nodePrimitives.aes(legacyKeys(nodePrimitives, psk, rs, rl, IDENTIFIER).session);
}

it('legacy: binds by two stages, and the key counts once a frame under it was answered', () => {
  const pair = new PairBench('legacy');
  pair.bind();
  expect(pair.outcomes('bind').map(({ kind }) => kind)).toEqual(['waiting', 'succeeded']);
  expect(pair.record!.pending).toBeUndefined();
  expect(pair.record!.active!.reveal()).toEqual(pair.lock.durable.record.active!.key.reveal());
  expect(sent(pair).some(({ octets }) => octets[0] === MESSAGE.confirmS)).toBe(false);
  expect(pair.ofKind('make-ephemeral')).toEqual([]);
});

it('legacy: nothing is sent under a new key before it is durable', () => {
  const pair = new PairBench('legacy');
  pair.holdStores = true;
  pair.bind();
  expect(sent(pair, CHANNEL.raw)).toEqual([]);
  pair.holdStores = false;
  pair.store(pair.heldStores.shift()!);
  pair.deliver();
  expect(pair.outcomes('bind').at(-1)).toMatchObject({ kind: 'succeeded' });
});

it('legacy: an unlock is one raw frame of 20 octets without a time to live, and succeeds by its receipt only', () => {
  const pair = boundPair('legacy');
  const before = sent(pair).length;
  pair.operate('unlock');
  const [frame, ...more] = sent(pair).slice(before);
  expect(more).toEqual([]);
  expect(frame).toMatchObject({ channel: CHANNEL.raw, attempt: 'unlock' });
  const { plaintext } = openLegacyFrame(sessionKey(pair, FACTORY_KEY), frame!.octets);
  expect(decodeCommandFrame(plaintext)).toMatchObject({ id: 0x03, type: 0x01 });
  expect([...decodeCommandFrame(plaintext).value]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(pair.outcomes('unlock')).toEqual([]);
  pair.deliver();
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded', receipt: { attributes: { bolt: 'unlocked' } } }]);
  expect(acts(pair)).toBe(1);
});

it('legacy: counters grow across sessions and restarts of the RAS, for each session starts at Unix time', () => {
  const pair = boundPair('legacy');
  pair.pass(10_000);
  for (const attempt of ['a', 'b', 'c']) {
    pair.operate('unlock', attempt);
    pair.deliver();
    pair.pass(10_000);
    pair.restartRas();
  }
  pair.operate('lock');
  pair.deliver();
  for (const attempt of ['a', 'b', 'c', 'lock']) expect(pair.outcomes(attempt)).toMatchObject([{ kind: 'succeeded' }]);
  const counters = sent(pair, CHANNEL.raw).map(({ octets }) => legacyCounter(octets));
  expect(counters).toEqual([...new Set(counters)].sort((a, b) => a - b));
  expect(counters[0]! >= 1_800_000_000).toBe(true);
});

it('legacy: a restart right after a burst finds the lock deaf until time has overtaken its counter; only GET_NONCE repeats', () => {
  const pair = boundPair('legacy');
  for (let n = 0; n < 4; n++) {
    pair.operate('status', `burst ${n}`);
    pair.deliver(1);
  }
  pair.restartRas();
  pair.operate('unlock');
  pair.deliver(1);
  expect(acts(pair)).toBe(0);
  for (let n = 0; n < 3; n++) {
    pair.pass(3_000);
    pair.input({ kind: 'wake' });
    pair.deliver(1);
  }
  expect(acts(pair)).toBe(1);
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
});

it('legacy: only an answer to the request with its own counter counts; a request sent back is no answer', () => {
  const pair = boundPair('legacy');
  pair.operate('unlock');
  const [command] = pair.toLock.splice(0);
  const key = sessionKey(pair, FACTORY_KEY);
  const counter = legacyCounter(command!.octets);
  const bits = { boltOut: false, jammed: false, doorOpen: false, tamper: false, privacy: false };
  const done = { kind: 'receipt', result: 'done', bits, batteryPercent: 50, eventSequence: 0, clock: 'valid' } as const;
  const receipt = (id: number) => encodeAnswer({ ...done, id, detail: 0, lockTimeS: Math.floor(pair.unixMs / 1000) });
  const forgeries = [
    command!.octets,
    sealLegacyFrame(key, counter - 1, receipt(3)),
    sealLegacyFrame(key, counter + 1, receipt(3)),
    sealLegacyFrame(key, counter, receipt(5)),
    sealLegacyFrame(key, counter, receipt(3)).slice(1),
  ];
  for (const octets of forgeries) pair.input({ kind: 'message', channel: CHANNEL.raw, octets });
  expect(pair.outcomes('unlock')).toEqual([]);
  const good = sealLegacyFrame(key, counter, receipt(3));
  pair.input({ kind: 'message', channel: CHANNEL.lock, octets: good });
  expect(pair.outcomes('unlock')).toEqual([]);
  pair.input({ kind: 'message', channel: CHANNEL.raw, octets: good });
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
  pair.input({ kind: 'message', channel: CHANNEL.raw, octets: good });
  expect(pair.outcomes('unlock')).toHaveLength(1);
});

it('legacy: a receipt with any one bit flipped is no success', () => {
  const pair = boundPair('legacy');
  pair.operate('unlock');
  for (const message of pair.toLock.splice(0)) pair.carryToLock(message);
  const receipt = pair.toRas.findLast(({ channel }) => channel === CHANNEL.raw)!.octets;
  for (let bit = 0; bit < receipt.length * 8; bit++) {
    const octets = Uint8Array.from(receipt);
    octets[bit >> 3]! ^= 1 << (bit & 7);
    pair.input({ kind: 'message', channel: CHANNEL.raw, octets });
  }
  expect(pair.outcomes('unlock')).toEqual([]);
  expect(pair.alarms()).toContain('forged_message');
  pair.deliver();
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
});

it('legacy: nothing leaves after the expiry of its attempt', () => {
  const pair = boundPair('legacy');
  pair.restartRas();
  pair.operate('unlock', 'late', 5_000);
  const before = sent(pair).length;
  pair.toLock = [];
  pair.pass(5_001);
  pair.input({ kind: 'wake' });
  pair.deliver();
  expect(sent(pair)).toHaveLength(before);
  expect(acts(pair)).toBe(0);
  for (const { expiresAtMs } of sent(pair).filter(({ attempt }) => attempt === 'late')) {
    expect(expiresAtMs).toBeLessThanOrEqual(pair.unixMs - 1);
  }
});

it('legacy: what moves the bolt is not sent twice on anybody’s word that the session is gone', () => {
  const pair = boundPair('legacy');
  pair.operate('unlock');
  pair.toLock = [];
  pair.lock.reboot();
  pair.lock.input({ kind: 'connected', link: 1 });
  const before = sent(pair).length;
  pair.lock.message(new Uint8Array(20), 1, CHANNEL.raw);
  pair.collect();
  pair.deliver();
  expect(sent(pair)).toHaveLength(before);
  expect(pair.outcomes('unlock')).toEqual([]);
  pair.operate('lock');
  pair.deliver();
  pair.deliver();
  expect(acts(pair)).toBeLessThanOrEqual(1);
});

it('legacy: M2 of another run or another key starts nothing', () => {
  const pair = boundPair('legacy');
  pair.pass(10_000);
  pair.restartRas();
  pair.operate('unlock');
  const [m1] = pair.toLock.splice(0);
  const old = pair.lock.sent.findLast(({ octets }) => octets[0] === MESSAGE.m2)!.octets;
  pair.input({ kind: 'message', channel: CHANNEL.lock, octets: old });
  expect(pair.alarms()).toContain('forged_message');
  expect(pair.toLock).toEqual([]);
  pair.carryToLock(m1!);
  pair.deliver();
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
});

it('legacy: a lost M2 comes again for the same M1, without another press of the button', () => {
  const pair = new PairBench('legacy');
  pair.input({ kind: 'bind', attempt: 'bind', expiresAtMs: pair.unixMs + 120_000 });
  pair.deliver();
  pair.lock.input({ kind: 'button' });
  pair.collect();
  expect(pair.toRas.splice(0).filter(({ octets }) => octets[0] === MESSAGE.m2)).toHaveLength(1);
  pair.pass(5_000);
  pair.input({ kind: 'wake' });
  pair.deliver();
  expect(pair.outcomes('bind').at(-1)).toMatchObject({ kind: 'succeeded' });
});

it('legacy: a lock that lost its power is given the time before its command', () => {
  const pair = boundPair('legacy');
  pair.lock.reboot();
  pair.lock.input({ kind: 'connected', link: 1 });
  pair.pass(10_000);
  pair.restartRas();
  pair.operate('unlock');
  pair.deliver();
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
});

it('legacy: it is returned to its factory state, and binds again', () => {
  const pair = boundPair('legacy');
  pair.input({ kind: 'unbind', attempt: 'unbind', expiresAtMs: pair.unixMs + 30_000 });
  pair.deliver();
  expect(pair.outcomes('unbind')).toMatchObject([{ kind: 'succeeded' }]);
  expect(pair.record).toMatchObject({ active: undefined, pending: undefined, resetCount: 1 });
});

it('attack 5: the two suites’ controllers and locks refuse each other', () => {
  const pair = new PairBench('legacy');
  const hardened = new PairBench();
  pair.input({ kind: 'bind', attempt: 'bind', expiresAtMs: pair.unixMs + 120_000 });
  for (const message of pair.toLock.splice(0)) hardened.carryToLock(message);
  hardened.collect();
  for (const { channel, octets } of hardened.toRas) pair.input({ kind: 'message', channel, octets });
  expect(pair.outcomes('bind')).toMatchObject([{ kind: 'failed', reason: 'unsupported' }]);
});

it('why it is legacy: a command that was held for 25 s still acts, long after its attempt is over', () => {
  const pair = boundPair('legacy');
  pair.operate('unlock', 'held', 10_000);
  const [held] = pair.toLock.splice(0);
  pair.pass(25_000);
  pair.input({ kind: 'abandon', attempt: 'held' });
  pair.input({ kind: 'wake' });
  expect(pair.outcomes('held')).toEqual([]);
  pair.carryToLock(held!);
  expect(acts(pair)).toBe(1);
  pair.deliver();
  // The truth still arrives, late.
  expect(pair.outcomes('held')).toMatchObject([{ kind: 'succeeded' }]);
});

it('a command that was held for 31 s acts no more', () => {
  const pair = boundPair('legacy');
  pair.operate('unlock', 'held', 10_000);
  const [held] = pair.toLock.splice(0);
  pair.pass(33_000);
  pair.carryToLock(held!);
  expect(acts(pair)).toBe(0);
});

it('why it is legacy: a random block passes the XOR about once in 256', () => {
  const random = seededRandom(22);
  const key = nodePrimitives.aes(random.octets(16));
  const passes = (decode: (plaintext: Uint8Array) => unknown): number => {
    let n = 0;
    for (let i = 0; i < 25_600; i++) {
      try {
        decode(openLegacyFrame(key, random.octets(20)).plaintext);
        n++;
      } catch {
        // It did not pass.
      }
    }
    return n;
  };
  const commands = passes(decodeCommandFrame);
  expect(commands).toBeGreaterThan(60);
  expect(commands).toBeLessThan(140);
  // An answer has to be well formed as well.
  expect(passes(decodeAnswer)).toBeLessThan(5);
});
