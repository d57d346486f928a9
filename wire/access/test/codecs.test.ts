import { nodePrimitives as primitives } from '@cardea/kit-node';
import { concat, fromAscii } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AccessError,
  type AccessErrorCode,
  carryKey,
  changeDigest,
  decodeChange,
  decodeGrant,
  decodeLevelGrant,
  decodeOrder,
  decodeSignedLevelGrant,
  encodeChange,
  encodeGrant,
  encodeLevelGrant,
  encodeOrder,
  encodeSignedLevelGrant,
  grantKey,
  levelCovers,
  openCarried,
  openChange,
  openGrant,
  openOrder,
  orderKey,
  sealCarried,
  sealChange,
  sealGrant,
  sealOrder,
  tableKey,
} from '../src/index.ts';
import {
  anyChange,
  anyGrant,
  anyLevelGrant,
  anyOrder,
  BINDING_KEY,
  grantOf,
  LOCK_ID,
  levelGrantOf,
  NOW_S,
  OTHER_LOCK_ID,
  point,
  rising,
} from './samples.ts';

const flips = function* (octets: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < octets.length * 8; bit++) {
    yield octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
  }
};
const cuts = function* (octets: Uint8Array): Generator<Uint8Array> {
  for (let size = 0; size < octets.length; size++) yield octets.slice(0, size);
  yield concat(octets, Uint8Array.of(0));
};
const refusal = (run: () => unknown): AccessErrorCode | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof AccessError) return error.code;
    throw error;
  }
};
const ORDER = {
  orderNo: 7,
  series: [{ series: 1, generation: 4 }],
  denied: [{ grantId: rising(1, 16), leaseEndS: NOW_S }],
};

describe('grant v1', () => {
  const key = grantKey(primitives, BINDING_KEY);

  test('has 117 octets in the clear and 133 under its seal, in the order of the page', () => {
    const octets = encodeGrant(LOCK_ID, grantOf({ noClock: true, uses: 5, scheduleNumber: 9 }));
    expect(octets).toHaveLength(117);
    expect([...octets.slice(0, 9)]).toEqual([1, 1, 1, ...LOCK_ID]);
    expect([...octets.slice(9, 25)]).toEqual([...rising(0x30, 16)]);
    expect([...octets.slice(90, 92)]).toEqual([0, 3]);
    expect([...octets.slice(108)]).toEqual([1, 0, 0, 0, 3, 0, 5, 0, 9]);
    expect(sealGrant(primitives, key, LOCK_ID, grantOf())).toHaveLength(133);
  });

  test('comes back as it was', () => {
    fc.assert(
      fc.property(anyGrant, (grant) => {
        expect(decodeGrant(encodeGrant(LOCK_ID, grant))).toEqual({ lockId: LOCK_ID, grant });
        expect(openGrant(primitives, key, LOCK_ID, sealGrant(primitives, key, LOCK_ID, grant))).toEqual(grant);
      }),
    );
  });

  test('cut off or longer is refused, in the clear and sealed', () => {
    for (const cut of cuts(encodeGrant(LOCK_ID, grantOf()))) expect(refusal(() => decodeGrant(cut))).toBe('length');
    const sealed = sealGrant(primitives, key, LOCK_ID, grantOf());
    for (const cut of cuts(sealed)) expect(openGrant(primitives, key, LOCK_ID, cut)).toBeUndefined();
  });

  test('with any bit flipped is nothing to the lock', () => {
    for (const flipped of flips(sealGrant(primitives, key, LOCK_ID, grantOf()))) {
      expect(openGrant(primitives, key, LOCK_ID, flipped)).toBeUndefined();
    }
  });

  test('is for one lock: neither another key nor another id opens it', () => {
    const sealed = sealGrant(primitives, key, LOCK_ID, grantOf());
    expect(openGrant(primitives, key, OTHER_LOCK_ID, sealed)).toBeUndefined();
    expect(openGrant(primitives, grantKey(primitives, rising(0x11, 16)), LOCK_ID, sealed)).toBeUndefined();
    expect(openGrant(primitives, orderKey(primitives, BINDING_KEY), LOCK_ID, sealed)).toBeUndefined();
  });

  test('another version, suite, flag, operation or point is refused', () => {
    const good = encodeGrant(LOCK_ID, grantOf());
    const at = (offset: number, octet: number): Uint8Array => good.map((was, i) => (i === offset ? octet : was));
    for (const [offset, octet] of [
      [0, 2],
      [1, 2],
      [2, 2],
      [25, 2],
      [90, 1],
      [91, 8],
      [91, 0],
    ] as const) {
      expect(refusal(() => decodeGrant(at(offset, octet)))).toBe('range');
    }
    expect(refusal(() => encodeGrant(LOCK_ID, grantOf({ operations: [] })))).toBe('range');
    expect(refusal(() => encodeGrant(LOCK_ID, grantOf({ notAfterS: NOW_S - 3_600 })))).toBe('range');
    expect(refusal(() => encodeGrant(LOCK_ID, grantOf({ generation: -1 })))).toBe('range');
    expect(refusal(() => encodeGrant(LOCK_ID, grantOf({ grantId: rising(0, 15) })))).toBe('range');
  });
});

