import { fromAscii, toBase64 } from '@cardea/kit-octets';
import type { ScramHash } from './scram.ts';

/**
 * XEP-0474: a hash of what the server offered, in base64. It stands as `h=` in the server's first message, which both
 * ends sign: whoever takes a mechanism or a kind of binding out of the offer spoils the proof.
 * Shape: mechanisms in octet order joined by 1E, and when kinds are offered 1F and they in the same way.
 */
export function offerHash(hash: ScramHash, mechanisms: readonly string[], bindings: readonly string[]): string {
  const kinds = bindings.length === 0 ? '' : `\x1f${joined(bindings)}`;
  return toBase64(hash.digest(fromAscii(joined(mechanisms) + kinds)));
}

function joined(names: readonly string[]): string {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join('\x1e');
}
