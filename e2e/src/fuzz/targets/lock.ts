import { nodePrimitives as primitives } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import {
  CHANNEL,
  cardeaDriver,
  cardeaLegacyDriver,
  decodeAnswer,
  decodeCommandFrame,
  decodeConfirmS,
  decodeDurable,
  decodeEvent,
  decodeFrameMessage,
  decodeM1Head,
  decodeRefusal,
  decodeRequest,
  decodeUnbound,
  encodeAnswer,
  encodeBound,
  encodeCommandFrame,
  encodeConfirmS,
  encodeDurable,
  encodeEvent,
  encodeFrameMessage,
  encodeRefusal,
  encodeRequest,
  encodeUnbound,
  FACTORY_STATE,
  frameKeys,
  LEGACY_CHARACTERISTIC,
  LINK_CHARACTERISTIC,
  LockError,
  legacyCounter,
  lockIdOf,
  lockLink,
  messageKind,
  openBeacon,
  openFrame,
  openLegacyM1,
  openLegacyM2,
  openM1,
  openM2,
  recogniseBound,
  sealFrame,
  sealLegacyM1,
  sealLegacyM2,
  sealM1,
  sealM2,
  segment,
} from '@cardea/wire-lock';
import type { LockEvent } from '@cardea/wire-profile';
import { boundPair, PairBench } from '../../../../wire/lock/test/controller-bench.ts';
import { boundLock, poweredLock } from '../../../../wire/lock/test/device-bench.ts';
import { foreseen, must, type Target } from '../target.ts';

const fill = (sizeOctets: number, first = 1): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => first + i);
const source = (...files: readonly string[]): readonly string[] => files.map((file) => `wire/lock/src/${file}`);
const IDENTIFIER = 'C0FFEE00112A';
const LOCK_ID = lockIdOf(IDENTIFIER);
const EVENT: LockEvent = { sequence: 9, code: 'unlocked', actor: 3, detail: 0, lockTimeS: 1_800_000_000 };
const NONCE = fill(8);

/** Reads octets; where that was possible, what is written again must be the same octets. */
function checked<T>(
  what: string,
  input: Uint8Array,
  decode: (octets: Uint8Array) => T | undefined,
  encode?: (value: T) => Uint8Array,
): void {
  const value = foreseen(LockError, () => decode(input));
  if (value !== undefined && encode !== undefined) must(toHex(encode(value)) === toHex(input), `${what} comes back`);
}

/** The check octet of a frame, or of each that a message may carry, as a sender would set it. */
function withCheck(input: Uint8Array): Uint8Array {
  if (input.length < 12) return input;
  const frame = input.slice();
  frame[11] = frame.subarray(0, 11).reduce((check, octet) => check ^ octet, 0);
  return frame;
}

/** The plain frames of 16 octets and the messages that carry them. */
export async function lockFramesTarget(): Promise<Target> {
  const status = { boltOut: true, jammed: false, doorOpen: true, tamper: false, privacy: false };
  return {
    name: 'lock-frames',
    covers: source('request', 'answer', 'event.ts', 'refusal', 'command-frame', 'lock-message', 'messages'),
    seeds: [
      encodeRequest('operate', { name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: 1_800_000_000 }),
      encodeRequest('operate', {
        name: 'nonce_fresh_lock_control',
        operation: 'status',
        nonce: NONCE,
        timeToLiveS: 10,
      }),
      encodeRequest('own', { name: 'set_time', nonce: NONCE, stepBack: false, timeS: 1_800_000_000 }),
      encodeRequest('own', { name: 'get_nonce' }),
      encodeRequest('own', { name: 'event_ack', sequence: 9, stampS: 5 }),
      encodeRequest('own', { name: 'configure', autoRelockS: 5, heldOpenS: 60, stampS: 5 }),
      encodeRequest('own', { name: 'reset', stampS: 5 }),
      encodeRequest('own', { name: 'apply', digest: NONCE, stampS: 5 }),
      encodeAnswer({
        kind: 'receipt',
        id: 1,
        result: 'done',
        bits: status,
        batteryPercent: 80,
        eventSequence: 7,
        clock: 'valid',
        detail: 0,
        lockTimeS: 1_800_000_000,
      }),
      encodeAnswer({ kind: 'time', id: 3, clock: 'unset', nonce: NONCE, lockTimeS: 0 }),
      encodeEvent(EVENT),
      encodeConfirmS(fill(32)),
      encodeFrameMessage('command', fill(28)),
      encodeFrameMessage('receipt', fill(28)),
      encodeFrameMessage('event', fill(28)),
      encodeRefusal({ code: 'no_session', keyVersion: 1, resetCount: 2 }),
    ],
    maxOctets: 64,
    repair: withCheck,
    run(input) {
      checked('a frame', input, decodeCommandFrame, encodeCommandFrame);
      checked('an answer', input, decodeAnswer, encodeAnswer);
      checked('an event', input, decodeEvent, encodeEvent);
      checked('a refusal', input, decodeRefusal, encodeRefusal);
      checked('confirmS', input, decodeConfirmS, encodeConfirmS);
      checked('a kind', input, messageKind);
      for (const kind of ['command', 'receipt', 'event'] as const) {
        checked(
          kind,
          input,
          (octets) => decodeFrameMessage(kind, octets),
          (frame) => encodeFrameMessage(kind, frame),
        );
      }
      const decoded = foreseen(LockError, () => decodeRequest(input));
      if (decoded?.kind !== 'request') return;
      const { body, classOctet } = decoded.request;
      const again = withCheck(
        Uint8Array.from(encodeRequest('own', body), (octet, at) => (at === 1 ? classOctet : octet)),
      );
      must(toHex(again) === toHex(input), 'a request comes back');
    },
  };
}