describe('level grant', () => {
  test('has 136 octets and 64 of signature; what is signed is every one of the 136', () => {
    const grant = levelGrantOf();
    const octets = encodeSignedLevelGrant(grant, rising(9, 64));
    expect(octets).toHaveLength(200);
    const decoded = decodeSignedLevelGrant(octets);
    expect(decoded.grant).toEqual(grant);
    expect(decoded.signature).toEqual(rising(9, 64));
    expect(decoded.signed).toEqual(concat(fromAscii('cardea-level-grant-1'), encodeLevelGrant(grant)));
  });

  test('comes back as it was', () => {
    fc.assert(
      fc.property(anyLevelGrant, (grant) => {
        expect(decodeLevelGrant(encodeLevelGrant(grant))).toEqual(grant);
      }),
    );
  });

  test('cut off or longer is refused; a flip is refused or read as something else that the signature is not of', () => {
    const octets = encodeLevelGrant(levelGrantOf());
    for (const cut of cuts(octets)) expect(refusal(() => decodeLevelGrant(cut))).toBe('length');
    for (const flipped of flips(octets)) {
      if (refusal(() => decodeLevelGrant(flipped)) === undefined) {
        expect(encodeLevelGrant(decodeLevelGrant(flipped))).toEqual(flipped);
      }
    }
  });

  test('covers its hotel, floor or room and nothing beside', () => {
    const place = { hotelId: rising(0x70, 16), floor: 2, room: 204, grantKey: point(1) };
    expect(levelCovers(levelGrantOf(), place)).toBe(true);
    expect(levelCovers(levelGrantOf(), { ...place, floor: 3 })).toBe(false);
    expect(levelCovers(levelGrantOf({ level: 'hotel', floor: 0 }), { ...place, floor: 3 })).toBe(true);
    expect(levelCovers(levelGrantOf({ level: 'hotel', floor: 0 }), { ...place, hotelId: rising(0, 16) })).toBe(false);
    expect(levelCovers(levelGrantOf({ level: 'room', room: 204 }), place)).toBe(true);
    expect(levelCovers(levelGrantOf({ level: 'room', room: 205 }), place)).toBe(false);
    expect(levelCovers(levelGrantOf({ level: 'room', room: 204, floor: 1 }), place)).toBe(false);
  });

  test('a floor that a hotel grant would name, or a room that a floor grant would, is refused', () => {
    expect(refusal(() => encodeLevelGrant(levelGrantOf({ level: 'hotel' })))).toBe('range');
    expect(refusal(() => encodeLevelGrant(levelGrantOf({ room: 1 })))).toBe('range');
  });
});

