import { fromBase64, fromHex, OctetsError } from '@cardea/kit-octets';
import { ManifestError } from './errors.ts';

/** An object with exactly these members: an unknown one is an error, because a signature would not cover its meaning. */
export function members(value: unknown, field: string, names: readonly string[]): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(field, 'must be an object');
  const found = new Map(Object.entries(value));
  const path = (name: string) => (field === 'manifest' || field === 'maker trust' ? name : `${field}.${name}`);
  for (const name of names) if (!found.has(name)) throw invalid(path(name), 'is missing');
  for (const name of found.keys()) if (!names.includes(name)) throw invalid(path(name), 'is not a known member');
  return found;
}

/** A string that matches; `shape` says in words what is wanted. */
export function text(value: unknown, field: string, pattern: RegExp, shape: string): string {
  if (typeof value !== 'string') throw invalid(field, 'must be a string');
  if (!pattern.test(value)) throw invalid(field, `must be ${shape}`);
  return value;
}

/** Lower-case hex of exactly `sizeOctets` octets. */
export function hex(value: unknown, field: string, sizeOctets: number): string {
  const found = text(value, field, /^[0-9a-f]*$/, `${2 * sizeOctets} lower-case hex digits`);
  if (found.length !== 2 * sizeOctets) throw invalid(field, `must be ${2 * sizeOctets} lower-case hex digits`);
  fromHex(found, field);
  return found;
}

/** Canonical base64 of exactly `sizeOctets` octets. */
export function base64(value: unknown, field: string, sizeOctets: number): string {
  if (typeof value !== 'string') throw invalid(field, 'must be a string');
  // Refused before it is decoded, so that a giant string costs nothing.
  if (value.length !== Math.ceil(sizeOctets / 3) * 4) throw invalid(field, `must be base64 of ${sizeOctets} octets`);
  let octets: Uint8Array;
  try {
    octets = fromBase64(value, field);
  } catch (error) {
    if (error instanceof OctetsError) throw invalid(field, `must be base64 of ${sizeOctets} octets`);
    throw error;
  }
  if (octets.length !== sizeOctets) throw invalid(field, `must be base64 of ${sizeOctets} octets`);
  return value;
}

/** An uncompressed P-256 point in base64: 65 octets of which the first is 4. Whether it is on the curve, its user finds. */
export function point(value: unknown, field: string): string {
  const found = base64(value, field, 65);
  if (fromBase64(found)[0] !== 4) throw invalid(field, 'must be an uncompressed P-256 point (first octet 04)');
  return found;
}

/** A name of a maker or model. */
export function name(value: unknown, field: string): string {
  return text(value, field, /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, '1 to 32 characters of A-Z a-z 0-9 . _ -');
}

export function invalid(field: string, detail: string): ManifestError {
  return new ManifestError('invalid', field, detail);
}
