import { ccmOpen, ccmSeal, cmac, type Primitives } from '@cardea/kit-crypto';
import { concat, equalSecret, Reader, Writer } from '@cardea/kit-octets';
import type { StatusBits } from '@cardea/wire-profile';
import { decodeStatusBits, encodeStatusBits } from './answer.ts';
import { LockError, writing } from './errors.ts';

/** Octets of a bound lock's advertisement: 01, r(6), hash(6), seq(4), sealed bits(1) battery(1), tag(4). */
export const BOUND_SIZE_OCTETS = 23;
/** Octets of an unbound lock's advertisement: 00, lockId(6), model(2), window(1). */
export const UNBOUND_SIZE_OCTETS = 10;
/** How long one r is used, on the monotonic timer. */
export const ROTATION_MS = 15 * 60_000;

const BEACON_TAG_SIZE_OCTETS = 4;
const STATE_SIZE_OCTETS = 10;

/** What the sealed state part says. b0..b4 of bits as in a receipt, b5 events wait for upload. */
export interface Beacon {
  /** Grows with every change; persistent, so that no (key, seq, r) comes twice. */
  readonly sequence: number;
  readonly bits: StatusBits;
  readonly eventsWait: boolean;
  readonly batteryPercent: number;
}

/** The data of a bound lock's advertisement. `r`: 6 random octets, new every 15 minutes. @throws LockError `range` */
export function encodeBound(
  primitives: Primitives,
  keys: { readonly advertisement: Uint8Array; readonly beacon: Uint8Array },
  r: Uint8Array,
  beacon: Beacon,
): Uint8Array {
  if (r.length !== 6) throw new LockError('range', 'r has 6 octets');
  const state = writing(() =>
    new Writer()
      .uint('bits', encodeStatusBits(beacon.bits) | (beacon.eventsWait ? 0x20 : 0), 1)
      .uint('battery', beacon.batteryPercent, 1)
      .done(),
  );
  const sequence = writing(() => new Writer().uint('seq', beacon.sequence, 4).done());
  const sealed = ccmSeal(
    primitives.aes(keys.beacon),
    beaconNonce(sequence, r),
    state,
    new Uint8Array(0),
    BEACON_TAG_SIZE_OCTETS,
  );
  return concat(Uint8Array.of(0x01), r, hashOf(primitives, keys.advertisement, r), sequence, sealed);
}

/**
 * What a gateway reports of a bound lock that it has recognised: r(6) and the state part(10), 16 octets, opaque to it.
 * Undefined when the advertisement is not of the lock with this Kadv.
 */
export function recogniseBound(
  primitives: Primitives,
  advertisementKey: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  if (data.length !== BOUND_SIZE_OCTETS || data[0] !== 0x01) return undefined;
  const r = data.slice(1, 7);
  if (!equalSecret(hashOf(primitives, advertisementKey, r), data.slice(7, 13))) return undefined;
  return concat(r, data.slice(13));
}

/** Opens what {@link recogniseBound} gave, under Kbeacon; undefined when it is not authentic. */
export function openBeacon(primitives: Primitives, beaconKey: Uint8Array, state: Uint8Array): Beacon | undefined {
  if (state.length !== 6 + STATE_SIZE_OCTETS) return undefined;
  const sequence = state.slice(6, 10);
  const nonce = beaconNonce(sequence, state.slice(0, 6));
  const opened = ccmOpen(primitives.aes(beaconKey), nonce, state.slice(10), new Uint8Array(0), BEACON_TAG_SIZE_OCTETS);
  const bits = opened?.[0];
  const batteryPercent = opened?.[1];
  if (bits === undefined || batteryPercent === undefined || bits > 0x3f) return undefined;
  return {
    sequence: new Reader(sequence).uint('seq', 4),
    bits: decodeStatusBits(bits & 0x1f),
    eventsWait: (bits & 0x20) !== 0,
    batteryPercent,
  };
}

/** What an unbound lock says of itself. */
export interface Unbound {
  /** 6 octets. */
  readonly lockId: Uint8Array;
  /** 16 bits. */
  readonly model: number;
  readonly windowOpen: boolean;
}

/** The data of an unbound lock's advertisement. @throws LockError `range` */
export function encodeUnbound(unbound: Unbound): Uint8Array {
  return writing(() =>
    new Writer()
      .uint('form', 0x00, 1)
      .octets('lock id', unbound.lockId, 6)
      .uint('model', unbound.model, 2)
      .uint('window', unbound.windowOpen ? 1 : 0, 1)
      .done(),
  );
}

/** What an unbound lock says, or undefined when this is no such advertisement. */
export function decodeUnbound(data: Uint8Array): Unbound | undefined {
  if (data.length !== UNBOUND_SIZE_OCTETS || data[0] !== 0x00) return undefined;
  const reader = new Reader(data.subarray(1));
  const lockId = reader.octets('lock id', 6);
  const model = reader.uint('model', 2);
  const window = reader.uint('window', 1);
  return window > 1 ? undefined : { lockId, model, windowOpen: window === 1 };
}

/** First 6 octets of CMAC(Kadv, r). */
function hashOf(primitives: Primitives, advertisementKey: Uint8Array, r: Uint8Array): Uint8Array {
  return cmac(primitives.aes(advertisementKey), r).slice(0, 6);
}

function beaconNonce(sequence: Uint8Array, r: Uint8Array): Uint8Array {
  return concat(sequence, r, new Uint8Array(3));
}
