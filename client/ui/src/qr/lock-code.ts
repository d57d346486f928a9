import { decodeLockLabel, LOCK_LABEL_PREFIX } from '@cardea/wire-manifest';

/**
 * The identifier of a lock (12 hexadecimal digits in capitals) in what was scanned or typed: the text of its QR code, which
 * may say more, or the digits alone, also in pairs as labels print them. Undefined for anything else.
 */
export function readLockCode(text: string): string | undefined {
  const given = text.trim().toUpperCase();
  if (given.startsWith(LOCK_LABEL_PREFIX)) return decodeLockLabel(given)?.identifier;
  const digits = given.replace(/[\s:-]/g, '');
  return /^[0-9A-F]{12}$/.test(digits) ? digits : undefined;
}
