import { OctetsError, Reader, Writer } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import { KEY_INDEX } from '../header.ts';

/** Algorithms that one inquiry answer, and so one list that was heard, may hold. */
export const ALGORITHMS_MAX = 16;

/** Octets of an AES key as they can be told; only 16 are taken (the others are refused by name). */
export const KEY_LENGTHS = [16, 24, 32] as const;

/** Runs a decoder to the last octet. What the cursor refuses becomes an ScpmError of the same field. @throws ScpmError */
export function reading<T>(octets: Uint8Array, name: string, read: (reader: Reader) => T): T {
  return asScpmErrors(() => {
    const reader = new Reader(octets);
    const value = read(reader);
    reader.end(name);
    return value;
  });
}

/** Runs an encoder. What the cursor refuses becomes an ScpmError of the same field. @throws ScpmError */
export function writing(write: (writer: Writer) => Writer): Uint8Array {
  return asScpmErrors(() => write(new Writer()).done());
}

function asScpmErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OctetsError)) throw error;
    const code = error.code === 'truncated' || error.code === 'range' ? error.code : 'length';
    throw new ScpmError(code, error.field, error.message.slice(error.field.length + 2));
  }
}

/** `value` if it is a whole number from `least` to `most`. @throws ScpmError `range` */
export function within(field: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ScpmError('range', field, `must be a whole number from ${least} to ${most}, is ${value}`);
}

/** How many octets there are, from `least` to `most`. @throws ScpmError `length` */
export function sized(field: string, octets: Uint8Array, least: number, most: number): Uint8Array {
  if (octets.length >= least && octets.length <= most) return octets;
  throw new ScpmError('length', field, `must have ${least} to ${most} octets, has ${octets.length}`);
}

/** The index of a key of a service provider: 3 to 15. @throws ScpmError `range` */
export function providerIndex(value: number): number {
  return within('keyIndex', value, KEY_INDEX.firstProvider, KEY_INDEX.lastProvider);
}

/**
 * The index of a master key (9.3.1): the user key (1), or a service provider's (3 to 15).
 * @throws ScpmError `range`
 */
export function masterIndex(value: number): number {
  return value === KEY_INDEX.user ? value : providerIndex(value);
}

/** Any index: 0 to 15. @throws ScpmError `range` */
export function anyIndex(value: number): number {
  return within('keyIndex', value, KEY_INDEX.serial, KEY_INDEX.lastProvider);
}

/** fragment(1) total(1): which part, from 0, of how many, 1 to `most`. */
export interface FragmentPlace {
  readonly fragment: number;
  readonly total: number;
}

/** @throws ScpmError `range` */
export function fragmentPlace({ fragment, total }: FragmentPlace, most: number): FragmentPlace {
  within('total', total, 1, most);
  return { fragment: within('fragment', fragment, 0, total - 1), total };
}

/** n(1), then so many algorithms, 1 to {@link ALGORITHMS_MAX}. @throws OctetsError, ScpmError `range` */
export function readAlgorithms(reader: Reader): readonly number[] {
  const count = within('n', reader.uint('n', 1), 1, ALGORITHMS_MAX);
  return [...reader.octets('algorithms', count)];
}

/** The inverse of {@link readAlgorithms}. @throws OctetsError, ScpmError `range` */
export function writeAlgorithms(writer: Writer, algorithms: readonly number[]): Writer {
  writer.uint('n', within('n', algorithms.length, 1, ALGORITHMS_MAX), 1);
  for (const algorithm of algorithms) writer.uint('algorithms', algorithm, 1);
  return writer;
}
