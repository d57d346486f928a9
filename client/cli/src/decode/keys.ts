import { fromHex, OctetsError } from '@cardea/kit-octets';
import { usage } from '../errors.ts';

/** Keys from a file, by which sealed octets are opened: hex texts under names, in groups where a protocol has several. */
export class DecodeKeys {
  readonly #content: Readonly<Record<string, unknown>>;
  constructor(content: Readonly<Record<string, unknown>>) {
    this.#content = content;
  }

  /** The key `name` of `sizeOctets`, undefined when the file has none. @throws CliError `usage` when it is malformed */
  key(name: string, sizeOctets: number): Uint8Array | undefined {
    let at: unknown = this.#content;
    for (const part of name.split('.')) {
      at =
        typeof at === 'object' && at !== null && Object.hasOwn(at, part)
          ? (at as Record<string, unknown>)[part]
          : undefined;
    }
    if (at === undefined) return undefined;
    const wrong = (): Error => usage(`--keys: ${name} is not a key`, `write it as ${2 * sizeOctets} hex digits`);
    if (typeof at !== 'string') throw wrong();
    try {
      const octets = fromHex(at);
      if (octets.length !== sizeOctets) throw wrong();
      return octets;
    } catch (error) {
      // What stands in the file may be a secret: it is not repeated.
      if (error instanceof OctetsError) throw wrong();
      throw error;
    }
  }
}
