import { OctetsError } from './errors.ts';

/** Reads named big-endian fields one after the other. Every read checks the length; `end` refuses trailing octets. */
export class Reader {
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  /** Octets not yet read. */
  get left(): number {
    return this.#octets.length - this.#at;
  }

  /** The next `sizeOctets` octets, copied. @throws OctetsError `truncated` */
  octets(field: string, sizeOctets: number): Uint8Array {
    if (this.left < sizeOctets) {
      throw new OctetsError('truncated', field, `needs ${sizeOctets} octets, ${this.left} are left`);
    }
    this.#at += sizeOctets;
    return this.#octets.slice(this.#at - sizeOctets, this.#at);
  }

  /** An unsigned integer of 1 to 6 octets. @throws OctetsError `truncated` */
  uint(field: string, sizeOctets: number): number {
    let value = 0;
    for (const octet of this.octets(field, sizeOctets)) value = value * 256 + octet;
    return value;
  }

  /** All octets that are left. */
  rest(): Uint8Array {
    return this.octets('rest', this.left);
  }

  /** Ends the reading. @throws OctetsError `trailing` */
  end(field = 'message'): void {
    if (this.left > 0) throw new OctetsError('trailing', field, `${this.left} octets too many`);
  }
}

/** Writes big-endian fields one after the other; every write checks the field's range. */
export class Writer {
  readonly #parts: number[] = [];

  /** Exactly `sizeOctets` octets. @throws OctetsError `length` */
  octets(field: string, octets: Uint8Array, sizeOctets: number = octets.length): this {
    if (octets.length !== sizeOctets) {
      throw new OctetsError('length', field, `must have ${sizeOctets} octets, has ${octets.length}`);
    }
    for (const octet of octets) this.#parts.push(octet);
    return this;
  }

  /** An unsigned integer of 1 to 6 octets. @throws OctetsError `range` */
  uint(field: string, value: number, sizeOctets: number): this {
    const limit = 2 ** (8 * sizeOctets);
    if (!Number.isInteger(value) || value < 0 || value >= limit) {
      throw new OctetsError('range', field, `must be a whole number from 0 to ${limit - 1}, is ${value}`);
    }
    for (let i = sizeOctets - 1; i >= 0; i--) this.#parts.push(Math.floor(value / 2 ** (8 * i)) % 256);
    return this;
  }

  /** What has been written. */
  done(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }
}
