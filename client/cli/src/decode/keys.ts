import { fromHex, OctetsError } from '@cardea/kit-octets';
import { usage } from '../errors.ts';

/** Keys from a file, by which sealed octets are opened: hex texts under names, in groups where a protocol has several. */
export class DecodeKeys {
  readonly #content: Readonly<Record<string, unknown>>;
  constructor(content: Readonly<Record<string, unknown>>) {
    this.#content = content;
  }

  /** All that the file holds, for a protocol that reads more than octets from it. */
  get content(): Readonly<Record<string, unknown>> {
    return this.#content;
  }

  /** The key `name` of `sizeOctets`, undefined when the file has none. @throws CliError `usage` when it is malformed */
  key(name: string, sizeOctets: number): Uint8Array | undefined {
    return this.octets(name, sizeOctets, sizeOctets);
  }

  /** What stands under `name`, undefined when nothing does. @throws CliError `usage` when it is no hex of that size */
  octets(name: string, minOctets: number, maxOctets: number): Uint8Array | undefined {
    let at: unknown = this.#content;
    for (const part of name.split('.')) {
      at =
        typeof at === 'object' && at !== null && Object.hasOwn(at, part)
          ? (at as Record<string, unknown>)[part]
          : undefined;
    }
    if (at === undefined) return undefined;
    const digits = minOctets === maxOctets ? `${2 * maxOctets}` : `${2 * minOctets} to ${2 * maxOctets}`;
    // What stands in the file may be a secret: it is not repeated.
    const wrong = (): Error => usage(`--keys: ${name} is malformed`, `write it as ${digits} hex digits`);
    if (typeof at !== 'string') throw wrong();
    try {
      const octets = fromHex(at);
      if (octets.length < minOctets || octets.length > maxOctets) throw wrong();
      return octets;
    } catch (error) {
      if (error instanceof OctetsError) throw wrong();
      throw error;
    }
  }

  /** What stands under `name`. @throws CliError `usage` when it is not there, saying `why` it is needed, or malformed */
  required(name: string, minOctets: number, maxOctets: number, why: string): Uint8Array {
    const octets = this.octets(name, minOctets, maxOctets);
    if (octets === undefined) throw usage(`--keys: ${name} is not there`, why);
    return octets;
  }
}
