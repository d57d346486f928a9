import { equal } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AirError,
  type AirMessage,
  AirStream,
  decodeAirMessage,
  encodeAirMessage,
  frameAirMessage,
  MESSAGE_LIMIT_OCTETS,
  parseHubAddress,
} from '../src/index.ts';
import { samples } from './samples.ts';

/** What decoding answers: a message, or the AirError it threw; any other error fails the test. */
function decoded(octets: Uint8Array): AirMessage | AirError {
  try {
    return decodeAirMessage(octets);
  } catch (error) {
    if (error instanceof AirError) return error;
    throw error;
  }
}

describe.each(samples.map((sample) => [sample.kind, sample] as const))('%s', (_, sample) => {
  const octets = encodeAirMessage(sample);

  test('round trip', () => {
    expect(decodeAirMessage(octets)).toEqual(sample);
  });

  test('every truncation and a trailing octet are refused', () => {
    for (let size = 0; size < octets.length; size++) {
      expect(decoded(octets.subarray(0, size))).toBeInstanceOf(AirError);
    }
    expect(decoded(Uint8Array.of(...octets, 0))).toBeInstanceOf(AirError);
  });

  test('every single-bit flip is refused or is another message that encodes to these octets', () => {
    for (let bit = 0; bit < 8 * octets.length; bit++) {
      const flipped = octets.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const result = decoded(flipped);
      if (!(result instanceof AirError)) expect(equal(encodeAirMessage(result), flipped)).toBe(true);
    }
  });
});

test('any octets are a message that encodes to them, or an AirError', () => {
  const kinds = samples.map((sample) => encodeAirMessage(sample)[0]!);
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 600 }), (kind, rest) => {
      const octets = Uint8Array.of(kind, ...rest);
      const result = decoded(octets);
      if (!(result instanceof AirError)) expect(equal(encodeAirMessage(result), octets)).toBe(true);
    }),
  );
});

test('a writer refuses what a reader would', () => {
  const write = samples.find((sample) => sample.kind === 'write')!;
  const bad: AirMessage[] = [
    { ...write, value: new Uint8Array(513) },
    { ...write, characteristic: 'link' },
    { ...write, id: -1 },
    { kind: 'advertise', id: 1, address: 'c0dea0000101', data: new Uint8Array(0) },
    { kind: 'advertise', id: 1, address: 'C0DEA0000101', data: new Uint8Array(25) },
    { kind: 'control', id: 1, fault: 'jäm', identifier: 'A', value: '' },
    { kind: 'control', id: 1, fault: 'x'.repeat(33), identifier: 'A', value: '' },
  ];
  for (const message of bad) expect(() => encodeAirMessage(message)).toThrow(AirError);
});

describe('the stream', () => {
  const all = Uint8Array.from(samples.flatMap((sample) => [...frameAirMessage(sample)]));

  test('gives the same messages however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: all.length }), { maxLength: 40 }), (cuts) => {
        const stream = new AirStream(MESSAGE_LIMIT_OCTETS);
        const borders = [...new Set([0, ...cuts, all.length])].sort((a, b) => a - b);
        const got: AirMessage[] = [];
        for (let i = 1; i < borders.length; i++) {
          stream.push(all.subarray(borders[i - 1], borders[i]));
          for (let message = stream.next(); message; message = stream.next()) got.push(message);
        }
        expect(got).toEqual(samples);
      }),
    );
  });

  test('a length over the limit is refused before its octets have come', () => {
    const stream = new AirStream(100);
    stream.push(Uint8Array.of(0, 0, 0, 101));
    expect(() => stream.next()).toThrow(/at most 100/);
  });
});

test('hub.json is checked field by field', () => {
  const good = { host: '127.0.0.1', port: 4711, token: 'ab'.repeat(32) };
  expect(parseHubAddress(good)).toEqual({ host: '127.0.0.1', port: 4711, token: new Uint8Array(32).fill(0xab) });
  const bad: [string, unknown][] = [
    ['host', { ...good, host: 5 }],
    ['port', { ...good, port: 70_000 }],
    ['token', { ...good, token: 'ab' }],
    ['host', null],
  ];
  for (const [field, value] of bad) expect(() => parseHubAddress(value)).toThrow(new RegExp(`^${field}:`));
});