/** Advertisements of locks bound and not, as gateways and the RAS hear them. */
export async function lockAdvertisementTarget(): Promise<Target> {
  const keys = { advertisement: fill(16), beacon: fill(16, 40) };
  const bits = { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false };
  const beacon = { sequence: 5, bits, eventsWait: true, batteryPercent: 80 };
  const known = [
    { identifier: IDENTIFIER, maker: 'cardea', advertisementKey: keys.advertisement },
    { identifier: 'C0FFEE00112B', maker: 'cardea', advertisementKey: undefined },
  ];
  const drivers = [cardeaDriver(primitives), cardeaLegacyDriver(primitives)];
  return {
    name: 'lock-advertisement',
    covers: source('advertisement', 'driver'),
    seeds: [
      encodeBound(primitives, keys, fill(6), beacon),
      encodeUnbound({ lockId: LOCK_ID, model: 3, windowOpen: true }),
    ],
    maxOctets: 40,
    run(input) {
      checked('an unbound advertisement', input, decodeUnbound, encodeUnbound);
      for (const driver of drivers) driver.recognise(input, known);
      const state = recogniseBound(primitives, keys.advertisement, input);
      if (state !== undefined) openBeacon(primitives, keys.beacon, state);
      openBeacon(primitives, keys.beacon, input);
    },
  };
}

/** M1 and M2 of both suites and sealed frames, with the keys at hand. */
export async function lockAgreementTarget(): Promise<Target> {
  const psk = fill(16);
  const kb = fill(16, 60);
  const rs = fill(16, 90);
  const m1 = {
    suite: 'hardened' as const,
    run: 'bind' as const,
    pskKind: 'factory' as const,
    keyVersion: 1,
    resetCount: 0,
    lockId: LOCK_ID,
    rs,
    epkS: fill(65, 4),
  };
  const m2 = { rl: fill(16, 7), epkL: fill(65, 4), capabilities: 0 };
  const frames = frameKeys(primitives, 'command', { enc: fill(16), mac: fill(16, 2), iv: fill(16, 3) });
  const aes = primitives.aes(psk);
  return {
    name: 'lock-agreement',
    covers: source('key-agreement', 'legacy', 'sealed-frame', 'errors'),
    seeds: [
      sealM1(primitives, psk, m1, fill(16, 8), fill(16, 9)),
      sealM2(primitives, kb, rs, m2, fill(16, 9), fill(32)),
      sealLegacyM1(primitives, psk, { ...m1, suite: 'legacy' }, rs, fill(16, 8), fill(16, 9)),
      sealLegacyM2(primitives, kb, rs, fill(16, 7), fill(16, 9), 0),
      sealFrame(frames, 1, fill(16)),
    ],
    maxOctets: 200,
    run(input) {
      checked('the head of M1', input, decodeM1Head);
      checked('M1', input, (octets) => openM1(primitives, psk, LOCK_ID, octets));
      checked('M2', input, (octets) => openM2(primitives, kb, rs, octets));
      checked('a legacy M1', input, (octets) => openLegacyM1(primitives, psk, octets));
      checked('a legacy M2', input, (octets) => openLegacyM2(primitives, kb, octets));
      checked('a legacy counter', input, legacyCounter);
      checked('a sealed frame', input, (octets) => openFrame(frames, octets));
      must(aes !== undefined, 'keys are at hand');
    },
  };
}

