import { type Primitives, sivOpen, sivSeal } from '@cardea/kit-crypto';
import { equal, fromAscii } from '@cardea/kit-octets';
import type { OfflineGrant } from '@cardea/wire-profile';
import { reading, writing } from './errors.ts';
import { readGrantBody, readGrantHead, writeGrantBody, writeGrantHead } from './grant-fields.ts';

/** Octets of a grant in the clear. */
export const GRANT_SIZE_OCTETS = 117;
/** Octets of a grant under its seal. */
export const SEALED_GRANT_SIZE_OCTETS = 133;

const ASSOCIATED_DATA = [fromAscii('cardea-grant-1')];

/**
 * Grant v1, 117 octets: version(1) suite(1) flags(1) lockId(6) grantId(16) phoneKey(65) operations(2) notBefore notAfter
 * leaseEnd issuedAt (4 each) series(1) generation(4) uses(2) scheduleId(2). Times are Unix seconds.
 * @throws AccessError `range`
 */
export function encodeGrant(lockId: Uint8Array, grant: OfflineGrant): Uint8Array {
  return writing((writer) => writeGrantBody(writeGrantHead(writer, grant).octets('lock id', lockId, 6), grant));
}

/** The inverse of {@link encodeGrant}. @throws AccessError `length`, `range` */
export function decodeGrant(octets: Uint8Array): { readonly lockId: Uint8Array; readonly grant: OfflineGrant } {
  return reading('a grant', octets, (reader) => {
    const head = readGrantHead(reader);
    const lockId = reader.octets('lock id', 6);
    return { lockId, grant: { ...head, ...readGrantBody(reader) } };
  });
}

/**
 * Seals a grant for a lock: AES-SIV under {@link grantKey}, AD "cardea-grant-1"; 133 octets. @throws AccessError `range`
 */
export function sealGrant(
  primitives: Primitives,
  key: Uint8Array,
  lockId: Uint8Array,
  grant: OfflineGrant,
): Uint8Array {
  return sivSeal(primitives.aes, key, ASSOCIATED_DATA, encodeGrant(lockId, grant));
}

/**
 * Opens a sealed grant at the lock; undefined when the seal is not this key's, or it is another lock's.
 * @throws AccessError `length`, `range` for what a RAS would not seal
 */
export function openGrant(
  primitives: Primitives,
  key: Uint8Array,
  lockId: Uint8Array,
  sealed: Uint8Array,
): OfflineGrant | undefined {
  if (sealed.length !== SEALED_GRANT_SIZE_OCTETS) return undefined;
  const octets = sivOpen(primitives.aes, key, ASSOCIATED_DATA, sealed);
  if (octets === undefined) return undefined;
  const decoded = decodeGrant(octets);
  return equal(decoded.lockId, lockId) ? decoded.grant : undefined;
}
