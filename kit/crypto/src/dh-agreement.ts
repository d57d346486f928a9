import type { ModpName } from './modp.ts';
import type { PrivateKeyHandle } from './primitives.ts';

/** The groups in which a Diffie-Hellman run can be made. */
export type DhGroupName = ModpName | 'p256';

/** A private exponent of a MODP group that does not leave whoever made it: an opaque handle. */
export interface ModpPrivateKeyHandle {
  readonly kind: 'modp-private';
}

/** A private half of either kind. */
export type DhPrivateKeyHandle = PrivateKeyHandle | ModpPrivateKeyHandle;

/** A fresh pair of one run. */
export interface DhPair {
  /** MODP: as many octets as the prime. P-256: an uncompressed point, 65 octets. */
  readonly publicValue: Uint8Array;
  readonly privateKey: DhPrivateKeyHandle;
}

/** What a runner does for a protocol that agrees on a secret: randomness and powers are effects. */
export interface DhAgreement {
  generate(group: DhGroupName): DhPair;
  /**
   * Z: as many octets as the prime, padded on the left; of P-256 the x coordinate, 32 octets. `undefined` when the
   * peer's value is not one of the group's own: size, range, order, curve.
   */
  agree(privateKey: DhPrivateKeyHandle, peer: Uint8Array): Uint8Array | undefined;
}
