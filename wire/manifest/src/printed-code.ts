import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii, toHex } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';

/**
 * What a manifest says about a lock's printed code, as hex: HMAC-SHA-256(Kdev, "cardea-printed-code-1 " | code). Keyed,
 * because a printed code is short enough to be guessed from a plain hash.
 */
export function hashPrintedCode(primitives: Primitives, factoryKey: Secret, printedCode: Secret<string>): string {
  const message = fromAscii(`cardea-printed-code-1 ${printedCode.reveal()}`, 'printed code');
  return toHex(primitives.hmacSha256(factoryKey.reveal(), message));
}
