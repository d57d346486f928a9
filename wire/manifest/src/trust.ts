import { fromBase64, fromHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { hex, members, name, point } from './fields.ts';

/** What an operator gets from a maker by another way than the manifest: who signs, and the key that the keys are under. */
export interface MakerTrust {
  readonly maker: string;
  /** P-256, uncompressed: 65 octets. */
  readonly publicKey: Uint8Array;
  /** AES-SIV key of 32 octets. */
  readonly transportKey: Secret;
}

/**
 * Maker trust from parsed JSON: `{maker, public_key (base64, 65 octets), transport_key (64 lower-case hex digits)}`.
 * @throws ManifestError `invalid`
 */
export function parseMakerTrust(value: unknown): MakerTrust {
  const found = members(value, 'maker trust', ['maker', 'public_key', 'transport_key']);
  return {
    maker: name(found.get('maker'), 'maker'),
    publicKey: fromBase64(point(found.get('public_key'), 'public_key')),
    transportKey: new Secret(fromHex(hex(found.get('transport_key'), 'transport_key', 32))),
  };
}
