import type { DhPair } from '@cardea/kit-crypto';

/** What every node hears from its actor. */
export type NodeInput =
  /** A frame from the medium. */
  | { readonly kind: 'frame'; readonly octets: Uint8Array }
  /** The monotonic time asked for by `wake` has come. Too early or twice does no harm. */
  | { readonly kind: 'wake' }
  /** The peer may be reached now (it was heard): what waits for it is tried at once, what was sent is sent again. */
  | { readonly kind: 'reachable'; readonly peer: Uint8Array }
  /** The peer is reached no more (its link is gone): lock messages that wait for it, or for its answer, are given up. */
  | { readonly kind: 'unreachable'; readonly peer: Uint8Array }
  /**
   * A lock message for a peer, under the user key, or under the key of `keyIndex`. `message-done` tells its end.
   * `expiresAtMs`: monotonic; no part of it is sent after that.
   */
  | {
      readonly kind: 'send';
      readonly to: Uint8Array;
      readonly keyIndex: number;
      readonly octets: Uint8Array;
      readonly token: number;
      readonly expiresAtMs: number | undefined;
    }
  /** Results of effects, by id. */
  | { readonly kind: 'random'; readonly id: number; readonly octets: Uint8Array }
  | { readonly kind: 'dh-made'; readonly id: number; readonly pair: DhPair }
  /** `z`: the shared value, as long as the group's elements; `undefined` when the peer's public value was refused. */
  | { readonly kind: 'dh-agreed'; readonly id: number; readonly z: Uint8Array | undefined };
