import { hkdf, type Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii } from '@cardea/kit-octets';
import { ScpmError } from './errors.ts';

/** What tells one device of a maker from every other. */
export interface DeviceProperties {
  /** Printable ASCII, 1 to 255 characters, as are the others. */
  readonly maker: string;
  readonly model: string;
  readonly serialNumber: string;
}

/**
 * The maker key of a device (index 2), as 9.2.3 recommends: a hash of private information and of properties of the
 * device. HKDF-SHA256(maker's secret, "scpm maker" | length(1) maker | length(1) model | length(1) serial number), 16
 * octets. The maker puts it into the device, or works it out again when it is needed; SCPM itself never carries it.
 * `makerSecret`: at least 16 octets that the maker alone knows.
 * @throws ScpmError `length`; OctetsError `text`
 */
export function makerKey(primitives: Primitives, makerSecret: Uint8Array, properties: DeviceProperties): Uint8Array {
  if (makerSecret.length < 16) {
    throw new ScpmError('length', 'makerSecret', `has at least 16 octets, not ${makerSecret.length}`);
  }
  const { maker, model, serialNumber } = properties;
  const parts = Object.entries({ maker, model, serialNumber }).map(([field, text]) => {
    const octets = fromAscii(text, field);
    if (octets.length < 1 || octets.length > 255) {
      throw new ScpmError('length', field, `has 1 to 255 characters, not ${octets.length}`);
    }
    return concat(Uint8Array.of(octets.length), octets);
  });
  return hkdf(primitives, makerSecret, ['scpm maker', ...parts]);
}
