import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { HttpRefusal } from './refusal.ts';

/** Checks one part of a request, or throws a refusal that names the field and the remedy. */
export type Check = (value: unknown) => unknown;

/** Members of a schema that the remedies are made from. */
interface Described {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
}

/** The check of `part` (`body`, `query`, `path`) by `schema`. @throws HttpRefusal invalid */
export function createCheck(schema: TSchema, part: string): Check {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return value;
    const [error] = compiled.Errors(value);
    throw explain(schema as Described, part, error as SchemaError | undefined);
  };
}

/** Texts of a query as the types that their schema names; what does not fit is left for the check to refuse. */
export function coerceTexts(schema: TSchema, texts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { properties = {} } = schema as Described;
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      typeof text === 'string' ? typed(text, properties[name]?.type) : text,
    ]),
  );
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

function explain(schema: Described, part: string, error: SchemaError | undefined): HttpRefusal {
  if (error === undefined) return new HttpRefusal('invalid', `The ${part} is not valid.`, { field: part });
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  if (error.keyword === 'required') {
    const missing = String((error.params.requiredProperties as readonly string[] | undefined)?.[0]);
    return refuse(part, [...path, missing], `is missing`, find(schema, [...path, missing]));
  }
  if (error.keyword === 'boolean' || error.keyword === 'additionalProperties') {
    const extra = (error.params.additionalProperties as readonly string[] | undefined)?.[0];
    const at = extra === undefined ? path : [...path, extra];
    const known = Object.keys(find(schema, at.slice(0, -1))?.properties ?? {});
    const remedy = known.length === 0 ? 'nothing is taken here' : `known here: ${known.join(', ')}`;
    return refuse(part, at, `is not known; ${remedy}`, undefined);
  }
  const allowed = (error.params.allowedValues as readonly unknown[] | undefined)?.join(', ');
  const what = allowed === undefined ? error.message : `must be one of ${allowed}`;
  return refuse(part, path, what, find(schema, path));
}

function refuse(part: string, path: readonly string[], what: string, described: Described | undefined): HttpRefusal {
  const field = [part, ...path.map(printable)].join('.');
  const more = described?.description === undefined ? '' : ` ${described.description}`;
  return new HttpRefusal('invalid', `${field} ${what}.${more}`, { field });
}

function find(schema: Described | undefined, path: readonly string[]): Described | undefined {
  const [name, ...rest] = path;
  if (schema === undefined || name === undefined) return schema;
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => find(one, path)).find((one) => one !== undefined);
  if (schema.items !== undefined) return find(schema.items, rest);
  return Object.hasOwn(schema.properties ?? {}, name) ? find(schema.properties?.[name], rest) : undefined;
}

function unescapePointer(text: string): string {
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A member's name as the sender wrote it, short and without anything that a terminal would act on. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 64);
}

function typed(text: string, type: string | undefined): string | number | boolean {
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
