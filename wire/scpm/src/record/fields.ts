import type { Reader, Writer } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { ScpmError } from '../errors.ts';
import type { HeldKey, Line } from '../node/keys.ts';
import { masterIndex, within } from '../padata/fields.ts';
import { ALGORITHM, type AlgorithmId } from '../suite/suite.ts';

/** The version of every record of this package, octet 0. */
const RECORD_VERSION = 1;

export function writeVersion(writer: Writer): Writer {
  return writer.uint('record', RECORD_VERSION, 1);
}

/** @throws ScpmError `unsupported` */
export function readVersion(reader: Reader): void {
  const version = reader.uint('record', 1);
  if (version !== RECORD_VERSION) throw new ScpmError('unsupported', 'record', `there is no version ${version}`);
}

/** n(1), then each. @throws OctetsError `range` (more than 255) */
export function writeList<Item>(
  writer: Writer,
  field: string,
  items: readonly Item[],
  write: (item: Item) => void,
): void {
  writer.uint(field, items.length, 1);
  for (const item of items) write(item);
}

/** The inverse of {@link writeList}. */
export function readList<Item>(reader: Reader, field: string, read: () => Item): readonly Item[] {
  return Array.from({ length: reader.uint(field, 1) }, read);
}

/** present(1), then the value if there is one. */
export function writeOptional<Value>(
  writer: Writer,
  field: string,
  value: Value | undefined,
  write: (value: Value) => void,
): void {
  writer.uint(field, value === undefined ? 0 : 1, 1);
  if (value !== undefined) write(value);
}

/** The inverse of {@link writeOptional}. */
export function readOptional<Value>(reader: Reader, field: string, read: () => Value): Value | undefined {
  return readFlag(reader, field) ? read() : undefined;
}

/** One octet: 0 or 1. @throws ScpmError `range` */
export function readFlag(reader: Reader, field: string): boolean {
  return within(field, reader.uint(field, 1), 0, 1) === 1;
}

/** size(2) octets. */
export function writeSized(writer: Writer, field: string, octets: Uint8Array): void {
  writer.uint(field, octets.length, 2).octets(field, octets);
}

export function readSized(reader: Reader, field: string): Uint8Array {
  return reader.octets(field, reader.uint(field, 2));
}

/** A line that outlives the power: keyIndex(1) version(4) expected(4) next(4) served(1) [request digest(32) response(2, n)]. */
export function writeLine(writer: Writer, { keyIndex, version, expected, next, last }: Line): void {
  writer.uint('keyIndex', keyIndex, 1).uint('version', version, 4).uint('expected', expected, 4).uint('next', next, 4);
  writeOptional(writer, 'served', last, ({ request, response }) => {
    writer.octets('request', request, 32);
    writeSized(writer, 'response', response);
  });
}

export function readLine(reader: Reader): Line {
  return {
    keyIndex: reader.uint('keyIndex', 1),
    version: reader.uint('version', 4),
    dh: false,
    expected: reader.uint('expected', 4),
    next: reader.uint('next', 4),
    isCurrent: false,
    last: readOptional(reader, 'served', () => ({
      request: reader.octets('request', 32),
      response: readSized(reader, 'response'),
    })),
  };
}

/** A key: keyIndex(1) version(4) alg(1) pending(1) confidential(1) key(16). */
export function writeKey(writer: Writer, { keyIndex, version, algorithm, key, state, use }: HeldKey): void {
  writer.uint('keyIndex', keyIndex, 1).uint('version', version, 4).uint('alg', algorithm, 1);
  writer.uint('pending', state === 'pending' ? 1 : 0, 1).uint('confidential', use === 'confidential' ? 1 : 0, 1);
  writer.octets('key', key.reveal(), 16);
}

/** The inverse of {@link writeKey}: no key of the factory, whose versions are 0. @throws ScpmError `range`, `unsupported` */
export function readKey(reader: Reader): HeldKey {
  return {
    keyIndex: masterIndex(reader.uint('keyIndex', 1)),
    version: within('version', reader.uint('version', 4), 1, 0xffff_ffff),
    algorithm: readAlgorithm(reader),
    state: readFlag(reader, 'pending') ? 'pending' : 'active',
    use: readFlag(reader, 'confidential') ? 'confidential' : 'authenticated',
    key: readSecret(reader, 'key'),
    isOfThisRun: false,
  };
}

/** 16 octets. */
export function readSecret(reader: Reader, field: string): Secret {
  return new Secret(reader.octets(field, 16));
}

/** @throws ScpmError `unsupported` */
export function readAlgorithm(reader: Reader): AlgorithmId {
  const octet = reader.uint('alg', 1);
  const known = Object.values(ALGORITHM).find((each) => each === octet);
  if (known === undefined) throw new ScpmError('unsupported', 'alg', `there is no algorithm ${octet}`);
  return known;
}
