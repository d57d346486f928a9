import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';

/** What stands before the identifier in the QR code on a lock. */
export const LOCK_LABEL_PREFIX = 'CARDEA:LOCK:';

/** What the QR code on a lock's case says. */
export interface LockLabel {
  /** 12 upper-case hex digits. */
  readonly identifier: string;
  /** The serial key of SCPM, 16 octets, of locks that speak it: printed beside the code as well. */
  readonly serialKey: Secret | undefined;
}

/** The name of the field that holds the serial key. */
const SERIAL_KEY = 'SK';
const TEXT = /^CARDEA:LOCK:([0-9A-F]{12})((?:\/[A-Z]{2}-[0-9A-Z]+)*)$/;

/**
 * The text of the QR code: `CARDEA:LOCK:` and the identifier, then fields, each `/`, two letters, `-` and its value. The
 * serial key is the field `SK` with 32 hex digits. Every character is one of the alphanumeric mode of ISO/IEC 18004, so
 * that the code stays small.
 */
export function encodeLockLabel({ identifier, serialKey }: LockLabel): string {
  const text = `${LOCK_LABEL_PREFIX}${identifier.toUpperCase()}`;
  return serialKey === undefined ? text : `${text}/${SERIAL_KEY}-${toHex(serialKey.reveal()).toUpperCase()}`;
}

/**
 * The inverse of {@link encodeLockLabel}, upper or lower case. Fields of other names are skipped, so that a reader takes
 * the labels of later locks too. Undefined for anything else.
 */
export function decodeLockLabel(text: string): LockLabel | undefined {
  const [, identifier, fields] = TEXT.exec(text.toUpperCase()) ?? [];
  if (identifier === undefined || fields === undefined) return undefined;
  const keys = fields.split('/').filter((field) => field.startsWith(`${SERIAL_KEY}-`));
  const [key, another] = keys.map((field) => field.slice(SERIAL_KEY.length + 1));
  if (another !== undefined) return undefined;
  if (key === undefined) return { identifier, serialKey: undefined };
  return /^[0-9A-F]{32}$/.test(key) ? { identifier, serialKey: new Secret(fromHex(key.toLowerCase())) } : undefined;
}

/** A key as a case shows it and people type it: hex digits in capitals, in groups of four. */
export function groupedHex(octets: Uint8Array): string {
  return (
    toHex(octets)
      .toUpperCase()
      .match(/.{1,4}/g) ?? []
  ).join(' ');
}
