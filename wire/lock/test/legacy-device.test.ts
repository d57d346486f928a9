import type { AesBlock } from '@cardea/kit-crypto';
import { seededRandom } from '@cardea/kit-node';
import { expect, it } from 'vitest';
import {
  type Answer,
  CHANNEL,
  decodeAnswer,
  encodeRequest,
  legacyKeys,
  MESSAGE,
  openLegacyFrame,
  openLegacyM2,
  type RequestBody,
  sealLegacyFrame,
  sealLegacyM1,
  sealM1,
  stageBKey,
} from '../src/index.ts';
import {
  type DeviceBench,
  FACTORY_KEY,
  IDENTIFIER,
  identity,
  nowS,
  ofKind,
  poweredLock,
  primitives,
  RasBench,
  refusalIn,
} from './device-bench.ts';

const random = seededRandom(3);
const legacyLock = (durable?: DeviceBench['durable']) => poweredLock(durable, { ...identity, suite: 'legacy' });

interface LegacySession {
  readonly key: AesBlock;
  readonly bind: Uint8Array;
}

function run(lock: DeviceBench, kind: 'bind' | 'session', psk: Uint8Array): LegacySession {
  const rs = random.octets(16);
  const seed = random.octets(16);
  const pskKind = kind === 'bind' ? 'factory' : 'binding';
  const head = { suite: 'legacy', run: kind, pskKind, keyVersion: 1, resetCount: 0 } as const;
  const before = lock.sent.length;
  lock.message(sealLegacyM1(primitives, psk, head, rs, seed, random.octets(16)));
  if (kind === 'bind') lock.input({ kind: 'button' });
  const m2 = openLegacyM2(
    primitives,
    stageBKey(primitives, psk, seed),
    ofKind(lock.sent.slice(before), MESSAGE.m2)[0]!.octets,
  );
  expect(m2.rs).toEqual(rs);
  const keys = legacyKeys(primitives, psk, rs, m2.rl, IDENTIFIER);
  return { key: primitives.aes(keys.session), bind: keys.bind };
}

let counter = 0;
const frameOf = (session: LegacySession, body: RequestBody): Uint8Array =>
  sealLegacyFrame(session.key, ++counter, encodeRequest('own', body));

function ask(lock: DeviceBench, session: LegacySession, body: RequestBody): Answer | undefined {
  const sent = lock.message(frameOf(session, body), 1, CHANNEL.raw).filter((each) => each.channel === CHANNEL.raw);
  return sent[0] === undefined ? undefined : decodeAnswer(openLegacyFrame(session.key, sent[0].octets).plaintext);
}

function boundLegacyLock(): { lock: DeviceBench; session: LegacySession } {
  counter = 0;
  const lock = legacyLock();
  const session = run(lock, 'bind', FACTORY_KEY);
  const answer = ask(lock, session, { name: 'get_nonce' });
  if (answer?.kind !== 'time') throw new Error('no time answer');
  expect(
    ask(lock, session, { name: 'set_time', nonce: answer.nonce, stepBack: false, timeS: nowS(lock) }),
  ).toMatchObject({
    result: 'done',
  });
  return { lock, session };
}

const unlock = (lock: DeviceBench, late = 0) =>
  ({ name: 'lock_control', operation: 'unlock', timeToLiveS: 0, stampS: nowS(lock) - late }) as const;
const acts = (lock: DeviceBench) => lock.effects.filter((effect) => effect.kind === 'act').length;

it('legacy: binds by two stages, the first good frame makes the key active, and a command is answered', () => {
  const { lock, session } = boundLegacyLock();
  expect(lock.durable.record.active?.key.reveal()).toEqual(session.bind);
  expect(ask(lock, session, unlock(lock))).toBeUndefined();
  const receipt = lock.act()[0]!;
  expect(receipt.octets).toHaveLength(20);
  expect(decodeAnswer(openLegacyFrame(session.key, receipt.octets).plaintext)).toMatchObject({ id: 3, result: 'done' });
});

it('legacy: binding waits for a confirmation at the lock, and is refused while bound', () => {
  const { lock } = boundLegacyLock();
  const head = { suite: 'legacy', run: 'bind', pskKind: 'factory', keyVersion: 2, resetCount: 0 } as const;
  const m1 = sealLegacyM1(primitives, FACTORY_KEY, head, random.octets(16), random.octets(16), random.octets(16));
  expect(refusalIn(lock.message(m1))).toBe('bound');
  expect(refusalIn(legacyLock().message(m1))).toBe('confirm_at_lock');
});

it('legacy: a window of 30 s, no time to live', () => {
  const { lock, session } = boundLegacyLock();
  expect(ask(lock, session, unlock(lock, 31))).toMatchObject({ kind: 'time' });
  expect(ask(lock, session, unlock(lock, -31))).toMatchObject({ kind: 'time' });
  expect(acts(lock)).toBe(0);
  ask(lock, session, unlock(lock, 30));
  expect(acts(lock)).toBe(1);
});

it('attack 1, legacy: a frame is taken once, and its counter is in flash before the bolt moves', () => {
  const { lock, session } = boundLegacyLock();
  const frame = frameOf(session, unlock(lock));
  lock.holdWrites = true;
  lock.message(frame, 1, CHANNEL.raw);
  expect(acts(lock)).toBe(0);
  lock.flush();
  expect(acts(lock)).toBe(1);
  expect(lock.durable.record.legacyCounter).toBe(counter);
  lock.holdWrites = false;
  lock.act();
  lock.message(frame, 1, CHANNEL.raw);
  expect(acts(lock)).toBe(1);
  lock.reboot();
  lock.input({ kind: 'connected', link: 1 });
  run(lock, 'session', session.bind);
  lock.message(frame, 1, CHANNEL.raw);
  expect(acts(lock)).toBe(1);
});

it('legacy: frames that fail the check make the lock wait, longer each time', () => {
  const { lock, session } = boundLegacyLock();
  for (let i = 0; i < 40; i++) {
    const noise = frameOf(session, unlock(lock));
    noise[5]! ^= 0x5a;
    lock.message(noise, 1, CHANNEL.raw);
  }
  expect(ask(lock, session, { name: 'get_nonce' })).toBeUndefined();
  lock.pass(5 * 60_000);
  expect(ask(lock, session, { name: 'get_nonce' })).toMatchObject({ kind: 'time' });
});

it('attack 5: each suite refuses the other', () => {
  expect(refusalIn(legacyLock().message(new RasBench().m1('bind', FACTORY_KEY).octets))).toBeUndefined();
  const head = { suite: 'legacy', run: 'bind', pskKind: 'factory', keyVersion: 1, resetCount: 0 } as const;
  const m1 = sealLegacyM1(primitives, FACTORY_KEY, head, random.octets(16), random.octets(16), random.octets(16));
  expect(refusalIn(poweredLock().message(m1))).toBe('unsupported');
  const { m1: hardened, seed } = new RasBench().m1('bind', FACTORY_KEY);
  const forged = sealM1(primitives, FACTORY_KEY, { ...hardened, suite: 'legacy' }, seed, random.octets(16));
  expect(refusalIn(poweredLock().message(forged))).toBe('unsupported');
});
