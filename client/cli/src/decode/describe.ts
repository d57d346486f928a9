import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';

/** One field of decoded octets: a dotted name, its value as text, and what it means where that is not plain. */
export interface DecodedField {
  readonly field: string;
  readonly value: string;
  readonly meaning: string;
}

/** What the fields of a decoded value mean, by dotted name or by its last part. */
export type Meanings = Readonly<Record<string, string>>;

/** The fields of a decoded value, in its own order; octets as hex, nothing as `none`. Whoever decodes has the octets, so nothing is hidden. */
export function describe(value: unknown, meanings: Meanings, prefix = ''): DecodedField[] {
  if (value instanceof Secret) return describe(value.reveal(), meanings, prefix);
  if (value === undefined) return [];
  if (value === null || (Array.isArray(value) && value.length === 0)) return describe('none', meanings, prefix);
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    return Object.entries(value).flatMap(([name, inner]) =>
      describe(inner, meanings, prefix === '' ? name : `${prefix}.${name}`),
    );
  }
  const last = prefix.slice(prefix.lastIndexOf('.') + 1);
  const text = value instanceof Uint8Array ? toHex(value) : String(value);
  return [{ field: prefix, value: text, meaning: meanings[prefix] ?? meanings[last] ?? '' }];
}
