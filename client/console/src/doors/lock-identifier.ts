/** What a lock's QR code says before its identifier. */
const QR_PREFIX = /^CARDEA:LOCK:/i;

/**
 * The identifier of a lock (12 upper-case hex digits) from what was typed, pasted or scanned: with or without colons,
 * blanks and what stands before it in a QR code. Undefined where it is none.
 */
export function lockIdentifierOf(text: string): string | undefined {
  const digits = text
    .trim()
    .replace(QR_PREFIX, '')
    .replace(/[\s:.-]/g, '')
    .toUpperCase();
  return /^[0-9A-F]{12}$/.test(digits) ? digits : undefined;
}
