import { generateP256, nodePrimitives as primitives } from '@cardea/kit-node';
import { concat } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AccessError,
  decodeHello,
  decodeKeyAnswer,
  decodePresentation,
  decodeProof,
  encodeHello,
  encodeKeyAnswer,
  encodePresentation,
  encodeProof,
  IDLE_PHONE,
  type PhoneInput,
  receiptKeys,
  stepPhone,
} from '../src/index.ts';
import { openTestReceipt, PhoneBench, phoneWithGrant, TestLock } from './exchange-bench.ts';
import { point, rising } from './samples.ts';

function tapped(): { phone: PhoneBench; lock: TestLock } {
  const { bundle, privateKey } = phoneWithGrant();
  const phone = new PhoneBench(privateKey);
  phone.input({ kind: 'start', bundle, operation: 'unlock' });
  return { phone, lock: new TestLock() };
}

const flipped = (octets: Uint8Array, bit: number): Uint8Array =>
  octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));

describe('the exchange of an offline key', () => {
  test('phone and lock agree: 20, 21, 22, 23, the receipt and the carried event', () => {
    const { phone, lock } = tapped();
    expect(phone.sent[0]).toHaveLength(33);
    const proof = lock.answer(phone.sent[0]!);
    expect(proof).toHaveLength(114);
    phone.message(proof);
    expect(phone.sent[1]).toHaveLength(264);
    const answer = lock.answer(phone.sent[1]!);
    expect(answer).toHaveLength(67);
    phone.message(answer);
    expect(phone.end).toEqual({ kind: 'done', receipt: 'open', carried: rising(5, 36) });
    expect(lock.opened).toEqual(['unlock']);
  });

  test('a receipt without a carried event is one too', () => {
    const { phone, lock } = tapped();
    lock.carried = undefined;
    phone.message(lock.answer(phone.sent[0]!));
    phone.message(lock.answer(phone.sent[1]!));
    expect(phone.end).toEqual({ kind: 'done', receipt: 'open', carried: undefined });
  });

  test('an answer that comes before the agreement is done waits for it', () => {
    const { bundle } = phoneWithGrant();
    const context = { primitives, now: { unixMs: 0, monotonicMs: 0 }, openReceipt: openTestReceipt };
    const pair = generateP256();
    const lock = new TestLock();
    let state = IDLE_PHONE;
    const step = (input: PhoneInput) => {
      const next = stepPhone(context, state, input);
      state = next.state;
      return next.effects;
    };
    step({ kind: 'start', bundle, operation: 'unlock' });
    const [hello] = step({ kind: 'ephemeral', random: rising(1, 16), ...pair });
    step({ kind: 'message', octets: lock.answer(hello?.kind === 'send' ? hello.octets : new Uint8Array(0))! });
    step({ kind: 'signed', signature: rising(2, 64) });
    expect(step({ kind: 'message', octets: new Uint8Array(31) })).toEqual([]);
    expect(state.kind).toBe('presented');
    expect(step({ kind: 'agreed', z: rising(3, 32) })).toEqual([{ kind: 'refused', reason: 'unknown_outcome' }]);
  });

  test('nothing of the person leaves the phone before the lock has proved itself', () => {
    for (let bit = 8; bit < 114 * 8; bit += 7) {
      const { phone, lock } = tapped();
      phone.message(flipped(lock.answer(phone.sent[0]!)!, bit));
      expect(phone.end).toEqual({ kind: 'refused', reason: 'other_lock' });
      expect(phone.sent).toHaveLength(1);
    }
  });

  test('a lock that holds another binding key is another lock', () => {
    const { bundle, privateKey } = phoneWithGrant(rising(0x77, 16));
    const phone = new PhoneBench(privateKey);
    phone.input({ kind: 'start', bundle, operation: 'unlock' });
    phone.message(new TestLock().answer(phone.sent[0]!));
    expect(phone.end).toEqual({ kind: 'refused', reason: 'other_lock' });
  });

  test('a presentation with any octet changed opens nothing', () => {
    const { phone, lock } = tapped();
    phone.message(lock.answer(phone.sent[0]!));
    for (let at = 2; at < 264; at++) {
      expect(lock.answer(flipped(phone.sent[1]!, at * 8))?.[0]).toBe(0x1f);
    }
    expect(lock.opened).toEqual([]);
  });

  test('a presentation recorded at one connection is nothing at the next', () => {
    const { phone, lock } = tapped();
    phone.message(lock.answer(phone.sent[0]!));
    const recorded = phone.sent[1]!;
    const again = new TestLock();
    again.answer(phone.sent[0]!);
    expect(again.answer(recorded)?.[0]).toBe(0x1f);
    expect(again.opened).toEqual([]);
  });

  test('another phone with the same grant is refused', () => {
    const { bundle } = phoneWithGrant();
    const thief = new PhoneBench(generateP256().privateKey);
    const lock = new TestLock();
    thief.input({ kind: 'start', bundle, operation: 'unlock' });
    thief.message(lock.answer(thief.sent[0]!));
    expect(lock.answer(thief.sent[1]!)?.[0]).toBe(0x1f);
  });

  test('a changed or foreign answer leaves the outcome unknown, as does silence after the presentation', () => {
    for (const bit of [8, 100, 200]) {
      const { phone, lock } = tapped();
      phone.message(lock.answer(phone.sent[0]!));
      phone.message(flipped(lock.answer(phone.sent[1]!)!, bit));
      expect(phone.end).toEqual({ kind: 'refused', reason: 'unknown_outcome' });
    }
    const { phone, lock } = tapped();
    phone.message(lock.answer(phone.sent[0]!));
    phone.nowMs = phone.wakeMs - 1;
    phone.input({ kind: 'wake' });
    expect(phone.end).toBeUndefined();
    phone.nowMs = phone.wakeMs;
    phone.input({ kind: 'wake' });
    expect(phone.end).toEqual({ kind: 'refused', reason: 'unknown_outcome' });
  });

  test('silence before it means that nothing happened', () => {
    const { phone } = tapped();
    phone.nowMs = phone.wakeMs;
    phone.input({ kind: 'wake' });
    expect(phone.end).toEqual({ kind: 'refused', reason: 'no_answer' });
    const lost = tapped().phone;
    lost.input({ kind: 'disconnected' });
    expect(lost.end).toEqual({ kind: 'refused', reason: 'no_answer' });
  });

  test('a refusal is a hint: a receipt that follows it counts, and only silence confirms it', () => {
    const { phone, lock } = tapped();
    phone.message(lock.answer(phone.sent[0]!));
    phone.message(Uint8Array.of(0x1f, 14));
    expect(phone.end).toBeUndefined();
    phone.message(lock.answer(phone.sent[1]!));
    expect(phone.end?.kind).toBe('done');

    const refused = tapped();
    refused.phone.message(refused.lock.answer(refused.phone.sent[0]!));
    const saidMs = refused.phone.nowMs;
    refused.phone.message(Uint8Array.of(0x1f, 14));
    expect(refused.phone.wakeMs).toBe(saidMs + 2_000);
    refused.phone.nowMs = refused.phone.wakeMs;
    refused.phone.input({ kind: 'wake' });
    expect(refused.phone.end).toEqual({ kind: 'refused', reason: 'refused' });
  });

  test('a person who declines to sign has presented nothing', () => {
    const { bundle } = phoneWithGrant();
    const context = { primitives, now: { unixMs: 0, monotonicMs: 0 }, openReceipt: openTestReceipt };
    const lock = new TestLock();
    const made = stepPhone(
      context,
      stepPhone(context, IDLE_PHONE, { kind: 'start', bundle, operation: 'lock' }).state,
      {
        kind: 'ephemeral',
        random: rising(1, 16),
        ...generateP256(),
      },
    );
    const hello = made.effects.find((effect) => effect.kind === 'send');
    const signing = stepPhone(context, made.state, { kind: 'message', octets: lock.answer(hello!.octets)! });
    expect(stepPhone(context, signing.state, { kind: 'signed', signature: undefined }).effects).toEqual([
      { kind: 'refused', reason: 'no_answer' },
    ]);
  });

  test('whatever comes in whatever order, the machine ends at most once and presents at most once', () => {
    const { bundle } = phoneWithGrant();
    const lock = new TestLock();
    const context = { primitives, now: { unixMs: 0, monotonicMs: 5_000 }, openReceipt: openTestReceipt };
    const pair = generateP256();
    const hello = encodeHello({ grantId: bundle.grantId, nonceP: rising(1, 16) });
    const proof = lock.answer(hello)!;
    const inputs: readonly PhoneInput[] = [
      { kind: 'start', bundle, operation: 'unlock' },
      { kind: 'ephemeral', random: rising(1, 16), ...pair },
      { kind: 'message', octets: proof },
      { kind: 'message', octets: Uint8Array.of(0x1f, 14) },
      { kind: 'message', octets: rising(0x23, 31) },
      { kind: 'signed', signature: rising(2, 64) },
      { kind: 'agreed', z: rising(3, 32) },
      { kind: 'wake' },
      { kind: 'disconnected' },
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...inputs), { maxLength: 30 }), (run) => {
        let state = IDLE_PHONE;
        let ends = 0;
        let presented = 0;
        for (const input of run) {
          const next = stepPhone(context, state, input);
          state = next.state;
          ends += next.effects.filter(({ kind }) => kind === 'done' || kind === 'refused').length;
          presented += next.effects.filter((effect) => effect.kind === 'send' && effect.octets[0] === 0x22).length;
        }
        expect(ends).toBeLessThanOrEqual(1);
        expect(presented).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('messages 20 to 23', () => {
  const samples = [
    [encodeHello({ grantId: rising(0, 16), nonceP: rising(1, 16) }), decodeHello, encodeHello],
    [encodeProof({ nonceL: rising(0, 16), epkL: point(1), tag: rising(2, 32) }), decodeProof, encodeProof],
    [
      encodePresentation({ operation: 'override', epkP: point(1), signature: rising(2, 64), grant: rising(3, 133) }),
      decodePresentation,
      encodePresentation,
    ],
    [
      encodePresentation({ operation: 'lock', epkP: point(1), signature: rising(2, 64), grant: rising(3, 200) }),
      decodePresentation,
      encodePresentation,
    ],
    [encodeKeyAnswer({ frame: rising(1, 28), carried: rising(2, 36) }), decodeKeyAnswer, encodeKeyAnswer],
    [encodeKeyAnswer({ frame: rising(1, 28), carried: undefined }), decodeKeyAnswer, encodeKeyAnswer],
  ] as const;

  test('come back as they were, and no other length or kind is taken', () => {
    for (const [octets, decode, encode] of samples) {
      expect((encode as (value: unknown) => Uint8Array)(decode(octets))).toEqual(octets);
      for (let size = 0; size < octets.length; size++) {
        // A level grant cut to the size of a sealed one has the shape of one: its seal is what refuses it.
        if (octets.length !== 331 || size !== 264) {
          expect(() => decode(octets.slice(0, size))).toThrow(AccessError);
        }
      }
      expect(() => decode(concat(octets, Uint8Array.of(0)))).toThrow(AccessError);
      expect(() => decode(flipped(octets, 0))).toThrow(AccessError);
    }
  });

  test('any bit flipped is refused or read as something else', () => {
    for (const [octets, decode, encode] of samples) {
      for (let bit = 0; bit < octets.length * 8; bit++) {
        const changed = flipped(octets, bit);
        try {
          expect((encode as (value: unknown) => Uint8Array)(decode(changed))).toEqual(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(AccessError);
        }
      }
    }
  });

  test('the keys depend on every octet of 20, 21 and 22, on Kg and on Z', () => {
    const messages = [rising(0x20, 33), rising(0x21, 114), rising(0x22, 264)] as const;
    const base = receiptKeys(primitives, rising(0, 32), rising(1, 32), [...messages]);
    const differs = (kg: Uint8Array, z: Uint8Array, said: readonly [Uint8Array, Uint8Array, Uint8Array]): boolean =>
      receiptKeys(primitives, kg, z, said).enc.join() !== base.enc.join();
    expect(differs(rising(1, 32), rising(1, 32), messages)).toBe(true);
    expect(differs(rising(0, 32), rising(2, 32), messages)).toBe(true);
    for (const which of [0, 1, 2] as const) {
      const said = [...messages] as [Uint8Array, Uint8Array, Uint8Array];
      said[which] = flipped(said[which], 50);
      expect(differs(rising(0, 32), rising(1, 32), said)).toBe(true);
    }
    expect(new Set([base.enc, base.mac, base.iv].map((key) => key.join())).size).toBe(3);
  });
});
