import type { DhGroupName, DhPrivateKeyHandle } from '@cardea/kit-crypto';

/** What a node asks of its actor. Effects are done in their order: one is complete before the next begins. */
export type ScpmEffect =
  /** A frame for the medium. Lost silently when it does not carry. */
  | { readonly kind: 'transmit'; readonly to: Uint8Array; readonly octets: Uint8Array }
  /** Make `octets` durable under this name, whole or not at all, in place of what was there; `undefined` erases. */
  | { readonly kind: 'persist'; readonly name: string; readonly octets: Uint8Array | undefined }
  /** Answered by `random`. */
  | { readonly kind: 'make-random'; readonly id: number; readonly sizeOctets: number }
  /** A fresh Diffie-Hellman pair; answered by `dh-made`. */
  | { readonly kind: 'make-dh'; readonly id: number; readonly group: DhGroupName }
  /** The shared value of an own key and a peer's public value, which is checked; answered by `dh-agreed`. */
  | {
      readonly kind: 'agree-dh';
      readonly id: number;
      readonly privateKey: DhPrivateKeyHandle;
      readonly peer: Uint8Array;
    }
  /** A lock message of a peer that authenticated it; `keyIndex` says at which level (6.5). */
  | { readonly kind: 'deliver'; readonly from: Uint8Array; readonly keyIndex: number; readonly octets: Uint8Array }
  /** Text under a key for confidentiality only: nobody is known to have written it, and it must move nothing. */
  | {
      readonly kind: 'unauthenticated';
      readonly from: Uint8Array;
      readonly keyIndex: number;
      readonly octets: Uint8Array;
    }
  /** An ordinary frame (HD not secure): ordinary communication goes on beside the secure one (6.3). */
  | { readonly kind: 'ordinary'; readonly from: Uint8Array; readonly adata: Uint8Array }
  /** The message of this token arrived whole, or is given up: whether it arrived is then unknown. */
  | { readonly kind: 'message-done'; readonly to: Uint8Array; readonly token: number; readonly arrived: boolean }
  /** A key of this node, or of the device at `peer`, came into force, waits for its commit, or is gone. */
  | {
      readonly kind: 'key';
      readonly peer: Uint8Array;
      readonly keyIndex: number;
      readonly version: number;
      readonly state: 'active' | 'pending' | 'gone';
    }
  /** A device asks for a new key of this index (9.3.3), or its SNFs run out: the actor begins an update. */
  | { readonly kind: 'update-wanted'; readonly peer: Uint8Array; readonly keyIndex: number }
  /** Something that somebody should see. */
  | { readonly kind: 'trouble'; readonly code: TroubleCode; readonly peer: Uint8Array; readonly keyIndex: number }
  /** Send `wake` at this monotonic time; the newest replaces all before. */
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

/** What a node cannot mend by itself. */
export type TroubleCode =
  /** The peer knows a lower SNF than was used: its memory was set back. Only a key update helps. */
  | 'snf_set_back'
  /** Few SNFs are left: the key is to be updated. */
  | 'snf_low'
  /** The peer could not serve what it had authenticated, or refused it. */
  | 'refused'
  /** Tries without an answer. */
  | 'no_answer'
  /** A public value that was refused, or an exchange that went wrong. */
  | 'exchange_failed'
  /** The algorithms that a peer told in plaintext are not those that it confirmed. */
  | 'algorithms_differ';
