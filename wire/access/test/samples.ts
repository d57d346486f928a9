import type { AccessChange, LevelGrant, OfflineGrant, OfflineOperation, Order } from '@cardea/wire-profile';
import fc from 'fast-check';

/** Octets that grow from `from`: fixed keys and ids of the tests. */
export const rising = (from: number, sizeOctets: number): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => (from + i) & 0xff);

/** An uncompressed point's shape; nothing here computes with it. */
export const point = (from: number): Uint8Array => Uint8Array.of(4, ...rising(from, 64));

export const LOCK_ID = Uint8Array.of(0xc0, 0xff, 0xee, 0x00, 0x11, 0x2a);
export const OTHER_LOCK_ID = Uint8Array.of(0xc0, 0xff, 0xee, 0x00, 0x11, 0x2b);
export const BINDING_KEY = rising(0x10, 16);
/** 2027-01-15T08:00:00Z. */
export const NOW_S = 1_800_000_000;

/** A guest's grant, good from an hour before {@link NOW_S} for a day. */
export function grantOf(patch: Partial<OfflineGrant> = {}): OfflineGrant {
  return {
    noClock: false,
    grantId: rising(0x30, 16),
    phoneKey: point(0x40),
    operations: ['unlock', 'lock'],
    notBeforeS: NOW_S - 3_600,
    notAfterS: NOW_S + 86_400,
    leaseEndS: NOW_S + 7_200,
    issuedAtS: NOW_S - 60,
    series: 1,
    generation: 3,
    uses: 0,
    scheduleNumber: 0,
    ...patch,
  };
}

/** A cleaner's grant for a floor. */
export function levelGrantOf(patch: Partial<LevelGrant> = {}): LevelGrant {
  return { ...grantOf({ series: 6 }), level: 'floor', hotelId: rising(0x70, 16), floor: 2, room: 0, ...patch };
}

const octets = (sizeOctets: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: sizeOctets, maxLength: sizeOctets });
const uint = (sizeOctets: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** (8 * sizeOctets) - 1 });
const anyPoint = octets(64).map((xy) => Uint8Array.of(4, ...xy));
const window = fc
  .tuple(uint(4), uint(4))
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ notBeforeS: Math.min(a, b), notAfterS: Math.max(a, b) }));

export const anyGrant: fc.Arbitrary<OfflineGrant> = fc
  .record({
    noClock: fc.boolean(),
    grantId: octets(16),
    phoneKey: anyPoint,
    operations: fc.subarray<OfflineOperation>(['unlock', 'lock', 'override'], { minLength: 1 }),
    leaseEndS: uint(4),
    issuedAtS: uint(4),
    series: uint(1),
    generation: uint(4),
    uses: uint(2),
    scheduleNumber: uint(2),
    window,
  })
  .map(({ window, ...rest }) => ({ ...rest, ...window }));

export const anyLevelGrant: fc.Arbitrary<LevelGrant> = fc
  .record({
    grant: anyGrant,
    level: fc.constantFrom('hotel', 'floor', 'room'),
    hotelId: octets(16),
    floor: uint(4),
    room: uint(4),
  })
  .map(({ grant, level, hotelId, floor, room }) => ({
    ...grant,
    level,
    hotelId,
    floor: level === 'hotel' ? 0 : floor,
    room: level === 'room' ? room : 0,
  }));

export const anyOrder: fc.Arbitrary<Order> = fc.record({
  orderNo: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  series: fc.uniqueArray(fc.record({ series: uint(1), generation: uint(4) }), {
    maxLength: 16,
    selector: (each) => each.series,
  }),
  denied: fc.uniqueArray(fc.record({ grantId: octets(16), leaseEndS: uint(4) }), {
    maxLength: 40,
    selector: (each) => each.grantId.join(),
  }),
});

export const anyChange: fc.Arbitrary<Exclude<AccessChange, { kind: 'order' }>> = fc.oneof(
  fc.record({
    kind: fc.constant('place' as const),
    place: fc.record({ hotelId: octets(16), floor: uint(4), room: uint(4), grantKey: anyPoint }),
  }),
  fc.record({
    kind: fc.constant('schedule' as const),
    number: fc.integer({ min: 1, max: 65_535 }),
    table: fc.option(fc.uint8Array({ minLength: 1, maxLength: 1000, size: 'max' }), { nil: undefined }),
  }),
  fc
    .record({
      slot: fc.integer({ min: 1, max: 100 }),
      verifier: octets(32),
      scheduleNumber: uint(2),
      uses: uint(2),
      window,
    })
    .map(({ window, ...rest }) => ({ kind: 'pin' as const, pin: { ...rest, ...window } })),
  fc.record({ kind: fc.constant('pin-removed' as const), slot: fc.integer({ min: 1, max: 100 }) }),
  fc.constant({ kind: 'keypad-reopened' as const }),
  fc.record({
    kind: fc.constant('mode' as const),
    mode: fc.constantFrom('normal' as const, 'passage' as const, 'lockdown' as const),
    untilS: uint(4),
  }),
  fc.constant({ kind: 'forget' as const }),
);
