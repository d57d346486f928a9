import { hkdf, type Primitives } from '@cardea/kit-crypto';
import { LOCAL_ADDRESS_BIT } from './address.ts';

/**
 * The serial key on a lock's case (6.5, 6.6): HKDF-SHA256(Kdev, "scpm serial"), 16 octets. Whoever has the lock's factory
 * key (its maker, and the RAS by the manifest) can work it out, so it need not be typed where the manifest is known; from
 * the serial key nothing of the factory key follows.
 */
export function serialKeyOf(primitives: Primitives, factoryKey: Uint8Array): Uint8Array {
  return hkdf(primitives, factoryKey, 'scpm serial');
}

/**
 * The address of a node in its domain, from its serial key: HKDF-SHA256(serial key, "scpm address"), 6 octets, of which
 * the first says: given locally, one node. It is no MAC address and tells nothing of one, so that frames do not undo
 * the rotating advertisement for those who know neither.
 */
export function domainAddress(primitives: Primitives, serialKey: Uint8Array): Uint8Array {
  const address = hkdf(primitives, serialKey, 'scpm address', 6);
  address[0] = ((address[0] ?? 0) | LOCAL_ADDRESS_BIT) & 0xfe;
  return address;
}
