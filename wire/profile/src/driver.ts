import type { DeviceProfile } from './device.ts';

/**
 * The gateway half of a maker's protocol: how its locks are recognised on the air and how opaque messages cross GATT.
 * It holds no lock key and understands no message.
 */
export interface GatewayDriver {
  readonly profile: DeviceProfile;
  /** Which of the known locks sent this advertisement, or what an unbound one says about itself. */
  recognise(data: Uint8Array, known: readonly KnownLock[]): Sighting | undefined;
  /** A new codec between messages and GATT values for one connection. */
  link(mtu: number): LinkCodec;
}

/** A lock that the RAS has told this gateway about. */
export interface KnownLock {
  readonly identifier: string;
  readonly maker: string;
  /** The key by which a bound lock's rotating advertisement is recognised (16 octets), or undefined before binding. */
  readonly advertisementKey: Uint8Array | undefined;
}

export type Sighting =
  | {
      readonly kind: 'bound';
      readonly identifier: string /** Sealed for the RAS; changes when the lock's state does. */;
      readonly state: Uint8Array;
    }
  | { readonly kind: 'unbound'; readonly identifier: string; readonly model: number; readonly windowOpen: boolean };

/** Turns messages into GATT writes and notifications into messages, for one connection. */
export interface LinkCodec {
  /** The characteristics to subscribe to. */
  readonly notify: readonly string[];
  /** The writes that carry one message. @throws the protocol's error when it is too long */
  encode(
    channel: number,
    message: Uint8Array,
  ): readonly { readonly characteristic: string; readonly value: Uint8Array }[];
  /** Takes one notification; answers the message that it completes. A malformed piece drops the link: `broken`. */
  decode(
    characteristic: string,
    value: Uint8Array,
    nowMonotonicMs: number,
  ):
    | { readonly kind: 'partial' }
    | { readonly kind: 'message'; readonly channel: number; readonly octets: Uint8Array }
    | { readonly kind: 'broken'; readonly why: string };
}
