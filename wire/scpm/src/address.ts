import { ScpmError } from './errors.ts';

/** Octets of an address. All nodes of a domain use one size: the MAC over a frame relies on it. */
export type AddressSize = 2 | 6;

/** The address sizes that there are; 6 is the default. */
export const ADDRESS_SIZES: readonly AddressSize[] = [6, 2];

/**
 * The size of the addresses SA and DA of one frame.
 * @throws ScpmError `length` unless both have 6 octets, or both have 2
 */
export function addressSizeOf(sa: Uint8Array, da: Uint8Array): AddressSize {
  const size = ADDRESS_SIZES.find((one) => one === sa.length);
  if (size === undefined) throw new ScpmError('length', 'sa', `an address has 6 octets or 2, not ${sa.length}`);
  if (da.length !== size) throw new ScpmError('length', 'da', `must have ${size} octets as sa has, has ${da.length}`);
  return size;
}

/**
 * Whether an address means more than one node: then a secure frame to it is dropped (8.2.1). Of 6 octets: the group
 * bit of a MAC address (0x01 of the first octet); of 2 octets: 0xFF00 and above. Broadcast is one of them.
 */
export function isGroupAddress(address: Uint8Array): boolean {
  const first = address[0] ?? 0;
  return address.length === 2 ? first === 0xff : (first & 0x01) !== 0;
}

/** The bit of a first octet that marks a 6-octet address as given by the domain, as on the radio, and no MAC address. */
export const LOCAL_ADDRESS_BIT = 0x02;
