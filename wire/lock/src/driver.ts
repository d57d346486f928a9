import type { Primitives } from '@cardea/kit-crypto';
import { toHex } from '@cardea/kit-octets';
import type { DeviceProfile, GatewayDriver, KnownLock, LinkCodec, Sighting } from '@cardea/wire-profile';
import { decodeUnbound, recogniseBound } from './advertisement.ts';
import { LockError } from './errors.ts';
import { CHANNEL, LEGACY_CHARACTERISTIC, LINK_CHARACTERISTIC } from './gatt.ts';
import { LEGACY_FRAME_SIZE_OCTETS } from './legacy.ts';
import { cardeaLegacyProfile, cardeaProfile } from './profile.ts';
import { Reassembler, segment } from './segmentation.ts';

/** The gateway half of the hardened protocol: holds no lock key and understands no message. */
export function cardeaDriver(primitives: Primitives): GatewayDriver {
  // Its answers come over `link` alone: every subscription costs a connection event.
  return driver(primitives, cardeaProfile, [LINK_CHARACTERISTIC]);
}

/** The same for legacy locks, whose frames cross raw on channel 0. */
export function cardeaLegacyDriver(primitives: Primitives): GatewayDriver {
  return driver(primitives, cardeaLegacyProfile, [LINK_CHARACTERISTIC, LEGACY_CHARACTERISTIC]);
}

function driver(primitives: Primitives, profile: DeviceProfile, notify: readonly string[]): GatewayDriver {
  return {
    profile,
    recognise: (data, known) => recognise(primitives, profile, data, known),
    link: (mtu) => ({ ...lockLink(mtu), notify }),
  };
}

function recognise(
  primitives: Primitives,
  profile: DeviceProfile,
  data: Uint8Array,
  known: readonly KnownLock[],
): Sighting | undefined {
  const unbound = decodeUnbound(data);
  if (unbound !== undefined) {
    const identifier = toHex(unbound.lockId).toUpperCase();
    const maker = known.find((lock) => lock.identifier === identifier)?.maker ?? cardeaProfile.maker;
    if (maker !== profile.maker) return undefined;
    return { kind: 'unbound', identifier, model: unbound.model, windowOpen: unbound.windowOpen };
  }
  for (const lock of known) {
    if (lock.maker !== profile.maker || lock.advertisementKey === undefined) continue;
    const state = recogniseBound(primitives, lock.advertisementKey, data);
    if (state !== undefined) return { kind: 'bound', identifier: lock.identifier, state };
  }
  return undefined;
}

/**
 * Messages over GATT for one connection, the same at both ends: channels 1 to 63 in pieces over `link`, channel 0 raw
 * over `legacy`.
 */
export function lockLink(mtu: number): LinkCodec {
  const incoming = new Reassembler();
  return {
    notify: [LINK_CHARACTERISTIC, LEGACY_CHARACTERISTIC],
    encode(channel, message) {
      if (channel !== CHANNEL.raw) {
        return segment(channel, message, mtu).map((value) => ({ characteristic: LINK_CHARACTERISTIC, value }));
      }
      if (message.length !== LEGACY_FRAME_SIZE_OCTETS) throw new LockError('length', 'a legacy frame has 20 octets');
      return [{ characteristic: LEGACY_CHARACTERISTIC, value: message }];
    },
    decode(characteristic, value, nowMonotonicMs) {
      if (characteristic === LINK_CHARACTERISTIC) return incoming.take(value, nowMonotonicMs);
      if (characteristic !== LEGACY_CHARACTERISTIC) return { kind: 'broken', why: 'a characteristic of no use here' };
      return value.length === LEGACY_FRAME_SIZE_OCTETS
        ? { kind: 'message', channel: CHANNEL.raw, octets: value }
        : { kind: 'broken', why: 'a legacy frame of other than 20 octets' };
    },
  };
}
