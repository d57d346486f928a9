import { concat, fromAscii } from '@cardea/kit-octets';
import type { UnsignedManifest } from './manifest.ts';

type Json = string | number | readonly Json[] | { readonly [key: string]: Json };

/**
 * The octets that a maker signs: RFC 8785 (JCS) of the manifest without `signature`. A manifest has only ASCII strings,
 * one whole number, lists and objects, for which JCS is: members sorted by name, no white space, JSON's shortest escapes.
 */
export function canonicalManifest(manifest: UnsignedManifest): Uint8Array {
  const steps = canonicalManifestSteps(manifest);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** {@link canonicalManifest} a lock at a time, for whoever has others to serve meanwhile. */
export function* canonicalManifestSteps(manifest: UnsignedManifest): Generator<undefined, Uint8Array> {
  const { version, maker, model, issued_at } = manifest;
  const locks: Uint8Array[] = [];
  for (const lock of manifest.locks) {
    const { identifier, model, bluetooth, factory_key, serial_public_key, printed_code_hash } = lock;
    const members = { identifier, model, bluetooth, factory_key, serial_public_key, printed_code_hash };
    locks.push(fromAscii(`${locks.length === 0 ? '' : ','}${canonical(members)}`, 'manifest'));
    yield;
  }
  // `locks` stands between `issued_at` and `maker` in the order of names.
  const [before = '', after = ''] = canonical({ version, maker, model, issued_at, locks: [] }).split('"locks":[]');
  return concat(fromAscii(`${before}"locks":[`, 'manifest'), ...locks, fromAscii(`]${after}`, 'manifest'));
}

function canonical(value: Json): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
