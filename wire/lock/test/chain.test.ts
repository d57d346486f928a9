import { readFileSync } from 'node:fs';
import { verifyP256 } from '@cardea/kit-node';
import { concat, fromAscii, fromHex, toHex } from '@cardea/kit-octets';
import type { ChainHead, LockEvent } from '@cardea/wire-profile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyChange,
  CHAIN_PARTS,
  chainSigned,
  chainStart,
  type DurableState,
  decodeAnswer,
  decodeChainPart,
  decodeDurable,
  decodeEvent,
  decodeFrameMessage,
  encodeChainParts,
  encodeDurable,
  encodeEvent,
  FACTORY_STATE,
  joinChainParts,
  LockError,
  lockChain,
  lockIdOf,
  MESSAGE,
  openFrame,
} from '../src/index.ts';
import { boundPair } from './controller-bench.ts';
import { bind, boundLock, type DeviceBench, IDENTIFIER, nowS, ofKind, primitives, SERIAL } from './device-bench.ts';

const octets = (sizeOctets: number) => fc.uint8Array({ minLength: sizeOctets, maxLength: sizeOctets });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const head: fc.Arbitrary<ChainHead> = fc.record({
  day: uint32,
  sequence: uint32,
  hash: octets(32),
  signature: octets(64),
});
const join = (parts: readonly Uint8Array[]): ChainHead =>
  joinChainParts(parts.map((part) => decodeChainPart(part).octets));
/** h over these events, as anybody can compute it. */
const hashOf = (events: readonly LockEvent[]): Uint8Array =>
  events.reduce(
    (hash, event) => primitives.sha256(hash, encodeEvent(event)),
    primitives.sha256(fromAscii('cardea-lock-chain-1 start'), lockIdOf(IDENTIFIER)),
  );
/** Every event that the lock has ever written to its flash. */
const written = (lock: DeviceBench): LockEvent[] =>
  lock.effects.flatMap((effect) =>
    effect.kind === 'persist' && effect.change.kind === 'event' ? [effect.change.event] : [],
  );

