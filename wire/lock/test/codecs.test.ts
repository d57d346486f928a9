import { readFileSync } from 'node:fs';
import { concat, fromHex, toHex } from '@cardea/kit-octets';
import { EMPTY_ACCESS, encodeAccessRecord } from '@cardea/wire-access';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COUNTER_MAX,
  cardeaDriver,
  cardeaLegacyDriver,
  decodeAnswer,
  decodeCommandFrame,
  decodeConfirmS,
  decodeDurable,
  decodeEvent,
  decodeRefusal,
  decodeRequest,
  decodeUnbound,
  EVENT_OCTET,
  encodeAnswer,
  encodeBound,
  encodeCommandFrame,
  encodeConfirmS,
  encodeDurable,
  encodeEvent,
  encodeRefusal,
  encodeRequest,
  encodeUnbound,
  FACTORY_STATE,
  frameCounter,
  frameKeys,
  INSTRUCTIONS,
  LEGACY_CHARACTERISTIC,
  LINK_CHARACTERISTIC,
  LockError,
  lockIdOf,
  lockLink,
  openBeacon,
  openFrame,
  openLegacyFrame,
  openLiteralFrame,
  openM1,
  openM2,
  REFUSAL,
  RESULT,
  Reassembler,
  type RequestBody,
  recogniseBound,
  sealFrame,
  sealLegacyFrame,
  sealLiteralFrame,
  sealM1,
  sealM2,
  segment,
} from '../src/index.ts';
import { IDENTIFIER, primitives } from './device-bench.ts';

const octets = (sizeOctets: number) => fc.uint8Array({ minLength: sizeOctets, maxLength: sizeOctets });
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const operation = fc.constantFrom('unlock', 'lock', 'status');

const body: fc.Arbitrary<RequestBody> = fc.oneof(
  fc.record({ name: fc.constant('lock_control'), operation, timeToLiveS: uint(8), stampS: uint(32) }),
  fc.record({ name: fc.constant('nonce_fresh_lock_control'), operation, nonce: octets(8), timeToLiveS: uint(32) }),
  fc.record({ name: fc.constant('get_nonce') }),
  fc.record({ name: fc.constant('set_time'), nonce: octets(8), stepBack: fc.boolean(), timeS: uint(32) }),
  fc.record({ name: fc.constant('event_ack'), sequence: uint(32), stampS: uint(32) }),
  fc.record({ name: fc.constant('configure'), autoRelockS: uint(16), heldOpenS: uint(16), stampS: uint(32) }),
  fc.record({ name: fc.constant('reset'), stampS: uint(32) }),
) as fc.Arbitrary<RequestBody>;

const bits = fc.record({
  boltOut: fc.boolean(),
  jammed: fc.boolean(),
  doorOpen: fc.boolean(),
  tamper: fc.boolean(),
  privacy: fc.boolean(),
});
const clock = fc.constantFrom('valid' as const, 'uncertain' as const, 'unset' as const);
const answer = fc.oneof(
  fc.record({
    kind: fc.constant('receipt' as const),
    id: fc.integer({ min: 0, max: 0x6f }),
    result: fc.constantFrom(...(Object.keys(RESULT) as (keyof typeof RESULT)[])),
    bits,
    batteryPercent: fc.integer({ min: 0, max: 100 }),
    eventSequence: uint(32),
    clock,
    detail: uint(8),
    lockTimeS: uint(32),
  }),
  fc.record({ kind: fc.constant('time' as const), id: uint(6), clock, nonce: octets(8), lockTimeS: uint(32) }),
);
const event = fc.record({
  sequence: fc.integer({ min: 1, max: 0xffff_ffff }),
  code: fc.constantFrom(...(Object.keys(EVENT_OCTET) as (keyof typeof EVENT_OCTET)[])),
  actor: uint(32),
  detail: uint(8),
  lockTimeS: uint(32),
});

/** Every truncation, and one octet too many, is refused by a LockError. */
function refusesOtherLengths(message: Uint8Array, decode: (octets: Uint8Array) => unknown): void {
  for (let size = 0; size < message.length; size++) expect(() => decode(message.slice(0, size))).toThrow(LockError);
  expect(() => decode(concat(message, Uint8Array.of(0)))).toThrow(LockError);
}

const flips = (message: Uint8Array): Uint8Array[] =>
  Array.from({ length: 8 * message.length }, (_, bit) =>
    message.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet)),
  );

