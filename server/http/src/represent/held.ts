import { toHex } from '@cardea/kit-octets';
import type { PersonExport } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { person } from './person.ts';
import { time } from './time.ts';

/** Moments that are not named by an `At` at their end. */
const MOMENTS = ['notBefore', 'notAfter'];

/** Everything that is held of a person. */
export function personExport({ exportedAt, person: who, data }: PersonExport): api.PersonExport {
  return { exported_at: time(exportedAt), person: person(who), data: held(data) };
}

/** What is held of a person as the API writes it: names in snake_case, times in RFC 3339, octets in hex. */
export function held(data: PersonExport['data']): Record<string, unknown[]> {
  return Object.fromEntries(Object.entries(data).map(([noun, rows]) => [snake(noun), rows.map((row) => plain(row))]));
}

function plain(value: unknown, name = ''): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'number' && (/At$/.test(name) || MOMENTS.includes(name))) return time(value);
  if (Array.isArray(value)) return value.map((one) => plain(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snake(key), plain(inner, key)]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