describe('parts of a chain head', () => {
  it('come back as they were, and are told apart', () => {
    fc.assert(
      fc.property(head, (each) => {
        const parts = encodeChainParts(each);
        expect(parts).toHaveLength(CHAIN_PARTS);
        expect(parts.map((part) => decodeChainPart(part).number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
        expect(join(parts)).toEqual(each);
        for (const part of parts) {
          expect(() => decodeEvent(part)).toThrow(LockError);
          expect(() => decodeAnswer(part)).toThrow(LockError);
        }
      }),
    );
  });
  it('are refused when cut off, with any single bit of their first twelve octets flipped, or when one is missing', () => {
    const parts = encodeChainParts({
      day: 20_000,
      sequence: 9,
      hash: new Uint8Array(32),
      signature: new Uint8Array(64),
    });
    const [part] = parts;
    for (let size = 0; size < 16; size++) expect(() => decodeChainPart(part!.slice(0, size))).toThrow(LockError);
    for (let bit = 0; bit < 12 * 8; bit++) {
      const flipped = part!.map((octet, at) => (at === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
      expect(() => decodeChainPart(flipped), `bit ${bit}`).toThrow(LockError);
    }
    expect(() => join(parts.slice(1))).toThrow(LockError);
    expect(() => join([...parts, part!])).toThrow(LockError);
  });
  it('agree with vectors/lock.json', () => {
    const { chain } = JSON.parse(readFileSync(new URL('../../../vectors/lock.json', import.meta.url), 'utf8'));
    let hash = chainStart(primitives, chain.identifier);
    expect(toHex(hash)).toBe(chain.start);
    for (const { plaintext, h } of chain.events) {
      hash = lockChain.next(primitives, hash, decodeEvent(fromHex(plaintext)));
      expect(toHex(hash)).toBe(h);
    }
    const read = join(chain.parts.map(fromHex));
    expect(toHex(read.hash)).toBe(toHex(hash));
    expect(toHex(chainSigned(chain.identifier, read))).toBe(chain.signed);
    expect(verifyP256(fromHex(chain.serialPublicKey), fromHex(chain.signed), read.signature)).toBe(true);
  });
});

describe('the chain at the lock', () => {
  const headOf = (lock: DeviceBench, ras: ReturnType<typeof boundLock>['ras']): ChainHead => {
    const sent = lock.message(ras.command({ name: 'chain_head' }));
    const parts = ofKind(sent, MESSAGE.event).map(
      ({ octets }) => openFrame(ras.keys!.frames.event, decodeFrameMessage('event', octets))!,
    );
    expect(ras.answer(sent.at(-1)!.octets)).toMatchObject({ kind: 'receipt', id: 0x0a, result: 'done' });
    return join(parts);
  };

  it("h(n) = SHA-256(h(n-1) | event plaintext), signed by the serial key with the day of the lock's clock", () => {
    const { lock, ras } = boundLock();
    for (let i = 0; i < 20; i++) lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
    const signed = headOf(lock, ras);
    expect(signed.sequence).toBe(lock.durable.eventSequence);
    expect(signed.day).toBe(Math.floor(nowS(lock) / 86_400));
    expect(toHex(signed.hash)).toBe(toHex(hashOf(written(lock))));
    expect(verifyP256(SERIAL.publicKey, chainSigned(IDENTIFIER, signed), signed.signature)).toBe(true);
    expect(verifyP256(SERIAL.publicKey, chainSigned('C0FFEE00112B', signed), signed.signature)).toBe(false);
  });
  it('goes on over acknowledgement, power cuts, a full ring and a reset', () => {
    const { lock, ras } = boundLock();
    lock.message(ras.command({ name: 'event_ack', sequence: lock.durable.eventSequence, stampS: nowS(lock) }));
    for (let i = 0; i < 700; i++) lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
    lock.reboot();
    lock.input({ kind: 'factory-reset' });
    lock.reboot();
    lock.input({ kind: 'connected', link: 1 });
    bind(lock, ras, { keyVersion: 2, resetCount: 1 });
    const signed = headOf(lock, ras);
    const events = written(lock);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at + 1));
    expect(signed).toMatchObject({ sequence: events.length, hash: hashOf(events) });
  });
  it('counts only what is in flash: an event on its way there is not in the head', () => {
    const { lock, ras } = boundLock();
    lock.holdWrites = true;
    const sequence = lock.durable.eventSequence;
    lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
    expect(headOf(lock, ras)).toMatchObject({ sequence, hash: lock.durable.chain });
    lock.flush();
    expect(headOf(lock, ras)).toMatchObject({ sequence: sequence + 1, hash: lock.durable.chain });
  });
  it('answers busy while a head is being signed, and unsupported when it was made without a serial key', () => {
    const { lock, ras } = boundLock();
    lock.holdSignatures = true;
    expect(lock.message(ras.command({ name: 'chain_head' }))).toEqual([]);
    const again = lock.message(ras.command({ name: 'chain_head' }));
    expect(ras.answer(again[0]!.octets)).toMatchObject({ result: 'busy' });
    const sign = lock.effects.findLast((effect) => effect.kind === 'sign')!;
    lock.input({ kind: 'signed', id: sign.id, signature: undefined });
    expect(ras.answer(lock.sent.at(-1)!.octets)).toMatchObject({ id: 0x0a, result: 'unsupported' });
  });
  it('a flash image of before the chain is read, and the chain begins at its next event', () => {
    const durable: DurableState = { ...FACTORY_STATE, eventSequence: 3 };
    const image = encodeDurable(durable);
    const older = concat(Uint8Array.of(1), image.slice(1, 74), image.slice(-2));
    expect(decodeDurable(older)).toEqual(durable);
    const next = { kind: 'event', event: written(boundLock().lock)[0]!, chain: new Uint8Array(32).fill(1) } as const;
    expect(applyChange(durable, next).chain).toEqual(next.chain);
  });
});

describe('the chain at the server', () => {
  it('a head that was asked for comes before its receipt', () => {
    const pair = boundPair();
    pair.input({ kind: 'chain-head', attempt: 'head', expiresAtMs: pair.unixMs + 10_000 });
    pair.deliver();
    const [first] = pair.ofKind('chain-head');
    expect(pair.ofKind('chain-head')).toHaveLength(1);
    expect(first!.head.sequence).toBe(pair.lock.durable.eventSequence);
    expect(toHex(first!.head.hash)).toBe(toHex(hashOf(written(pair.lock))));
    expect(pair.outcomes('head')).toMatchObject([{ kind: 'succeeded' }]);
  });
  it('parts of two heads are never put together, whatever order and copies they come in', () => {
    const pair = boundPair();
    const carried: { channel: number; octets: Uint8Array }[] = [];
    for (const attempt of ['one', 'two']) {
      pair.input({ kind: 'chain-head', attempt, expiresAtMs: pair.unixMs + 10_000 });
      for (const message of pair.toLock.splice(0)) pair.carryToLock(message);
      carried.push(...pair.toRas.splice(0));
      const receipt = carried.findLast(({ octets }) => octets[0] === MESSAGE.receipt)!;
      pair.input({ ...receipt, kind: 'message' });
      pair.lock.input({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
    }
    const parts = carried.filter(({ octets }) => octets[0] === MESSAGE.event);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: parts.length - 1 }), { maxLength: 40 }), (order) => {
        const before = pair.state;
        const from = pair.effects.length;
        for (const at of order) pair.input({ ...parts[at]!, kind: 'message' });
        for (const effect of pair.effects.slice(from)) {
          if (effect.kind !== 'chain-head') continue;
          expect(verifyP256(SERIAL.publicKey, chainSigned(IDENTIFIER, effect.head), effect.head.signature)).toBe(true);
        }
        pair.state = before;
      }),
    );
    for (const part of parts) pair.input({ ...part, kind: 'message' });
    expect(pair.ofKind('chain-head').length).toBeGreaterThanOrEqual(2);
  });
});