describe('plaintext frames', () => {
  it('requests come back as they were', () => {
    fc.assert(
      fc.property(fc.constantFrom('operate', 'manage', 'own'), body, (commandClass, each) => {
        const decoded = decodeRequest(encodeRequest(commandClass as 'own', each));
        expect(decoded).toMatchObject({ kind: 'request', request: { body: each } });
      }),
    );
  });
  it('answers come back as they were', () => {
    fc.assert(
      fc.property(answer, (each) => {
        expect(decodeAnswer(encodeAnswer(each))).toEqual(each);
      }),
    );
  });
  it('events come back as they were', () => {
    fc.assert(
      fc.property(event, (each) => {
        expect(decodeEvent(encodeEvent(each))).toEqual(each);
      }),
    );
  });
  it('every truncation is refused, and every flipped bit before the word by the XOR check', () => {
    const frame = encodeRequest('own', { name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: 7 });
    refusesOtherLengths(frame, decodeCommandFrame);
    for (const flipped of flips(frame).slice(0, 96)) expect(() => decodeCommandFrame(flipped)).toThrow(LockError);
  });
  it('what is not in the instruction table is unsupported, and ids are listed once', () => {
    expect(new Set(INSTRUCTIONS.map((row) => row.id)).size).toBe(INSTRUCTIONS.length);
    const of = (id: number, value: number[], word = 0) =>
      decodeRequest(
        encodeCommandFrame({ id, type: 1, value: Uint8Array.from({ length: 9 }, (_, i) => value[i] ?? 0), word }),
      );
    expect(of(0x00, []).kind).toBe('unsupported');
    expect(of(0x7f, []).kind).toBe('unsupported');
    expect(of(0x03, [5, 10]).kind).toBe('unsupported');
    expect(of(0x03, [1, 10, 1]).kind).toBe('unsupported');
    expect(of(0x05, [], 1).kind).toBe('unsupported');
    expect(of(0x06, [1, 2, 3, 4, 5, 6, 7, 8, 2]).kind).toBe('unsupported');
  });
  it('a field out of its range is not written', () => {
    const stampS = 2 ** 32;
    expect(() => encodeRequest('own', { name: 'reset', stampS })).toThrow(LockError);
    expect(() => encodeRequest('own', { name: 'configure', autoRelockS: 65_536, heldOpenS: 0, stampS: 0 })).toThrow(
      LockError,
    );
    expect(() => encodeRequest('own', { name: 'event_ack', sequence: -1, stampS: 0 })).toThrow(LockError);
  });
});

describe('sealed frames', () => {
  const of = (kind: 'command' | 'receipt' | 'event') =>
    frameKeys(primitives, kind, {
      enc: new Uint8Array(16).fill(1),
      mac: new Uint8Array(16).fill(2),
      iv: new Uint8Array(16).fill(3),
    });
  const keys = of('command');

  it('what was sealed opens, under its counter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: COUNTER_MAX }), octets(16), (counter, plaintext) => {
        const frame = sealFrame(keys, counter, plaintext);
        expect(frameCounter(frame)).toBe(counter);
        expect(openFrame(keys, frame)).toEqual(plaintext);
      }),
    );
  });
  it('no flipped bit and no other length opens', () => {
    const frame = sealFrame(keys, 1, new Uint8Array(16));
    for (const flipped of flips(frame)) expect(openFrame(keys, flipped)).toBeUndefined();
    refusesOtherLengths(frame, (each) => openFrame(keys, each));
  });
  it('attack 10: the same keys in the other direction or kind do not open it', () => {
    const frame = sealFrame(keys, 1, new Uint8Array(16));
    expect(openFrame(of('receipt'), frame)).toBeUndefined();
    expect(openFrame(of('event'), sealFrame(of('receipt'), 1, new Uint8Array(16)))).toBeUndefined();
  });
  it('counters are 1 to 2^32 - 1', () => {
    for (const counter of [0, -1, 1.5, 2 ** 32]) {
      expect(() => sealFrame(keys, counter, new Uint8Array(16))).toThrow(LockError);
    }
  });
  it('attack 3: a random block passes the 8-bit check about once in 250, never the tag', () => {
    const key = primitives.aes(new Uint8Array(16).fill(9));
    const passes = (open: (n: number) => Uint8Array | undefined): number => {
      let count = 0;
      for (let n = 1; n <= 20_000; n++) {
        const plaintext = open(n);
        if (plaintext === undefined) continue;
        try {
          decodeCommandFrame(plaintext);
          count++;
        } catch {}
      }
      return count;
    };
    const noise = (n: number, sizeOctets: number): Uint8Array => {
      const stream = primitives.sha256(Uint8Array.of(n >> 16, n >> 8, n));
      return stream.slice(0, sizeOctets);
    };
    const weak = passes((n) => openLiteralFrame(key, concat(noise(n, 16), noise(n + 1_000_000, 16))));
    expect(weak).toBeGreaterThan(40);
    expect(weak).toBeLessThan(140);
    expect(passes((n) => openFrame(keys, noise(n, 28)))).toBe(0);
  });
  it('attack 2, weak double: a flipped bit of the IV turns LOCK into UNLOCK on the literal frame', () => {
    const key = primitives.aes(new Uint8Array(16).fill(9));
    const lock = encodeRequest('operate', { name: 'lock_control', operation: 'lock', timeToLiveS: 10, stampS: 1000 });
    const frame = sealLiteralFrame(key, new Uint8Array(16).fill(5), lock);
    // Octet 2 is the operation (2 lock, 1 unlock), octet 11 the check, octet 14 part of the time.
    for (const [at, flip] of [
      [2, 3],
      [11, 3],
      [14, 1],
    ] as const)
      frame[at]! ^= flip;
    expect(decodeRequest(openLiteralFrame(key, frame))).toMatchObject({
      kind: 'request',
      request: { body: { operation: 'unlock', stampS: 1000 ^ 0x100 } },
    });
  });
  it('a legacy frame comes back as it was', () => {
    const key = primitives.aes(new Uint8Array(16).fill(9));
    fc.assert(
      fc.property(uint(32), octets(16), (counter, plaintext) => {
        expect(openLegacyFrame(key, sealLegacyFrame(key, counter, plaintext))).toEqual({ counter, plaintext });
      }),
    );
  });
});

