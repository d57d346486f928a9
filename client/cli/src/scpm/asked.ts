import { fromHex, OctetsError } from '@cardea/kit-octets';
import type { ScpmError } from '@cardea/wire-scpm';
import { CliError } from '../errors.ts';

/**
 * What a person or program asks in one JSON object, read key by key. Whatever is wrong with it is a CliError `usage`
 * that names the key and what to write; a value is never repeated, because it may be a key or a text.
 */
export class Asked {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws CliError when there are keys that are not among `known` */
  constructor(values: Readonly<Record<string, unknown>>, known: readonly string[]) {
    for (const name of Object.keys(values)) {
      if (known.includes(name)) continue;
      // What is long may be a secret at the wrong place.
      const shown = /^\w{1,24}$/.test(name) ? name : 'a key';
      throw wrong(shown, 'is not known', `there are ${known.join(', ')}`);
    }
    this.#values = values;
  }

  /** Whether something stands under `name`; null is nothing. */
  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  /** Octets in hex; without `usual` they must be there. */
  octets(name: string, usual?: Uint8Array): Uint8Array {
    const value = this.#given(name, usual, 'give it as hex digits, two an octet');
    if (value instanceof Uint8Array) return value;
    if (typeof value !== 'string') throw wrong(name, 'is not a text', 'write hex digits, two an octet');
    try {
      return fromHex(value.replace(/[\s:-]/g, ''));
    } catch (error) {
      if (!(error instanceof OctetsError)) throw error;
      throw wrong(name, 'is not hex', 'write two hex digits an octet');
    }
  }

  /** A whole number from `min` to `max`. */
  whole(name: string, min: number, max: number, usual?: number): number {
    const remedy = `write a whole number from ${min} to ${max}`;
    const value = this.#given(name, usual, remedy);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw wrong(name, 'is no such number', remedy);
    }
    return value;
  }

  flag(name: string, usual: boolean): boolean {
    const value = this.#given(name, usual, '');
    if (typeof value !== 'boolean') throw wrong(name, 'is neither true nor false', 'write one of them, without quotes');
    return value;
  }

  /** One of `values`; without `usual` it may be missing. */
  choice<T extends string | number>(name: string, values: readonly T[], usual: T): T;
  choice<T extends string | number>(name: string, values: readonly T[]): T | undefined;
  choice<T extends string | number>(name: string, values: readonly T[], usual?: T): T | undefined {
    if (!this.has(name)) return usual;
    const value = values.find((one) => one === this.#values[name]);
    if (value !== undefined) return value;
    throw wrong(name, 'is not one of its values', `write ${values.map((one) => JSON.stringify(one)).join(' or ')}`);
  }

  #given(name: string, usual: unknown, remedy: string): unknown {
    if (this.has(name)) return this.#values[name];
    if (usual === undefined) throw wrong(name, 'is not there', remedy);
    return usual;
  }
}

/** A refusal that names the key. */
export const wrong = (field: string, what: string, remedy: string, cause?: unknown): CliError =>
  new CliError('usage', `${field} ${what}`, { field, remedy, cause });

/** What the protocol says of values that do not fit, as a refusal of the key that holds them. */
export const refusal = (error: ScpmError): CliError =>
  new CliError('usage', error.message, {
    field: error.field,
    remedy: 'see `cardea scpm seal --help` for what each key may be',
    cause: error,
  });

/** What stands in a text. @throws CliError unless it is one JSON object */
export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own words repeat the text, and with it a key; only its place is passed on.
    const at = /at position (\d+)/.exec(String(error))?.[1];
    throw wrong(
      'JSON',
      `is malformed${at === undefined ? '' : ` at character ${at}`}`,
      'write one object, or one a line',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong('JSON', 'is no object', 'write {"frame": ...} or the like, one a line');
  }
  return { ...value };
}
