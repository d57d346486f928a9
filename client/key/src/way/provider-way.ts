import type { DhAgreement, Primitives } from '@cardea/kit-crypto';
import { RadioError } from '@cardea/kit-radio';
import type { Clock, Random } from '@cardea/kit-runtime';
import { CHANNEL } from '@cardea/wire-lock';
import {
  createProvider,
  decodeHop,
  domainAddress,
  encodeHop,
  type ProviderDeviceKey,
  runNode,
  ScpmError,
  stepProvider,
} from '@cardea/wire-scpm';
import type { LockLink, Way } from './way.ts';

/** A service provider's key at one lock, as `cardea domain provider add` hands it out. */
export interface ProviderLockKey extends ProviderDeviceKey {
  /** The lock's identifier. */
  readonly lock: string;
}

/** What a provider's node works with. */
export interface ProviderWayParts {
  /** How it comes to the lock: SCPM runs over any way. */
  readonly way: Way;
  readonly keys: readonly ProviderLockKey[];
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly random: Random;
  readonly dh: DhAgreement;
  /** What the node keeps of a lock: numbers that were used, and nothing secret. */
  readonly store: {
    load(lock: string): Promise<Uint8Array | undefined>;
    save(lock: string, octets: Uint8Array): Promise<void>;
  };
}

/** Messages that were not taken within this are given up: the exchange above has its own time for each step. */
const MESSAGE_LIFE_MS = 5_000;

/**
 * To a lock of a domain as its service provider: the messages of the mobile key travel inside SCPM under the provider's
 * key. The key lets the provider speak; what it may do is the grant's to say, at the lock.
 */
export function providerWay({ way, keys, primitives, clock, random, dh, store }: ProviderWayParts): Way {
  /** Which lock was found at which place. */
  const places = new Map<string, string>();
  return {
    async find(lock, timeoutMs) {
      const place = await way.find(lock, timeoutMs);
      if (place !== undefined) places.set(place, lock.identifier);
      return place;
    },
    async connect(place, timeoutMs, listener) {
      const key = keys.find(({ lock }) => lock === places.get(place));
      if (key === undefined) throw new RadioError('unsupported', 'the provider has no key at this lock');
      const { device, keyIndex, lock } = key;
      const settings = { profile: 'hardened', addressSize: device.length === 2 ? 2 : 6, ivLayout: 'repeat' } as const;
      const address = domainAddress(primitives, key.key.reveal());
      const kept = await store.load(lock);
      let tokens = 0;
      const node = runNode({
        state: createProvider({ settings, address, keys: [key] }, kept),
        step: stepProvider,
        primitives,
        clock,
        random,
        dh,
        persist: (_name, octets) => (octets === undefined ? Promise.resolve() : store.save(lock, octets)),
        perform(effect) {
          if (effect.kind === 'transmit') link.send(CHANNEL.scpm, effect.octets).catch(() => {});
          else if (effect.kind === 'deliver') deliver(effect.octets);
        },
        failed: () => link.close(),
      });
      const deliver = (octets: Uint8Array): void => {
        try {
          const hop = decodeHop(octets);
          listener.message(hop.channel, hop.octets);
        } catch (error) {
          if (!(error instanceof ScpmError)) throw error;
        }
      };
      const link: LockLink = await way.connect(place, timeoutMs, {
        message(channel, octets) {
          if (channel === CHANNEL.scpm) node.input({ kind: 'frame', octets });
        },
        ended() {
          node.stop();
          listener.ended();
        },
      });
      return {
        async send(channel, octets) {
          const expiresAtMs = clock.monotonic() + MESSAGE_LIFE_MS;
          const inside = encodeHop({ channel, octets });
          node.input({ kind: 'send', to: device, keyIndex, octets: inside, token: ++tokens, expiresAtMs });
        },
        close() {
          node.stop();
          link.close();
        },
      };
    },
  };
}
