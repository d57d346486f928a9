import { nodePrimitives } from '@cardea/kit-node';
import { OctetsError } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { LockEvent } from '@cardea/wire-profile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeAckBody,
  decodeAdvertisement,
  decodeCommandBody,
  decodeEventBody,
  decodeMaker2Durable,
  decodeMessage,
  decodeReceiptBody,
  EVENT_CODES,
  encodeAckBody,
  encodeAdvertisement,
  encodeCommandBody,
  encodeEventBody,
  encodeMaker2Durable,
  encodeMessage,
  encodeReceiptBody,
  MAKER2_OUTBOX,
  MAX_MESSAGE_OCTETS,
  Maker2Error,
  maker2DeviceLink,
  maker2Driver,
} from '../src/index.ts';
import { open, seal } from '../src/seal.ts';
import { count, SAMPLE_OCTETS, SAMPLES } from './samples.ts';

const ATTRIBUTES = {
  bolt: 'unlocked',
  door: 'open',
  batteryPercent: 42,
  tamper: true,
  privacy: false,
  clock: 'unset',
} as const;

const CODECS: readonly {
  name: string;
  octets: Uint8Array;
  decode: (o: Uint8Array) => unknown;
  encode: (v: never) => Uint8Array;
}[] = [
  ...SAMPLES.map((message, i) => ({
    name: message.kind,
    octets: SAMPLE_OCTETS[i]!,
    decode: decodeMessage,
    encode: encodeMessage as (v: never) => Uint8Array,
  })),
  {
    name: 'command body',
    octets: encodeCommandBody({ operation: 'unlock', class: 'operate', timeToLiveMs: 10_000 }),
    decode: decodeCommandBody,
    encode: encodeCommandBody as (v: never) => Uint8Array,
  },
  {
    name: 'receipt body',
    octets: encodeReceiptBody({ result: 'jammed', attributes: ATTRIBUTES, eventSequence: 7 }),
    decode: decodeReceiptBody,
    encode: encodeReceiptBody as (v: never) => Uint8Array,
  },
  {
    name: 'event body',
    octets: encodeEventBody({ sequence: 1, code: 'tamper', actor: 2, detail: 3 }),
    decode: decodeEventBody,
    encode: encodeEventBody as (v: never) => Uint8Array,
  },
  {
    name: 'ack body',
    octets: encodeAckBody(9),
    decode: decodeAckBody,
    encode: encodeAckBody as (v: never) => Uint8Array,
  },
  {
    name: 'unbound advertisement',
    octets: encodeAdvertisement({ kind: 'unbound', identifier: 'C0FFEE000201', model: 513, windowOpen: true }),
    decode: decodeAdvertisement,
    encode: encodeAdvertisement as (v: never) => Uint8Array,
  },
  {
    name: 'bound advertisement',
    octets: encodeAdvertisement({ kind: 'bound', salt: count(6), hash: count(6, 9), count: 3, sealed: count(6, 5) }),
    decode: decodeAdvertisement,
    encode: encodeAdvertisement as (v: never) => Uint8Array,
  },
];

describe.each(CODECS)('$name', ({ octets, decode, encode }) => {
  it('comes back as it was', () => {
    expect(encode(decode(octets) as never)).toEqual(octets);
  });

  it('4 is refused at every truncation, and with an octet too many', () => {
    for (let length = 0; length < octets.length; length++) {
      expect(() => decode(octets.slice(0, length)), `${length} octets`).toThrow(Maker2Error);
    }
    expect(() => decode(Uint8Array.from([...octets, 0]))).toThrow(Maker2Error);
  });

  it('has one encoding: each flipped bit is refused, or reads as what encodes to it', () => {
    for (let bit = 0; bit < 8 * octets.length; bit++) {
      const flipped = octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
      let value: unknown;
      try {
        value = decode(flipped);
      } catch (error) {
        expect(error).toBeInstanceOf(Maker2Error);
        continue;
      }
      expect(encode(value as never)).toEqual(flipped);
    }
  });
});

it('4 random octets of 0 to 512 are refused or read exactly', () => {
  for (let length = 0; length <= 512; length++) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (octets) => {
        try {
          expect(encodeMessage(decodeMessage(octets))).toEqual(octets);
        } catch (error) {
          expect(error).toBeInstanceOf(Maker2Error);
        }
      }),
      { numRuns: 3 },
    );
  }
});