describe('key agreement', () => {
  const psk = new Uint8Array(16).fill(4);
  const lockId = lockIdOf(IDENTIFIER);
  const m1 = {
    suite: 'hardened',
    run: 'bind',
    pskKind: 'factory',
    keyVersion: 3,
    resetCount: 9,
    lockId,
    rs: new Uint8Array(16).fill(6),
    epkS: concat(Uint8Array.of(4), new Uint8Array(64).fill(7)),
  } as const;
  const seed = new Uint8Array(16).fill(8);
  const iv = new Uint8Array(16).fill(5);

  it('M1 opens under its key and for its lock only', () => {
    const octetsOfM1 = sealM1(primitives, psk, m1, seed, iv);
    expect(openM1(primitives, psk, lockId, octetsOfM1)).toEqual({ m1, seed });
    expect(openM1(primitives, new Uint8Array(16), lockId, octetsOfM1)).toBeUndefined();
    expect(openM1(primitives, psk, lockIdOf('C0FFEE00112B'), octetsOfM1)).toBeUndefined();
    refusesOtherLengths(octetsOfM1, (each) => openM1(primitives, psk, lockId, each));
  });
  it('no flipped bit of M1 opens', () => {
    for (const flipped of flips(sealM1(primitives, psk, m1, seed, iv))) {
      let opened: unknown;
      try {
        opened = openM1(primitives, psk, lockId, flipped);
      } catch (error) {
        expect(error).toBeInstanceOf(LockError);
      }
      expect(opened).toBeUndefined();
    }
  });
  it('M2 opens for its own run only', () => {
    const m2 = { rl: new Uint8Array(16).fill(2), epkL: m1.epkS, capabilities: 0 };
    const confirmL = new Uint8Array(32).fill(1);
    const octetsOfM2 = sealM2(primitives, psk, m1.rs, m2, iv, confirmL);
    expect(openM2(primitives, psk, m1.rs, octetsOfM2)).toEqual({ m2, confirmL });
    expect(openM2(primitives, psk, new Uint8Array(16), octetsOfM2)).toBeUndefined();
    refusesOtherLengths(octetsOfM2, (each) => openM2(primitives, psk, m1.rs, each));
  });
  it('confirmS and refusals come back as they were, at their one length', () => {
    const confirmS = new Uint8Array(32).map((_, i) => i);
    expect(decodeConfirmS(encodeConfirmS(confirmS))).toEqual(confirmS);
    refusesOtherLengths(encodeConfirmS(confirmS), decodeConfirmS);
    for (const code of Object.keys(REFUSAL) as (keyof typeof REFUSAL)[]) {
      const refusal = { code, keyVersion: 0xffff_ffff, resetCount: 1 };
      expect(decodeRefusal(encodeRefusal(refusal))).toEqual(refusal);
      refusesOtherLengths(encodeRefusal(refusal), decodeRefusal);
    }
    expect(() => decodeRefusal(fromHex('1f000000000000000000'))).toThrow(LockError);
    expect(() => decodeRefusal(fromHex('1fff0000000000000000'))).toThrow(LockError);
  });
});

