import type { Row, Value } from './connection.ts';

/** How a field is stored: the same in every engine. Times are whole Unix milliseconds, flags 0 or 1, JSON is text. */
export type Kind = 'text' | 'integer' | 'real' | 'flag' | 'json' | 'octets';

/** The columns of `T`: each field and its kind. The column of `createdAt` is `created_at`. */
export type Columns<T> = { readonly [Field in keyof T]-?: Kind };

interface Column {
  readonly field: string;
  readonly name: string;
  readonly kind: Kind;
}

/** Carries objects of one shape to rows and back. */
export interface RowCodec<T> {
  readonly names: readonly string[];
  /** The column of a field. */
  name(field: string): string;
  encode(value: Partial<T>): Record<string, Value>;
  decode(row: Row): T;
}

/** The codec of a shape. */
export function rowCodec<T>(columns: Columns<T>): RowCodec<T> {
  const all: readonly Column[] = Object.entries<Kind>(columns).map(([field, kind]) => ({
    field,
    kind,
    name: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  }));
  const byField = new Map(all.map((column) => [column.field, column]));
  const column = (field: string): Column => {
    const found = byField.get(field);
    if (found === undefined) throw new Error(`no column for ${field}`);
    return found;
  };
  return {
    names: all.map(({ name }) => name),
    name: (field) => column(field).name,
    encode(value) {
      const row: Record<string, Value> = {};
      for (const [field, content] of Object.entries(value)) {
        if (content === undefined) continue;
        const { name, kind } = column(field);
        row[name] = toValue(kind, content, name);
      }
      return row;
    },
    decode(row) {
      const value: Record<string, unknown> = {};
      for (const { field, name, kind } of all) value[field] = fromValue(kind, row[name] ?? null);
      // The row was written by `encode` from a T; what the engine gives back has the same fields.
      return value as T;
    },
  };
}

function toValue(kind: Kind, content: unknown, name: string): Value {
  if (content === null) return null;
  if (kind === 'json') return JSON.stringify(content);
  if (kind === 'flag' && typeof content === 'boolean') return content ? 1 : 0;
  if (kind === 'text' && typeof content === 'string') return content;
  if (kind === 'integer' && typeof content === 'number' && Number.isSafeInteger(content)) return content;
  if (kind === 'real' && typeof content === 'number' && Number.isFinite(content)) return content;
  if (kind === 'octets' && content instanceof Uint8Array) return content;
  throw new TypeError(`${name}: not a ${kind} value`);
}

function fromValue(kind: Kind, value: Value): unknown {
  if (value === null) return null;
  if (kind === 'json' && typeof value === 'string') return JSON.parse(value);
  if (kind === 'flag') return value === 1;
  if (kind === 'octets' && value instanceof Uint8Array) return new Uint8Array(value);
  return value;
}