it('2, 3 each flipped bit of a sealed element, of its nonce and of what it is bound to is refused', () => {
  const key = new Secret(count(16));
  const place = { kind: 'command', lockId: count(6), bound: count(8) } as const;
  const nonce = count(12);
  const body = encodeCommandBody({ operation: 'lock', class: 'operate', timeToLiveMs: 1 });
  const sealed = seal(nodePrimitives, key, nonce, body, place);
  const flip = (octets: Uint8Array, bit: number) =>
    octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
  const opens = (parts: { sealed?: Uint8Array; nonce?: Uint8Array }, context = place as Parameters<typeof seal>[4]) =>
    open(nodePrimitives, key, { kind: 'command', challenge: place.bound, nonce, sealed, ...parts }, context) !==
    undefined;
  expect(opens({})).toBe(true);
  for (let bit = 0; bit < 8 * sealed.length; bit++) expect(opens({ sealed: flip(sealed, bit) })).toBe(false);
  for (let bit = 0; bit < 96; bit++) expect(opens({ nonce: flip(nonce, bit) })).toBe(false);
  for (let bit = 0; bit < 64; bit++) expect(opens({}, { ...place, bound: flip(place.bound, bit) })).toBe(false);
  for (let bit = 0; bit < 48; bit++) expect(opens({}, { ...place, lockId: flip(place.lockId, bit) })).toBe(false);
  for (const kind of ['receipt', 'event', 'ack'] as const) expect(opens({}, { ...place, kind })).toBe(false);
});

it('messages of 1 to 256 octets cross the link in chunks at every MTU', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: MAX_MESSAGE_OCTETS }),
      fc.integer({ min: 23, max: 517 }),
      (message, mtu) => {
        const pieces = maker2DeviceLink(mtu).encode(1, message);
        const gateway = maker2Driver(nodePrimitives).link(mtu);
        const taken = pieces.map(({ characteristic, value }) => {
          expect(value.length).toBeLessThanOrEqual(mtu - 3);
          return gateway.decode(characteristic, value, 0);
        });
        expect(taken.at(-1)).toEqual({ kind: 'message', channel: 1, octets: message });
        expect(taken.slice(0, -1).every(({ kind }) => kind === 'partial')).toBe(true);
      },
    ),
  );
});

it('a chunk that is lost, doubled, late or empty breaks the link', () => {
  const pieces = maker2DeviceLink(23)
    .encode(1, count(80))
    .map(({ value }) => value);
  const feed = (values: readonly Uint8Array[], stepMs = 0) => {
    const link = maker2Driver(nodePrimitives).link(23);
    return values.map((value, i) => link.decode(MAKER2_OUTBOX, value, i * stepMs).kind);
  };
  expect(feed(pieces)).toEqual(['partial', 'partial', 'partial', 'partial', 'message']);
  expect(feed([pieces[0]!, pieces[2]!])).toEqual(['partial', 'broken']);
  expect(feed([pieces[0]!, pieces[0]!])).toEqual(['partial', 'broken']);
  expect(feed([pieces[0]!, pieces[1]!], 10_001)).toEqual(['partial', 'broken']);
  expect(feed([Uint8Array.of(0)])).toEqual(['broken']);
  expect(feed([Uint8Array.of(200, 1)])).toEqual(['broken']);
});

it('a flash image comes back as it was, and is refused at every truncation inside a field', () => {
  const events: LockEvent[] = Object.keys(EVENT_CODES).map((code, i) => ({
    sequence: i + 1,
    code: code as LockEvent['code'],
    actor: i,
    detail: i,
    lockTimeS: 0,
  }));
  for (const active of [undefined, new Secret(count(16))]) {
    for (const pending of [undefined, new Secret(count(16, 7))]) {
      const durable = { record: { resetCount: 2, keyVersion: 3, active, pending }, events, eventSequence: 30 };
      const octets = encodeMaker2Durable(durable);
      const back = decodeMaker2Durable(octets);
      expect(encodeMaker2Durable(back)).toEqual(octets);
      expect(back.events).toEqual(events);
      expect(back.record.active?.reveal()).toEqual(active?.reveal());
      for (let length = 0; length < octets.length; length++) {
        if ((octets.length - length) % 18 === 0 && length >= octets.length - 18 * events.length) continue;
        expect(() => decodeMaker2Durable(octets.slice(0, length))).toThrow(Maker2Error);
      }
    }
  }
});

it('an identifier that is no hex never becomes an advertisement', () => {
  expect(() =>
    encodeAdvertisement({ kind: 'unbound', identifier: 'not hex here', model: 1, windowOpen: false }),
  ).toThrow(OctetsError);
});