describe('segmentation', () => {
  it('a message of 1 to 1,024 octets crosses every MTU whole', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 1024 }),
        fc.integer({ min: 23, max: 517 }),
        fc.integer({ min: 1, max: 63 }),
        (message, mtu, channel) => {
          const reassembler = new Reassembler();
          const pieces = segment(channel, message, mtu);
          for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(mtu - 3);
          const results = pieces.map((piece) => reassembler.take(piece, 0));
          expect(results.pop()).toEqual({ kind: 'message', channel, octets: message });
          for (const result of results) expect(result).toEqual({ kind: 'partial' });
        },
      ),
    );
  });
  it('no interleaving, no piece of nothing, no channel 0, no message of over 1,024 octets', () => {
    const taken = (...pieces: string[]) => {
      const reassembler = new Reassembler();
      return pieces.map((piece) => reassembler.take(fromHex(piece), 0).kind).at(-1);
    };
    expect(taken('4101', '4101')).toBe('broken');
    expect(taken('4101', '0101')).toBe('broken');
    expect(taken('4101', 'c201')).toBe('broken');
    expect(taken('c101')).toBe('broken');
    expect(taken('8101')).toBe('broken');
    expect(taken('0001')).toBe('broken');
    expect(taken('01')).toBe('broken');
    expect(taken('')).toBe('broken');
    const long = `41${'00'.repeat(400)}`;
    expect(taken(long, `81${'00'.repeat(400)}`, `c1${'00'.repeat(225)}`)).toBe('broken');
    expect(() => segment(1, new Uint8Array(1025), 23)).toThrow(LockError);
    expect(() => segment(1, new Uint8Array(0), 23)).toThrow(LockError);
  });
  it('a message that stops is dropped after 20 s', () => {
    const reassembler = new Reassembler();
    reassembler.take(fromHex('4101'), 0);
    expect(reassembler.take(fromHex('0102'), 20_001)).toEqual({ kind: 'message', channel: 1, octets: fromHex('02') });
  });
  it('legacy frames cross raw, other lengths end the link', () => {
    const link = lockLink(23);
    const frame = new Uint8Array(20);
    expect(link.encode(0, frame)).toEqual([{ characteristic: LEGACY_CHARACTERISTIC, value: frame }]);
    expect(link.decode(LEGACY_CHARACTERISTIC, frame, 0)).toEqual({ kind: 'message', channel: 0, octets: frame });
    expect(link.decode(LEGACY_CHARACTERISTIC, frame.slice(1), 0).kind).toBe('broken');
    expect(link.decode('other', frame, 0).kind).toBe('broken');
    expect(link.encode(1, frame)[0]!.characteristic).toBe(LINK_CHARACTERISTIC);
    expect(() => link.encode(0, frame.slice(1))).toThrow(LockError);
  });
});

describe('advertisement', () => {
  const keys = { advertisement: new Uint8Array(16).fill(1), beacon: new Uint8Array(16).fill(2) };
  const beacon = {
    sequence: 77,
    bits: { boltOut: true, jammed: false, doorOpen: true, tamper: false, privacy: true },
    eventsWait: true,
    batteryPercent: 55,
  };
  const r = fromHex('010203040506');
  const known = [{ identifier: IDENTIFIER, maker: 'cardea', advertisementKey: keys.advertisement }];

  it('a bound lock is recognised by its key and read by its beacon key only', () => {
    const data = encodeBound(primitives, keys, r, beacon);
    expect(data.length).toBeLessThanOrEqual(24);
    const sighting = cardeaDriver(primitives).recognise(data, known);
    if (sighting?.kind !== 'bound') throw new Error('not recognised');
    expect(openBeacon(primitives, keys.beacon, sighting.state)).toEqual(beacon);
    expect(openBeacon(primitives, keys.advertisement, sighting.state)).toBeUndefined();
    for (const flipped of flips(sighting.state)) expect(openBeacon(primitives, keys.beacon, flipped)).toBeUndefined();
    expect(recogniseBound(primitives, keys.beacon, data)).toBeUndefined();
    for (let size = 0; size < data.length; size++) {
      expect(recogniseBound(primitives, keys.advertisement, data.slice(0, size))).toBeUndefined();
    }
  });
  it('an unbound lock says who it is', () => {
    const data = encodeUnbound({ lockId: lockIdOf(IDENTIFIER), model: 513, windowOpen: true });
    expect(decodeUnbound(data)).toEqual({ lockId: lockIdOf(IDENTIFIER), model: 513, windowOpen: true });
    const sighting = { kind: 'unbound', identifier: IDENTIFIER, model: 513, windowOpen: true };
    expect(cardeaDriver(primitives).recognise(data, [])).toEqual(sighting);
    expect(cardeaLegacyDriver(primitives).recognise(data, [])).toBeUndefined();
    for (let size = 0; size < data.length; size++) expect(decodeUnbound(data.slice(0, size))).toBeUndefined();
  });
});

