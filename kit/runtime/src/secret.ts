/** A secret that prints as `[secret]` wherever it is turned into text; `reveal` is the only way out. */
export class Secret<T = Uint8Array> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  /** The secret itself. Each call is a place to review. */
  reveal(): T {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
}
