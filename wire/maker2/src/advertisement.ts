import { ccmOpen, ccmSeal, cmac, type Primitives } from '@cardea/kit-crypto';
import { concat, equal, toHex } from '@cardea/kit-octets';
import type { LockAttributes } from '@cardea/wire-profile';
import { decodeState, encodeState } from './body.ts';
import { Maker2Error } from './errors.ts';
import { lockIdOf } from './keys.ts';
import { decodeUint, encodeUint } from './little-endian.ts';

/**
 * What these locks advertise.
 *
 *     unbound: A0, lockId(6), model(2), flags(1: b0 binding window open)                                 10 octets
 *     bound:   A1, salt(6), hash(6: of CMAC(advertisement key, salt)), count(3), sealed state(2 + 4)      22 octets
 *
 * The sealed state is AES-CCM(beacon key, nonce = salt | count | 000000, tag of 4 octets) of bits(1) battery(1). The salt
 * is random and changes every 15 minutes and at each start; the count grows with each change of state under one salt.
 */
export type Advertisement =
  | { readonly kind: 'unbound'; readonly identifier: string; readonly model: number; readonly windowOpen: boolean }
  | {
      readonly kind: 'bound';
      readonly salt: Uint8Array;
      readonly hash: Uint8Array;
      readonly count: number;
      readonly sealed: Uint8Array;
    };

/** How long one salt is used, in milliseconds. */
export const SALT_LIFE_MS = 15 * 60_000;
/** Octets of a salt. */
export const SALT_OCTETS = 6;

const UNBOUND = 0xa0;
const BOUND = 0xa1;
const HASH_OCTETS = 6;
const COUNT_OCTETS = 3;
const STATE_TAG_OCTETS = 4;
const UNBOUND_OCTETS = 10;
const BOUND_OCTETS = 22;

/** Octets of an advertisement. @throws Maker2Error `range`, `length` */
export function encodeAdvertisement(advertisement: Advertisement): Uint8Array {
  if (advertisement.kind === 'unbound') {
    return concat(
      Uint8Array.of(UNBOUND),
      lockIdOf(advertisement.identifier),
      encodeUint('model', advertisement.model, 2),
      Uint8Array.of(advertisement.windowOpen ? 1 : 0),
    );
  }
  const octets = concat(
    Uint8Array.of(BOUND),
    advertisement.salt,
    advertisement.hash,
    encodeUint('count', advertisement.count, COUNT_OCTETS),
    advertisement.sealed,
  );
  if (octets.length !== BOUND_OCTETS) throw new Maker2Error('length', 'advertisement', `has ${octets.length} octets`);
  return octets;
}

/** The advertisement in octets. @throws Maker2Error `kind`, `length`, `range` */
export function decodeAdvertisement(octets: Uint8Array): Advertisement {
  switch (octets[0]) {
    case UNBOUND: {
      if (octets.length !== UNBOUND_OCTETS) throw new Maker2Error('length', 'advertisement', `has ${octets.length}`);
      const flags = octets[9] ?? 0;
      if (flags > 1) throw new Maker2Error('range', 'flags', `${flags} has no meaning`);
      return {
        kind: 'unbound',
        identifier: toHex(octets.slice(1, 7)).toUpperCase(),
        model: decodeUint(octets.slice(7, 9)),
        windowOpen: flags === 1,
      };
    }
    case BOUND:
      if (octets.length !== BOUND_OCTETS) throw new Maker2Error('length', 'advertisement', `has ${octets.length}`);
      return {
        kind: 'bound',
        salt: octets.slice(1, 7),
        hash: octets.slice(7, 13),
        count: decodeUint(octets.slice(13, 16)),
        sealed: octets.slice(16),
      };
    default:
      throw new Maker2Error('kind', 'advertisement', 'is of no known kind');
  }
}

/** The hash by which a lock's gateways recognise its salt (6 octets). */
export function advertisementHash(primitives: Primitives, advertisementKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return cmac(primitives.aes(advertisementKey), salt).slice(0, HASH_OCTETS);
}

/** True when the advertisement was made under this key (or, once in 2^48, by chance: it is a hint, not a proof). */
export function isAdvertisedBy(
  primitives: Primitives,
  advertisementKey: Uint8Array,
  advertisement: Extract<Advertisement, { kind: 'bound' }>,
): boolean {
  return equal(advertisementHash(primitives, advertisementKey, advertisement.salt), advertisement.hash);
}

/** The sealed state of an advertisement. */
export function sealState(
  primitives: Primitives,
  beaconKey: Uint8Array,
  salt: Uint8Array,
  count: number,
  attributes: LockAttributes,
): Uint8Array {
  const { bits, battery } = encodeState(attributes);
  const nonce = stateNonce(salt, encodeUint('count', count, COUNT_OCTETS));
  return ccmSeal(primitives.aes(beaconKey), nonce, concat(bits, battery), new Uint8Array(0), STATE_TAG_OCTETS);
}

/** Octets of the state part that gateways hand to the RAS: salt(6) | count(3) | sealed(6). */
export function beaconState(advertisement: Extract<Advertisement, { kind: 'bound' }>): Uint8Array {
  return concat(advertisement.salt, encodeUint('count', advertisement.count, COUNT_OCTETS), advertisement.sealed);
}

/** The attributes in a state part; `undefined` when it was not made under this key. A replay opens too: it is a hint. */
export function openBeaconState(
  primitives: Primitives,
  beaconKey: Uint8Array,
  state: Uint8Array,
): LockAttributes | undefined {
  if (state.length !== SALT_OCTETS + COUNT_OCTETS + 2 + STATE_TAG_OCTETS) return undefined;
  const nonce = stateNonce(state.slice(0, SALT_OCTETS), state.slice(SALT_OCTETS, SALT_OCTETS + COUNT_OCTETS));
  const sealed = state.slice(SALT_OCTETS + COUNT_OCTETS);
  const body = ccmOpen(primitives.aes(beaconKey), nonce, sealed, new Uint8Array(0), STATE_TAG_OCTETS);
  return body === undefined ? undefined : decodeState(body[0] ?? 0, body[1] ?? 0);
}

function stateNonce(salt: Uint8Array, count: Uint8Array): Uint8Array {
  return concat(salt, count, new Uint8Array(3));
}
