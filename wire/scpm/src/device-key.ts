import { hkdf, type Primitives } from '@cardea/kit-crypto';
import { ScpmError } from './errors.ts';

/**
 * The key of one device under a key of the domain, profile `hardened`: HKDF-SHA256(domain key, "scpm dev" | device
 * address | keyIndex(1) | keyVersion(4)), 16 octets. The domain key never leaves the KSN. The serial key (0) and the
 * maker key (2) are a device's own already and skip this step.
 * @throws ScpmError `range`
 */
export function deviceKey(
  primitives: Primitives,
  domainKey: Uint8Array,
  device: Uint8Array,
  keyIndex: number,
  keyVersion: number,
): Uint8Array {
  if (keyIndex === 0 || keyIndex === 2) {
    throw new ScpmError('range', 'keyIndex', `the key of index ${keyIndex} is the device's own: nothing to derive`);
  }
  const tail = new Uint8Array(5);
  tail[0] = keyIndex;
  new DataView(tail.buffer).setUint32(1, keyVersion);
  return hkdf(primitives, domainKey, ['scpm dev', device, tail]);
}
