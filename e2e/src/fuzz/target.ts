/** One parser of octets from outside, as the fuzzer drives it. */
export interface Target {
  /** Also the name of its file in vectors/corpus. */
  readonly name: string;
  /** Prefixes of the source files whose blocks count, from the root of the repository. */
  readonly covers: readonly string[];
  /** Known-good inputs to begin with. */
  readonly seeds: readonly Uint8Array[];
  readonly maxOctets: number;
  /** Puts right what a mutation must not break if anything behind it is to be reached: a checksum, a tag. */
  readonly repair?: (input: Uint8Array) => Uint8Array;
  /**
   * Feeds one input and checks what must hold. Returns when the input was taken or refused as foreseen; whatever it
   * throws is a finding.
   */
  run(input: Uint8Array): void | Promise<void>;
  /** Puts away what the target has laid out. */
  end?(): void;
}

/** Loads a target. Called after coverage began: V8 counts blocks only of what it compiles afterwards. */
export type LoadTarget = () => Promise<Target>;

/** An input that broke a property, other than by an error that nobody foresaw. */
export class Finding extends Error {
  constructor(property: string) {
    super(property);
    this.name = 'Finding';
  }
}

/** Throws a {@link Finding} unless `holds`. */
export function must(holds: boolean, property: string): void {
  if (!holds) throw new Finding(property);
}

/** The value, or undefined when it threw the one error that the package may throw; any other error goes on. */
export function foreseen<T>(error: new (...args: never[]) => Error, run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof error) return undefined;
    throw thrown;
  }
}

const encoder = new TextEncoder();

/** The octets of a text. */
export function octetsOf(text: string): Uint8Array {
  return encoder.encode(text);
}
