import type { Primitives } from '@cardea/kit-crypto';
import { equal, fromAscii } from '@cardea/kit-octets';
import { canonical, type Json } from './canonical.ts';

/** Octets of an event's salt. Of one length, so that nothing of it can pass for the value behind it. */
export const SALT_OCTETS = 16;

/** What a leaf says under commitment: `about` (ids of what the event is about), `detail` (what else is known). */
export type CommitmentName = 'about' | 'detail';

/**
 * SHA-256 of salt(16) | name | `=` | canonical text: it says nothing about the value to whoever has no salt, however few
 * values there are, and binds to it whoever has.
 */
export function commit(
  primitives: Pick<Primitives, 'sha256'>,
  salt: Uint8Array,
  name: CommitmentName,
  value: Json,
): Uint8Array {
  return primitives.sha256(salt, fromAscii(`${name}=${canonical(value)}`));
}

/** Whether `salt` and `value` open the commitment. */
export function opens(
  primitives: Pick<Primitives, 'sha256'>,
  commitment: Uint8Array,
  salt: Uint8Array,
  name: CommitmentName,
  value: Json,
): boolean {
  return salt.length === SALT_OCTETS && equal(commit(primitives, salt, name, value), commitment);
}

/** Octets of K_person. */
export const PERSON_KEY_OCTETS = 32;

const AUDIT = fromAscii('audit');

/** How a person appears in the log: HMAC(K_person, "audit"). Without K_person nobody is named by it. */
export function personTag(primitives: Pick<Primitives, 'hmacSha256'>, personKey: Uint8Array): Uint8Array {
  return primitives.hmacSha256(personKey, AUDIT);
}
