import { Secret } from '@cardea/kit-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseKey, type DoorKey, decodePhoneRecord, encodePhoneRecord, NEW_PHONE, PhoneError } from '../src/index.ts';

const octets = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const seconds = fc.nat({ max: 0xffff_ffff });
const identifier = octets(6).map((six) => Buffer.from(six).toString('hex').toUpperCase());

const doorKey: fc.Arbitrary<DoorKey> = fc.record({
  doorId: fc.constantFrom('door_1', 'door_2'),
  doorName: fc.constantFrom('101', 'Küche'),
  identifier,
  grantId: fc.constant('grant_1'),
  airGrantId: octets(16),
  grant: fc.oneof(octets(133), octets(200)),
  presentationKey: octets(32).map((key) => new Secret(key)),
  advertisementKey: octets(16).map((key) => new Secret(key)),
  operations: fc.subarray(['unlock', 'lock', 'override'] as const),
  issuedAtS: seconds,
  notBeforeS: seconds,
  notAfterS: seconds,
  leaseEndS: seconds,
  order: fc.option(fc.uint8Array({ minLength: 1, maxLength: 60 }), { nil: undefined }),
});

const record = fc.record({
  phoneId: fc.option(fc.constant('phone_1'), { nil: undefined }),
  keys: fc.array(doorKey, { maxLength: 3 }),
  carried: fc.array(fc.record({ identifier, octets: octets(36) }), { maxLength: 3 }),
  brought: fc.dictionary(identifier, fc.constant('24ab'), { noNullPrototype: true }),
});

/** The same with its secrets in sight. */
const revealed = (key: DoorKey) => ({
  ...key,
  presentationKey: key.presentationKey.reveal(),
  advertisementKey: key.advertisementKey.reveal(),
});

describe('what a phone keeps', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(record, (before) => {
        const after = decodePhoneRecord(encodePhoneRecord(before));
        expect({ ...after, keys: after.keys.map(revealed) }).toEqual({ ...before, keys: before.keys.map(revealed) });
      }),
    );
  });

  it('is refused when it is cut, and no message quotes it', () => {
    fc.assert(
      fc.property(record, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (before, part) => {
        const text = encodePhoneRecord(before);
        const cut = text.slice(0, Math.floor(text.length * part));
        let refusal: unknown;
        try {
          decodePhoneRecord(cut);
        } catch (error) {
          refusal = error;
        }
        expect(refusal).toBeInstanceOf(PhoneError);
        for (const key of before.keys) {
          expect(String(refusal)).not.toContain(Buffer.from(key.presentationKey.reveal()).toString('hex').slice(0, 8));
        }
      }),
    );
  });

  it('is refused with the name of the field that is wrong', () => {
    const [good] = fc.sample(doorKey, { numRuns: 1, seed: 1 });
    const stored = JSON.parse(encodePhoneRecord({ ...NEW_PHONE, keys: [good!] })) as {
      keys: Record<string, unknown>[];
    };
    const wrong: [string, unknown][] = [
      ['identifier', 'c0dea0000101'],
      ['grant', 'ab'],
      ['presentation_key', 'zz'],
      ['advertisement_key', ''],
      ['air_grant_id', null],
      ['operations', 'unlock'],
      ['lease_end_s', -1],
      ['not_after_s', 1.5],
      ['door_name', ''],
      ['order', 'f'],
    ];
    for (const [field, value] of wrong) {
      const text = JSON.stringify({ ...stored, keys: [{ ...stored.keys[0], [field]: value }] });
      expect(() => decodePhoneRecord(text), field).toThrow(new RegExp(`^${field} of a key must be`));
    }
  });
});

describe('which key is presented', () => {
  const [base] = fc.sample(doorKey, { numRuns: 1, seed: 2 });
  const key = (grantId: string, notBeforeS: number, notAfterS: number, leaseEndS: number): DoorKey => ({
    ...base!,
    grantId,
    operations: ['unlock'],
    notBeforeS,
    notAfterS,
    leaseEndS,
  });

  it('is one that is good now, and of those the one whose lease lasts longest', () => {
    const keys = [
      key('over', 0, 50, 500),
      key('short', 0, 900, 200),
      key('long', 0, 900, 300),
      key('later', 200, 900, 800),
    ];
    expect(chooseKey(keys, 'unlock', 100)?.grantId).toBe('long');
  });

  it('is the last one when the phone’s clock says that none is good: the lock decides', () => {
    expect(chooseKey([key('a', 0, 50, 40), key('b', 0, 50, 50)], 'unlock', 100)?.grantId).toBe('b');
  });

  it('is none where no key may do what is asked', () => {
    expect(chooseKey([key('a', 0, 900, 900)], 'override', 100)).toBeUndefined();
  });
});
