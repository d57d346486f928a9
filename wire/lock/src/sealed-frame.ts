import { type AesBlock, type CmacKey, cmacKey, type Primitives } from '@cardea/kit-crypto';
import { FRAME_SIZE_OCTETS } from './command-frame.ts';
import { LockError } from './errors.ts';

/** Octets of a sealed frame: counter(4) | ciphertext(16) | tag(8). */
export const SEALED_FRAME_SIZE_OCTETS = 28;

/** The highest counter of a key; after it the keys are spent and a new run is needed. */
export const COUNTER_MAX = 0xffff_ffff;

/** What a set of keys is for; each kind runs in one direction only. */
export type KeyKind = 'command' | 'receipt' | 'event';

const KIND_OCTET: Readonly<Record<KeyKind, number>> = { command: 0, receipt: 1, event: 2 };

/** 0 to the lock, 1 from it: bound into IV and tag, so that no frame can be sent back. */
const DIRECTION_OCTET: Readonly<Record<KeyKind, number>> = { command: 0, receipt: 1, event: 1 };

const VERSION = 0x01;
const TAG_SIZE_OCTETS = 8;
const TAG_INPUT_SIZE_OCTETS = 23;

/** The three keys of one kind, their AES schedules and CMAC subkeys computed once. */
export interface FrameKeys {
  readonly kind: KeyKind;
  readonly enc: AesBlock;
  readonly mac: CmacKey;
  readonly iv: AesBlock;
}

/** Prepares the keys of one kind: 16 octets each. */
export function frameKeys(
  primitives: Primitives,
  kind: KeyKind,
  keys: { readonly enc: Uint8Array; readonly mac: Uint8Array; readonly iv: Uint8Array },
): FrameKeys {
  return {
    kind,
    enc: primitives.aes(keys.enc),
    mac: cmacKey(primitives.aes(keys.mac)),
    iv: primitives.aes(keys.iv),
  };
}

/**
 * Seals 16 octets under `counter` (1 to 2^32 - 1, never twice under the same keys):
 * IV = AES(Kiv, direction | 0 (11) | counter), one block of CBC, and the first 8 octets of
 * CMAC(Kmac, 0x01 | direction | key kind | counter | ciphertext). @throws LockError `range`, `length`
 */
export function sealFrame(keys: FrameKeys, counter: number, plaintext: Uint8Array): Uint8Array {
  if (!Number.isInteger(counter) || counter < 1 || counter > COUNTER_MAX) {
    throw new LockError('range', 'a counter is 1 to 2^32 - 1');
  }
  if (plaintext.length !== FRAME_SIZE_OCTETS) throw new LockError('length', 'a plaintext frame has 16 octets');
  const frame = new Uint8Array(SEALED_FRAME_SIZE_OCTETS);
  frame[0] = counter >>> 24;
  frame[1] = counter >>> 16;
  frame[2] = counter >>> 8;
  frame[3] = counter;
  const block = ivOf(keys, frame);
  for (let i = 0; i < 16; i++) block[i] = (block[i] as number) ^ (plaintext[i] as number);
  keys.enc.encryptInto(block, 0, frame, 4);
  const tag = tagOf(keys, frame);
  for (let i = 0; i < TAG_SIZE_OCTETS; i++) frame[20 + i] = tag[i] as number;
  return frame;
}

/** The counter of a sealed frame, before anything is verified. @throws LockError `length` */
export function frameCounter(frame: Uint8Array): number {
  if (frame.length !== SEALED_FRAME_SIZE_OCTETS) throw new LockError('length', 'a sealed frame has 28 octets');
  return (
    (frame[0] as number) * 0x100_0000 +
    (((frame[1] as number) << 16) | ((frame[2] as number) << 8) | (frame[3] as number))
  );
}

/** The 16 octets that {@link sealFrame} sealed, or undefined when the tag is wrong. The counter is the caller's to judge. @throws LockError `length` */
export function openFrame(keys: FrameKeys, frame: Uint8Array): Uint8Array | undefined {
  if (frame.length !== SEALED_FRAME_SIZE_OCTETS) throw new LockError('length', 'a sealed frame has 28 octets');
  const tag = tagOf(keys, frame);
  let difference = 0;
  for (let i = 0; i < TAG_SIZE_OCTETS; i++) difference |= (tag[i] as number) ^ (frame[20 + i] as number);
  if (difference !== 0) return undefined;
  const plaintext = new Uint8Array(FRAME_SIZE_OCTETS);
  keys.enc.decryptInto(frame, 4, plaintext, 0);
  const iv = ivOf(keys, frame);
  for (let i = 0; i < 16; i++) plaintext[i] = (plaintext[i] as number) ^ (iv[i] as number);
  return plaintext;
}

function ivOf(keys: FrameKeys, frame: Uint8Array): Uint8Array {
  const block = new Uint8Array(16);
  block[0] = DIRECTION_OCTET[keys.kind];
  for (let i = 0; i < 4; i++) block[12 + i] = frame[i] as number;
  keys.iv.encryptInto(block, 0, block, 0);
  return block;
}

function tagOf(keys: FrameKeys, frame: Uint8Array): Uint8Array {
  const input = new Uint8Array(TAG_INPUT_SIZE_OCTETS);
  input[0] = VERSION;
  input[1] = DIRECTION_OCTET[keys.kind];
  input[2] = KIND_OCTET[keys.kind];
  for (let i = 0; i < 20; i++) input[3 + i] = frame[i] as number;
  return keys.mac.tag(input);
}
