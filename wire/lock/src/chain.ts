import type { Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii, Reader, Writer } from '@cardea/kit-octets';
import type { ChainHead, EventChain } from '@cardea/wire-profile';
import { CHAIN_PART_ID } from './answer.ts';
import { decodeCommandFrame, encodeCommandFrame, VALUE_SIZE_OCTETS } from './command-frame.ts';
import { LockError, reading, writing } from './errors.ts';
import { encodeEvent } from './event.ts';
import { lockIdOf } from './key-agreement.ts';

/** Octets of h. */
export const CHAIN_HASH_SIZE_OCTETS = 32;
const SIGNATURE_SIZE_OCTETS = 64;
/** day(4) sequence(4) h(32) signature(64). */
const HEAD_SIZE_OCTETS = 4 + 4 + CHAIN_HASH_SIZE_OCTETS + SIGNATURE_SIZE_OCTETS;
/** A part carries a value and a word. */
const PART_SIZE_OCTETS = VALUE_SIZE_OCTETS + 4;
/** Frames that carry one head: exactly, with nothing left over. */
export const CHAIN_PARTS = HEAD_SIZE_OCTETS / PART_SIZE_OCTETS;

/** h(0) = SHA-256("cardea-lock-chain-1 start" | lockId): no two locks begin alike. */
export function chainStart(primitives: Primitives, identifier: string): Uint8Array {
  return primitives.sha256(fromAscii('cardea-lock-chain-1 start'), lockIdOf(identifier));
}

/** h(n) = SHA-256(h(n-1) | event plaintext(16)). */
export function chainNext(primitives: Primitives, hash: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return primitives.sha256(hash, plaintext);
}

/** What ES256 is over: "cardea-lock-chain-1 head" | lockId(6) | day(4) | sequence(4) | h(32). @throws LockError `range` */
export function chainSigned(identifier: string, head: Omit<ChainHead, 'signature'>): Uint8Array {
  return concat(fromAscii('cardea-lock-chain-1 head'), lockIdOf(identifier), encodeUnsigned(head));
}

/** The chain of the hardened profile's locks (access.md, "Audit and erasure"). */
export const lockChain: EventChain = {
  start: chainStart,
  next: (primitives, hash, event) => chainNext(primitives, hash, encodeEvent(event)),
  signed: chainSigned,
};

/**
 * A signed head as {@link CHAIN_PARTS} plaintext frames: id 0xF1, type = number of the part from 1, value(9) and word(4) =
 * the next 13 octets of day(4) sequence(4) h(32) signature(64). @throws LockError `range`
 */
export function encodeChainParts(head: ChainHead): readonly Uint8Array[] {
  const octets = writing(() =>
    new Writer().octets('head', encodeUnsigned(head)).octets('signature', head.signature, SIGNATURE_SIZE_OCTETS).done(),
  );
  return Array.from({ length: CHAIN_PARTS }, (_, at) => {
    const part = new Reader(octets.slice(at * PART_SIZE_OCTETS, (at + 1) * PART_SIZE_OCTETS));
    const value = part.octets('value', VALUE_SIZE_OCTETS);
    return encodeCommandFrame({ id: CHAIN_PART_ID, type: at + 1, value, word: part.uint('word', 4) });
  });
}

/** One part of a head. */
export interface ChainPart {
  /** 1 to {@link CHAIN_PARTS}. */
  readonly number: number;
  /** 13 octets. */
  readonly octets: Uint8Array;
}

/** The part in 16 octets. @throws LockError `length`, `check`, `kind`, `range` */
export function decodeChainPart(plaintext: Uint8Array): ChainPart {
  const { id, type, value, word } = decodeCommandFrame(plaintext);
  if (id !== CHAIN_PART_ID) throw new LockError('kind', 'not the id of a part of a chain head');
  if (type < 1 || type > CHAIN_PARTS) throw new LockError('range', `no part ${type} of a chain head`);
  return { number: type, octets: concat(value, new Writer().uint('word', word, 4).done()) };
}

/** The head whose parts' octets these are, in order. @throws LockError `length` */
export function joinChainParts(parts: readonly Uint8Array[]): ChainHead {
  return reading('a chain head', concat(...parts), HEAD_SIZE_OCTETS, (reader) => ({
    day: reader.uint('day', 4),
    sequence: reader.uint('sequence', 4),
    hash: reader.octets('h', CHAIN_HASH_SIZE_OCTETS),
    signature: reader.octets('signature', SIGNATURE_SIZE_OCTETS),
  }));
}

function encodeUnsigned({ day, sequence, hash }: Omit<ChainHead, 'signature'>): Uint8Array {
  return writing(() =>
    new Writer().uint('day', day, 4).uint('sequence', sequence, 4).octets('h', hash, CHAIN_HASH_SIZE_OCTETS).done(),
  );
}
