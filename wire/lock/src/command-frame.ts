import { Reader, Writer } from '@cardea/kit-octets';
import { LockError, writing } from './errors.ts';

/** Octets of a plaintext frame, in both directions. */
export const FRAME_SIZE_OCTETS = 16;

/** Octets of its value. */
export const VALUE_SIZE_OCTETS = 9;

/**
 * The seed's frame in the clear: id(1) type(1) value(9) check(1: XOR of octets 0..10) word(4). The check octet is not a
 * field: encoding writes it, decoding verifies it.
 */
export interface CommandFrame {
  /** 0 to 255. */
  readonly id: number;
  /** Class of a request, kind of an answer, code of an event: 0 to 255. */
  readonly type: number;
  /** 9 octets. */
  readonly value: Uint8Array;
  /** 32 bits, unsigned. */
  readonly word: number;
}

/** The 16 octets of a frame. @throws LockError `range` */
export function encodeCommandFrame(frame: CommandFrame): Uint8Array {
  if (!isUint(frame.id, 0xff) || !isUint(frame.type, 0xff) || !isUint(frame.word, 0xffff_ffff)) {
    throw new LockError('range', 'id and type are one octet, word is four');
  }
  if (frame.value.length !== VALUE_SIZE_OCTETS) throw new LockError('range', 'value has 9 octets');
  const octets = new Uint8Array(FRAME_SIZE_OCTETS);
  octets[0] = frame.id;
  octets[1] = frame.type;
  octets.set(frame.value, 2);
  octets[11] = checkOf(octets);
  octets[12] = frame.word >>> 24;
  octets[13] = frame.word >>> 16;
  octets[14] = frame.word >>> 8;
  octets[15] = frame.word;
  return octets;
}

/** The frame of 16 octets. @throws LockError `length`, `check` */
export function decodeCommandFrame(octets: Uint8Array): CommandFrame {
  if (octets.length !== FRAME_SIZE_OCTETS) {
    throw new LockError('length', `a frame has 16 octets, not ${octets.length}`);
  }
  const reader = new Reader(octets);
  const id = reader.uint('id', 1);
  const type = reader.uint('type', 1);
  const value = reader.octets('value', VALUE_SIZE_OCTETS);
  if (reader.uint('check', 1) !== checkOf(octets)) throw new LockError('check', 'the XOR octet does not fit');
  return { id, type, value, word: reader.uint('word', 4) };
}

/** XOR of octets 0..10 (seed 000: "XOR result"). */
function checkOf(octets: Uint8Array): number {
  let check = 0;
  for (let i = 0; i < 11; i++) check ^= octets[i] ?? 0;
  return check;
}

function isUint(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= limit;
}

/** Nine octets of value: what `write` wrote, then zeros. @throws LockError `range` */
export function writeValue(write: (writer: Writer) => void): Uint8Array {
  return writing(() => {
    const writer = new Writer();
    write(writer);
    const octets = writer.done();
    if (octets.length > VALUE_SIZE_OCTETS) throw new LockError('range', 'value has 9 octets');
    const value = new Uint8Array(VALUE_SIZE_OCTETS);
    value.set(octets);
    return value;
  });
}

/** Reads a value whose unnamed octets must be zero. @throws LockError `range` */
export function readValue<T>(value: Uint8Array, read: (reader: Reader) => T): T {
  const reader = new Reader(value);
  const result = read(reader);
  if (reader.rest().some((octet) => octet !== 0)) throw new LockError('range', 'value has octets set past its fields');
  return result;
}