/** Pieces of messages over GATT: each is a length, then as many octets; the first of them says which characteristic. */
export async function lockLinkTarget(): Promise<Target> {
  const piecesOf = (channel: number, sizeOctets: number, mtu: number): Uint8Array =>
    Uint8Array.from(segment(channel, fill(sizeOctets), mtu).flatMap((piece) => [piece.length + 1, 0, ...piece]));
  return {
    name: 'lock-link',
    covers: source('segmentation', 'driver'),
    seeds: [piecesOf(1, 60, 23), piecesOf(2, 10, 247), Uint8Array.of(21, 1, ...fill(20))],
    maxOctets: 2048,
    run(input) {
      const link = lockLink(23);
      for (const [at, piece] of pieces(input).entries()) {
        const characteristic = [LINK_CHARACTERISTIC, LEGACY_CHARACTERISTIC, 'other'][(piece[0] ?? 0) % 3] ?? '';
        const joined = link.decode(characteristic, piece.subarray(1), (piece[0] ?? 0) > 250 ? 100_000 * at : at);
        if (joined.kind !== 'message') continue;
        must(joined.octets.length <= 1024, 'a message is bounded');
        const again = foreseen(LockError, () => link.encode(joined.channel, joined.octets));
        must(again !== undefined || joined.channel === CHANNEL.raw, 'a message that came can be sent');
      }
    },
  };
}

/** A lock's flash. */
export async function lockFlashTarget(): Promise<Target> {
  const { lock } = boundLock();
  const access = {
    ...lock.durable.access,
    ...{ orderNo: 3, series: [{ series: 1, generation: 2 }], denied: [{ grantId: fill(16), leaseEndS: 9 }] },
  };
  return {
    name: 'lock-flash',
    covers: source('device/durable'),
    seeds: [encodeDurable(FACTORY_STATE), encodeDurable(lock.durable), encodeDurable({ ...lock.durable, access })],
    maxOctets: 400,
    run(input) {
      const durable = foreseen(LockError, () => decodeDurable(input));
      // Older versions come back as the newest one.
      if (durable !== undefined && input[0] === 3) {
        must(toHex(encodeDurable(durable)) === toHex(input), 'a flash image comes back');
      }
    },
  };
}

/** Octets cut into pieces: a length, then as many octets. */
export function pieces(input: Uint8Array): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < input.length && found.length < 64; at += 1 + (input[at] ?? 0)) {
    found.push(input.subarray(at + 1, at + 1 + (input[at] ?? 0)));
  }
  return found;
}

/** What the sealed part of a message says once a sender has sealed it, so that mutations reach behind the tag. */
const PLAIN = 0x80;

/**
 * Messages to a lock in each state of its life, one after the other. A piece: state (its low bits, of the first alone),
 * and whether the rest is a plain request that is sealed under the session's key, or a message as it stands.
 */
