/** What a canonical text can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * The one text of a value: JSON without white space, members sorted by name (UTF-16 order), numbers as ECMAScript writes
 * them, and everything but printable ASCII as `\uXXXX` in lower case. So it is ASCII, and equal values have equal octets.
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${text(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/** A string as canonical JSON. */
function text(value: string): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
