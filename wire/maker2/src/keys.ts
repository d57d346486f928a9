import { hkdf, hkdfExpand, hkdfExtract, type Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii, fromHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';

/** The keys of one binding (16 octets each), one a direction and purpose; all follow from the binding key. */
export interface BindingKeys {
  readonly command: Secret;
  readonly receipt: Secret;
  readonly event: Secret;
  readonly ack: Secret;
  readonly advertisement: Secret;
  readonly beacon: Secret;
}

/** HKDF-SHA-256 (empty salt) of the binding key under "maker2 1 " and the purpose: docs/maker2.md, "Keys". */
export function bindingKeys(primitives: Primitives, bindingKey: Secret): BindingKeys {
  const derive = (purpose: string) => new Secret(hkdf(primitives, bindingKey.reveal(), `maker2 1 ${purpose}`, 16));
  return {
    command: derive('command'),
    receipt: derive('receipt'),
    event: derive('event'),
    ack: derive('ack'),
    advertisement: derive('advertisement'),
    beacon: derive('beacon'),
  };
}

/** The key of a bind request's MAC (16 octets), from the factory key. */
export function bindRequestKey(primitives: Primitives, factoryKey: Secret): Secret {
  return new Secret(hkdf(primitives, factoryKey.reveal(), 'maker2 1 bind request', 16));
}

/**
 * What a binding run agrees on: PRK = HKDF-Extract(salt = factory key, IKM = z), T = SHA-256(lockId | request | answer
 * without its MAC). `confirm` (32) is the HMAC key of the answer's MAC, `bindingKey` (16) the key that both keep.
 */
export function agreedKeys(
  primitives: Primitives,
  factoryKey: Secret,
  z: Uint8Array,
  transcript: Uint8Array,
): { readonly confirm: Secret; readonly bindingKey: Secret } {
  const prk = hkdfExtract(primitives, factoryKey.reveal(), z);
  const expand = (purpose: string, size: number) =>
    new Secret(hkdfExpand(primitives, prk, concat(fromAscii(`maker2 1 ${purpose}`), transcript), size));
  return { confirm: expand('confirm', 32), bindingKey: expand('binding', 16) };
}

/** The 6 octets of an identifier of 12 hex digits. @throws OctetsError `text` */
export function lockIdOf(identifier: string): Uint8Array {
  return fromHex(identifier, 'identifier');
}
