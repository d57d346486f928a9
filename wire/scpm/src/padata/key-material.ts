import type { Reader, Writer } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import { KEY_LENGTHS } from './fields.ts';

/** A key with its attributes as a key message carries it (9.2.1 f), 9.3.1 j)). */
export interface KeyMaterial {
  /** Which key it is (7.2.2). */
  readonly keyIndex: number;
  /** Grows with each key of the index: 0 to 2^32 - 1. */
  readonly version: number;
  /** One octet; the known ones are ALGORITHM's. */
  readonly algorithm: number;
  /** 16 octets; 24 and 32 can be read, to be refused by name. */
  readonly key: Uint8Array;
}

/** keyIndex(1) version(4) alg(1) keyLen(1) key. @throws OctetsError, ScpmError `range` */
export function readKeyMaterial(reader: Reader, index: (value: number) => number): KeyMaterial {
  const keyIndex = index(reader.uint('keyIndex', 1));
  const version = reader.uint('version', 4);
  const algorithm = reader.uint('alg', 1);
  return { keyIndex, version, algorithm, key: reader.octets('key', keyLength(reader.uint('keyLen', 1))) };
}

/** The inverse of {@link readKeyMaterial}. @throws OctetsError, ScpmError `range` */
export function writeKeyMaterial(
  writer: Writer,
  index: (value: number) => number,
  { keyIndex, version, algorithm, key }: KeyMaterial,
): Writer {
  return writer
    .uint('keyIndex', index(keyIndex), 1)
    .uint('version', version, 4)
    .uint('alg', algorithm, 1)
    .uint('keyLen', keyLength(key.length), 1)
    .octets('key', key);
}

function keyLength(octets: number): number {
  if (KEY_LENGTHS.some((known) => known === octets)) return octets;
  throw new ScpmError('range', 'keyLen', `an AES key has 16, 24 or 32 octets, not ${octets}`);
}