describe('order', () => {
  const key = orderKey(primitives, BINDING_KEY);

  test('comes back as it was, in the clear and sealed', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        expect(decodeOrder(encodeOrder(order))).toEqual(order);
        expect(openOrder(primitives, key, sealOrder(primitives, key, order))).toEqual(order);
      }),
    );
  });

  test('cut off, longer or with any bit flipped is refused', () => {
    for (const cut of cuts(encodeOrder(ORDER))) expect(refusal(() => decodeOrder(cut))).toBe('length');
    const sealed = sealOrder(primitives, key, ORDER);
    expect(sealed[0]).toBe(0x24);
    for (const cut of cuts(sealed)) {
      if (cut.length > 0) expect(openOrder(primitives, key, cut)).toBeUndefined();
    }
    for (const flipped of flips(sealed)) {
      if (flipped[0] === 0x24) expect(openOrder(primitives, key, flipped)).toBeUndefined();
      else expect(refusal(() => openOrder(primitives, key, flipped))).toBe('kind');
    }
  });

  test('denies at most 40, raises at most 16, names nothing twice, counts from 1', () => {
    const denied = Array.from({ length: 41 }, (_, i) => ({ grantId: rising(i, 16), leaseEndS: NOW_S }));
    const series = Array.from({ length: 17 }, (_, i) => ({ series: i, generation: 1 }));
    expect(refusal(() => encodeOrder({ ...ORDER, denied }))).toBe('range');
    expect(refusal(() => encodeOrder({ ...ORDER, series }))).toBe('range');
    expect(refusal(() => encodeOrder({ ...ORDER, denied: [...ORDER.denied, ...ORDER.denied] }))).toBe('range');
    expect(refusal(() => encodeOrder({ ...ORDER, series: [...ORDER.series, ...ORDER.series] }))).toBe('range');
    expect(refusal(() => encodeOrder({ ...ORDER, orderNo: 0 }))).toBe('range');
    expect(sealOrder(primitives, key, { ...ORDER, denied: denied.slice(1), series: series.slice(1) }).length).toBe(
      1 + 16 + 4 + 1 + 16 * 5 + 1 + 40 * 20,
    );
  });
});

describe('message 25', () => {
  const key = tableKey(primitives, BINDING_KEY);

  test('every change comes back as it was, and fits a message of the link', () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        expect(decodeChange(encodeChange(change))).toEqual(change);
        const sealed = sealChange(primitives, key, change);
        expect(sealed.length).toBeLessThanOrEqual(1024);
        expect(openChange(primitives, key, sealed)).toEqual(change);
      }),
    );
  });

  test('with any bit flipped, or under the key of orders, is refused', () => {
    const sealed = sealChange(primitives, key, { kind: 'pin-removed', slot: 4 });
    for (const flipped of flips(sealed)) {
      if (flipped[0] === 0x25) expect(openChange(primitives, key, flipped)).toBeUndefined();
      else expect(refusal(() => openChange(primitives, key, flipped))).toBe('kind');
    }
    expect(openChange(primitives, orderKey(primitives, BINDING_KEY), sealed)).toBeUndefined();
  });

  test('cut off or longer is refused, where it has a fixed length', () => {
    for (const change of [
      { kind: 'pin-removed', slot: 4 },
      { kind: 'forget' },
      { kind: 'mode', mode: 'lockdown', untilS: 0 },
    ] as const) {
      for (const cut of cuts(encodeChange(change))) expect(refusal(() => decodeChange(cut))).toBe('length');
    }
  });

  test('slots, modes, kinds and schedules outside their range are refused', () => {
    expect(refusal(() => encodeChange({ kind: 'pin-removed', slot: 0 }))).toBe('range');
    expect(refusal(() => encodeChange({ kind: 'pin-removed', slot: 101 }))).toBe('range');
    expect(refusal(() => decodeChange(Uint8Array.of(6, 3, 0, 0, 0, 0)))).toBe('range');
    expect(refusal(() => decodeChange(Uint8Array.of(0)))).toBe('kind');
    expect(refusal(() => decodeChange(Uint8Array.of(8)))).toBe('kind');
    expect(refusal(() => encodeChange({ kind: 'schedule', number: 0, table: undefined }))).toBe('range');
    expect(refusal(() => encodeChange({ kind: 'schedule', number: 1, table: new Uint8Array(1001) }))).toBe('range');
  });

  test('is named by the first 8 octets of its SHA-256', () => {
    expect(changeDigest(primitives, fromAscii('abc'))).toEqual(
      Uint8Array.of(0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea),
    );
  });
});

describe('carried record', () => {
  const key = carryKey(primitives, BINDING_KEY);
  const sealed = sealCarried(primitives, key, LOCK_ID, 42, rising(3, 16));

  test('comes back with its sequence', () => {
    expect(sealed).toHaveLength(36);
    expect(openCarried(primitives, key, LOCK_ID, sealed)).toEqual({ sequence: 42, event: rising(3, 16) });
  });

  test('with any bit flipped, cut off, longer, or of another lock is nothing', () => {
    for (const flipped of flips(sealed)) expect(openCarried(primitives, key, LOCK_ID, flipped)).toBeUndefined();
    for (const cut of cuts(sealed)) expect(openCarried(primitives, key, LOCK_ID, cut)).toBeUndefined();
    expect(openCarried(primitives, key, OTHER_LOCK_ID, sealed)).toBeUndefined();
  });
});