export async function lockDeviceTarget(): Promise<Target> {
  const { lock: bound, ras, bindingKey } = boundLock();
  const fresh = poweredLock();
  const offered = poweredLock();
  offered.message(ras.m1('bind', fill(16, 0)).octets);
  offered.input({ kind: 'button' });
  const snapshots = [fresh, offered, bound].map(({ state, durable, who, unixMs, monotonicMs }) => ({
    state,
    durable,
    who,
    unixMs,
    monotonicMs,
  }));
  const command = ras.keys?.frames.command;
  if (command === undefined) throw new Error('the bench has no session');
  const piece = (first: number, octets: Uint8Array): readonly number[] => [octets.length + 1, first, ...octets];
  const unlock = { name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: 1_800_000_000 } as const;
  const seeds = [
    encodeRequest('own', unlock),
    encodeRequest('own', { name: 'get_nonce' }),
    encodeRequest('own', { name: 'event_ack', sequence: 1, stampS: 1_800_000_000 }),
    encodeRequest('own', { name: 'configure', autoRelockS: 5, heldOpenS: 60, stampS: 1_800_000_000 }),
    encodeRequest('own', { name: 'reset', stampS: 1_800_000_000 }),
    encodeRequest('own', { name: 'apply', digest: NONCE, stampS: 1_800_000_000 }),
    encodeRequest('own', { ...unlock, operation: 'override' }),
    encodeRequest('own', { name: 'set_time', nonce: NONCE, stepBack: true, timeS: 1_800_000_100 }),
    encodeRequest('operate', { name: 'nonce_fresh_lock_control', operation: 'lock', nonce: NONCE, timeToLiveS: 9 }),
  ].map((request) => Uint8Array.from([...piece(2 | PLAIN, request), ...piece(2 | PLAIN, request)]));
  const m1 = (run: 'bind' | 'session', key: Uint8Array): Uint8Array => ras.m1(run, key).octets;
  return {
    name: 'lock-device',
    covers: source('device/', 'instructions', 'chain'),
    seeds: [
      ...seeds,
      Uint8Array.from(piece(0, m1('bind', fill(16, 0)))),
      Uint8Array.from(piece(2, m1('session', bindingKey))),
      Uint8Array.from(piece(1, encodeConfirmS(fill(32)))),
    ],
    maxOctets: 600,
    run(input) {
      const all = pieces(input);
      const at = ((all[0]?.[0] ?? 0) & 3) % snapshots.length;
      const snapshot = snapshots[at];
      if (snapshot === undefined) return;
      const lock = poweredLock(snapshot.durable, snapshot.who);
      Object.assign(lock, snapshot);
      let counter = 1000;
      for (const one of all.slice(0, 8)) {
        const [first = 0] = one;
        const octets = one.subarray(1);
        const frame = withCheck(octets.slice(0, 16));
        const message =
          (first & PLAIN) !== 0 && frame.length === 16
            ? encodeFrameMessage('command', sealFrame(command, ++counter, frame))
            : octets;
        const acts = lock.effects.length;
        lock.message(message, 1 + ((first >> 2) & 3), [1, 4, 0, 63][(first >> 4) & 3]);
        if (lock.effects.slice(acts).some(({ kind }) => kind === 'act')) {
          must(at === 2 && (first & PLAIN) !== 0, 'a bolt moves for sealed commands alone');
          lock.act((first & 4) !== 0 ? 'jammed' : 'done');
        }
        if ((first & 8) !== 0) lock.pass(61_000);
      }
    },
  };
}

/** Messages from a lock to the RAS's controller, in each state of a run, as they stand. */
export async function lockControllerTarget(): Promise<Target> {
  const rest = boundPair();
  const asked = boundPair();
  asked.operate('unlock');
  const binding = new PairBench();
  binding.input({ kind: 'bind', attempt: 'bind', expiresAtMs: binding.unixMs + 120_000 });
  const snapshots = [rest, asked, binding].map(({ state, unixMs, monotonicMs }) => ({ state, unixMs, monotonicMs }));
  const seeds = [rest, asked, binding].flatMap((pair, at) =>
    pair.lock.sent.map(({ octets }) => Uint8Array.from([octets.length + 1, at, ...octets])),
  );
  asked.deliver();
  const genuine = new Set(asked.lock.sent.map(({ octets }) => toHex(octets)));
  return {
    name: 'lock-controller',
    covers: source('controller/'),
    seeds: [
      ...seeds,
      ...asked.lock.sent.map(({ octets }) => Uint8Array.from([octets.length + 1, 1, ...octets])),
      Uint8Array.from([11, 2, ...encodeRefusal({ code: 'confirm_at_lock', keyVersion: 0, resetCount: 0 })]),
      Uint8Array.from([11, 1, ...encodeRefusal({ code: 'no_session', keyVersion: 1, resetCount: 0 })]),
    ],
    maxOctets: 600,
    run(input) {
      const all = pieces(input);
      const snapshot = snapshots[((all[0]?.[0] ?? 0) & 3) % snapshots.length];
      if (snapshot === undefined) return;
      let { state } = snapshot;
      for (const one of all.slice(0, 8)) {
        const [first = 0] = one;
        const now = { unixMs: snapshot.unixMs, monotonicMs: snapshot.monotonicMs };
        const channel = [1, 4, 0, 63][(first >> 4) & 3] ?? 1;
        const step = rest.controller.step({ primitives, now }, state, {
          kind: 'message',
          channel,
          octets: one.subarray(1),
        });
        state = step.state;
        for (const effect of step.effects) {
          if (effect.kind !== 'outcome') continue;
          const succeeded = effect.outcome.kind === 'succeeded';
          must(
            !succeeded || genuine.has(toHex(one.subarray(1))),
            'an attempt succeeds by the receipt of the lock alone',
          );
        }
      }
    },
  };
}
