/** What stands before the identifier in the QR code on a lock. */
const PREFIX = 'CARDEA:LOCK:';

/**
 * The identifier of a lock (12 hexadecimal digits in capitals) in what was scanned or typed: `CARDEA:LOCK:` and the digits,
 * or the digits alone, also in pairs as labels print them. Undefined for anything else.
 */
export function readLockCode(text: string): string | undefined {
  const given = text.trim().toUpperCase();
  const digits = given.startsWith(PREFIX) ? given.slice(PREFIX.length) : given.replace(/[\s:-]/g, '');
  return /^[0-9A-F]{12}$/.test(digits) ? digits : undefined;
}

/** What the QR code on a lock says. */
export function lockCode(identifier: string): string {
  return `${PREFIX}${identifier.toUpperCase()}`;
}
