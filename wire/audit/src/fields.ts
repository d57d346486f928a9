import { fromBase64, OctetsError } from '@cardea/kit-octets';
import { AuditError } from './errors.ts';

/** An object with exactly these members. @throws AuditError `malformed` */
export function members(value: unknown, field: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field, 'must be an object');
  const found = value as Readonly<Record<string, unknown>>;
  for (const name of names) if (!Object.hasOwn(found, name)) throw malformed(field, `has no ${name}`);
  for (const name of Object.keys(found)) if (!names.includes(name)) throw malformed(field, 'has an unknown member');
  return found;
}

/** A JSON text. @throws AuditError `malformed` */
export function json(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(field, 'is not JSON');
  }
}

/** A string of at most `most` characters that matches. @throws AuditError `malformed` */
export function text(value: unknown, field: string, pattern: RegExp, most: number): string {
  if (typeof value !== 'string' || value.length > most || !pattern.test(value)) {
    throw malformed(field, `must be text of at most ${most} characters in its own form`);
  }
  return value;
}

/** A whole number from 0 (or `least`). @throws AuditError `malformed` */
export function whole(value: unknown, field: string, least = 0): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
    throw malformed(field, `must be a whole number from ${least}`);
  }
  return value;
}

/** Base64 of exactly `sizeOctets` octets. @throws AuditError `malformed` */
export function octets(value: unknown, field: string, sizeOctets: number): Uint8Array {
  if (typeof value !== 'string' || value.length !== Math.ceil(sizeOctets / 3) * 4) {
    throw malformed(field, `must be base64 of ${sizeOctets} octets`);
  }
  try {
    const found = fromBase64(value, field);
    if (found.length === sizeOctets) return found;
  } catch (error) {
    if (!(error instanceof OctetsError)) throw error;
  }
  throw malformed(field, `must be base64 of ${sizeOctets} octets`);
}

/** `read` of what is there, or null. */
export function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value);
}

export function malformed(field: string, detail: string): AuditError {
  return new AuditError('malformed', field, detail);
}