describe('flash image', () => {
  it('comes back as it was, and not when cut off', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.integer({ min: -1e12, max: 1e12 }), (events, clockOffsetMs) => {
        const record = { ...FACTORY_STATE.record, clockOffsetMs, resetCount: 3 };
        const access = { ...EMPTY_ACCESS, orderNo: 7, mode: { mode: 'passage', untilS: 9 } } as const;
        const durable = { record, access, events, eventSequence: 9, chain: new Uint8Array(32).fill(7) };
        expect(decodeDurable(encodeDurable(durable))).toEqual(durable);
      }),
    );
    refusesOtherLengths(encodeDurable(FACTORY_STATE), decodeDurable);
  });
  it('of a lock from before it kept access rights is still read', () => {
    const durable = { ...FACTORY_STATE, record: { ...FACTORY_STATE.record, resetCount: 3 }, eventSequence: 9 };
    const image = encodeDurable(durable);
    const accessSize = encodeAccessRecord(EMPTY_ACCESS).length + 2;
    const head = image.slice(0, 1 + 69 + 4);
    const withoutAccess = concat(head, new Uint8Array(32), image.slice(1 + 69 + 4 + 32 + accessSize));
    withoutAccess[0] = 2;
    expect(decodeDurable(withoutAccess)).toEqual(durable);
  });
});

describe('vectors/lock.json', () => {
  const vectors = JSON.parse(readFileSync(new URL('../../../vectors/lock.json', import.meta.url), 'utf8'));
  const hex = (text: string) => fromHex(text);

  it('every frame that is to be accepted opens to what it says', () => {
    expect(vectors.frames.accept.length).toBeGreaterThan(5);
    for (const vector of vectors.frames.accept) {
      const keys = frameKeys(primitives, vector.kind, {
        enc: hex(vector.keys.enc),
        mac: hex(vector.keys.mac),
        iv: hex(vector.keys.iv),
      });
      expect(toHex(openFrame(keys, hex(vector.frame))!)).toBe(vector.plaintext);
      expect(toHex(sealFrame(keys, vector.counter, hex(vector.plaintext)))).toBe(vector.frame);
    }
  });
  it('every frame that is to be refused is', () => {
    expect(vectors.frames.refuse.length).toBeGreaterThan(3);
    for (const vector of vectors.frames.refuse) {
      const keys = frameKeys(primitives, vector.kind, {
        enc: hex(vector.keys.enc),
        mac: hex(vector.keys.mac),
        iv: hex(vector.keys.iv),
      });
      let opened: Uint8Array | undefined;
      try {
        opened = openFrame(keys, hex(vector.frame));
        if (opened !== undefined) decodeRequest(opened);
        else throw new LockError('check', 'tag');
      } catch (error) {
        expect(error).toBeInstanceOf(LockError);
        continue;
      }
      throw new Error(`accepted: ${vector.why}`);
    }
  });
  it('both stages open to what they say', () => {
    for (const vector of vectors.agreement.accept) {
      const opened = openM1(primitives, hex(vector.psk), hex(vector.lockId), hex(vector.m1))!;
      expect(toHex(opened.m1.rs)).toBe(vector.rs);
      expect(toHex(opened.seed)).toBe(vector.seed);
    }
    for (const vector of vectors.agreement.refuse) {
      let opened: unknown;
      try {
        opened = openM1(primitives, hex(vector.psk), hex(vector.lockId), hex(vector.m1));
      } catch (error) {
        expect(error).toBeInstanceOf(LockError);
      }
      expect(opened).toBeUndefined();
    }
  });
});
