import { concat, fromHex, toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLocal, encodeLocal, frameLocal, type LocalMessage, LocalStream } from '../index.ts';

const anyMessage: fc.Arbitrary<LocalMessage> = fc.oneof(
  fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((octets) => ({ kind: 'open' as const, lock: toHex(octets).toUpperCase() })),
  fc.constant({ kind: 'opened' as const }),
  fc
    .constantFrom('unknown_lock', 'not_heard', 'busy', 'ended')
    .map((reason) => ({ kind: 'refused' as const, reason }) as LocalMessage),
  fc.uint8Array({ minLength: 1, maxLength: 1024 }).map((octets) => ({ kind: 'message' as const, octets })),
);

describe('what is said at the local endpoint of a gateway', () => {
  it.each<[string, LocalMessage]>([
    ['01a1b2c3d4e5f6', { kind: 'open', lock: 'A1B2C3D4E5F6' }],
    ['81', { kind: 'opened' }],
    ['8f02', { kind: 'refused', reason: 'not_heard' }],
    ['0222aa', { kind: 'message', octets: fromHex('22aa') }],
  ])('%s', (hex, message) => {
    expect(toHex(encodeLocal(message))).toBe(hex);
    expect(decodeLocal(fromHex(hex))).toEqual(message);
  });

  it.each(['', '01', '01a1b2c3d4e5', '01a1b2c3d4e5f6f7', '8100', '8f', '8f00', '8f05', '02', '03aa', 'ff'])(
    'is none: %s',
    (hex) => {
      expect(() => decodeLocal(fromHex(hex))).toThrow(expect.objectContaining({ name: 'RouteError' }));
    },
  );

  it('an identifier that is none is not sent', () => {
    expect(() => encodeLocal({ kind: 'open', lock: 'a1b2c3d4e5f6' })).toThrow('open.lock');
  });

  it('a stream gives its messages back, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 5 }),
        fc.array(fc.nat(3000), { maxLength: 8 }),
        (messages, cuts) => {
          const whole = concat(...messages.map(frameLocal));
          const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
          const stream = new LocalStream();
          const got = places.slice(1).flatMap((end, i) => stream.push(whole.subarray(places[i], end)));
          expect(got).toEqual(messages);
        },
      ),
    );
  });

  it.each(['0000', '0402', 'ffff'])('a length that no message has ends it: %s', (hex) => {
    expect(() => new LocalStream().push(fromHex(hex))).toThrow('length');
  });
});
