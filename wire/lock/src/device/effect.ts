import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import type { DurableChange } from './durable.ts';

/** What the device machine asks of the lock, to be done in this order. */
export type DeviceEffect =
  /** A message to a central, for the link codec. Lost silently when the link is gone. */
  | { readonly kind: 'send'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  | { readonly kind: 'drop-link'; readonly link: number }
  /** Move the bolt; answered by `acted` with this token, once. Only one is open at a time. */
  | { readonly kind: 'act'; readonly operation: 'unlock' | 'lock'; readonly token: number }
  /** The body's configuration, after power-on and whenever it changes; 0 s is off. */
  | { readonly kind: 'configure'; readonly autoRelockS: number; readonly heldOpenS: number }
  /** Make this change durable as a whole or not at all, in order, then answer `persisted`. */
  | { readonly kind: 'persist'; readonly id: number; readonly change: DurableChange }
  /** A fresh P-256 pair (public key uncompressed, 65 octets) and `sizeOctets` random octets; answered by `ephemeral`. */
  | { readonly kind: 'make-ephemeral'; readonly id: number; readonly sizeOctets: number }
  /** Answered by `random`. */
  | { readonly kind: 'make-random'; readonly id: number; readonly sizeOctets: number }
  /** ECDH with the peer's uncompressed point, checked to be on the curve; answered by `agreed`. */
  | { readonly kind: 'agree'; readonly id: number; readonly privateKey: PrivateKeyHandle; readonly peer: Uint8Array }
  /** ES256 over `message` by this lock's serial key; answered by `signed`. */
  | { readonly kind: 'sign'; readonly id: number; readonly message: Uint8Array }
  /** What to advertise from now on. `address`: 12 upper-case hex digits; a bound lock's is random and changes. */
  | { readonly kind: 'advertise'; readonly address: string; readonly data: Uint8Array }
  /** A binding waits for the button or the printed code (show it), or no longer does. */
  | { readonly kind: 'confirmation-wanted'; readonly wanted: boolean }
  /** The lock is back in its factory state: the actor clears whatever else it keeps (grants, PINs). */
  | { readonly kind: 'cleared' }
  /** Send `wake` at this monotonic time; the newest replaces all before. */
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };
