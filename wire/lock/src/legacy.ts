import { type AesBlock, cbcDecrypt, cbcEncrypt, cmac, type Primitives } from '@cardea/kit-crypto';
import { concat, fromAscii, Reader, Writer } from '@cardea/kit-octets';
import { FRAME_SIZE_OCTETS } from './command-frame.ts';
import { LockError, writing } from './errors.ts';
import { decodeM1Head, encodeM1Head, identifierOctets, type M1Head, stageAKeys } from './key-agreement.ts';
import { MESSAGE } from './messages.ts';

/**
 * The legacy profile: the seed's two stages and its frame behind a counter. Weak, and marked so wherever it is shown:
 * nothing in it is authenticated but by an 8-bit XOR. Off by default; kept for locks that know nothing better.
 */

/** Octets of a frame on the air: counter(4) | block(16), one write at the smallest MTU. */
export const LEGACY_FRAME_SIZE_OCTETS = 20;
/** Octets of stage A: 10, head(12), IV(16), CBC(Ka, RS | seed)(32). */
export const LEGACY_M1_SIZE_OCTETS = 61;
/** Octets of stage B: 11, IV(16), CBC(Kb, RS | RL)(32), capabilities(2). */
export const LEGACY_M2_SIZE_OCTETS = 51;
/** A legacy command counts only if its word is within this of the lock's time, in seconds; it has no time to live. */
export const LEGACY_WINDOW_S = 30;

/** Stage A. `seed` and `iv` are fresh, 16 octets each. @throws LockError `range` */
export function sealLegacyM1(
  primitives: Primitives,
  psk: Uint8Array,
  head: M1Head,
  rs: Uint8Array,
  seed: Uint8Array,
  iv: Uint8Array,
): Uint8Array {
  const { ka } = stageAKeys(primitives, psk);
  return concat(
    Uint8Array.of(MESSAGE.m1),
    encodeM1Head(head),
    iv,
    cbcEncrypt(primitives.aes(ka), iv, concat(rs, seed)),
  );
}

/** Reads stage A: under a wrong key it gives other octets, not an error. @throws LockError `length`, `kind`, `range` */
export function openLegacyM1(
  primitives: Primitives,
  psk: Uint8Array,
  octets: Uint8Array,
): { readonly head: M1Head; readonly rs: Uint8Array; readonly seed: Uint8Array } {
  const head = decodeM1Head(octets);
  if (head.suite !== 'legacy') throw new LockError('range', 'M1 of another suite');
  if (octets.length !== LEGACY_M1_SIZE_OCTETS) throw new LockError('length', `a legacy M1 has 61 octets`);
  const { ka } = stageAKeys(primitives, psk);
  const stageA = cbcDecrypt(primitives.aes(ka), octets.slice(13, 29), octets.slice(29));
  return { head, rs: stageA.slice(0, 16), seed: stageA.slice(16) };
}

/** Stage B under Kb. @throws LockError `range` */
export function sealLegacyM2(
  primitives: Primitives,
  kb: Uint8Array,
  rs: Uint8Array,
  rl: Uint8Array,
  iv: Uint8Array,
  capabilities: number,
): Uint8Array {
  return writing(() =>
    new Writer()
      .uint('kind', MESSAGE.m2, 1)
      .octets('IV', iv, 16)
      .octets('stage B', cbcEncrypt(primitives.aes(kb), iv, concat(rs, rl)), 32)
      .uint('capabilities', capabilities, 2)
      .done(),
  );
}

/** Reads stage B. @throws LockError `length`, `kind` */
export function openLegacyM2(
  primitives: Primitives,
  kb: Uint8Array,
  octets: Uint8Array,
): { readonly rs: Uint8Array; readonly rl: Uint8Array; readonly capabilities: number } {
  if (octets[0] !== MESSAGE.m2) throw new LockError('kind', 'not an M2');
  if (octets.length !== LEGACY_M2_SIZE_OCTETS) throw new LockError('length', 'a legacy M2 has 51 octets');
  const reader = new Reader(octets.subarray(1));
  const iv = reader.octets('IV', 16);
  const stageB = cbcDecrypt(primitives.aes(kb), iv, reader.octets('stage B', 32));
  return { rs: stageB.slice(0, 16), rl: stageB.slice(16), capabilities: reader.uint('capabilities', 2) };
}

/** K = CMAC(CMAC(PSK, RS | RL | identifier(12)), "session"), and Kbind the same with "bind". 16 octets each. */
export function legacyKeys(
  primitives: Primitives,
  psk: Uint8Array,
  rs: Uint8Array,
  rl: Uint8Array,
  identifier: string,
): { readonly session: Uint8Array; readonly bind: Uint8Array } {
  const root = primitives.aes(cmac(primitives.aes(psk), rs, rl, identifierOctets(identifier)));
  return { session: cmac(root, fromAscii('session')), bind: cmac(root, fromAscii('bind')) };
}

/** Seals 16 octets: counter(4) | CBC(K, one block), IV = AES(K, counter | 0 (12)). @throws LockError `range`, `length` */
export function sealLegacyFrame(key: AesBlock, counter: number, plaintext: Uint8Array): Uint8Array {
  if (plaintext.length !== FRAME_SIZE_OCTETS) throw new LockError('length', 'a plaintext frame has 16 octets');
  const head = writing(() => new Writer().uint('counter', counter, 4).done());
  return concat(head, cbcEncrypt(key, legacyIv(key, head), plaintext));
}

/** Counter and plaintext of 20 octets; any 20 octets give some plaintext. @throws LockError `length` */
export function openLegacyFrame(
  key: AesBlock,
  frame: Uint8Array,
): { readonly counter: number; readonly plaintext: Uint8Array } {
  const counter = legacyCounter(frame);
  return { counter, plaintext: cbcDecrypt(key, legacyIv(key, frame.slice(0, 4)), frame.slice(4)) };
}

/** The counter that a raw frame claims. @throws LockError `length` */
export function legacyCounter(frame: Uint8Array): number {
  if (frame.length !== LEGACY_FRAME_SIZE_OCTETS) throw new LockError('length', 'a legacy frame has 20 octets');
  return new Reader(frame.slice(0, 4)).uint('counter', 4);
}

function legacyIv(key: AesBlock, counter: Uint8Array): Uint8Array {
  const block = new Uint8Array(16);
  block.set(counter);
  return key.encryptBlock(block);
}

/**
 * The frame as the seed's literal reading has it, IV(16) | block: kept only as the weak double of attack 2, where a
 * flipped bit of the IV flips the same bit of the command. Nothing that opens a door uses it.
 */
export function sealLiteralFrame(key: AesBlock, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return concat(iv, cbcEncrypt(key, iv, plaintext));
}

/** The inverse of {@link sealLiteralFrame}. @throws LockError `length` */
export function openLiteralFrame(key: AesBlock, frame: Uint8Array): Uint8Array {
  if (frame.length !== 32) throw new LockError('length', 'a literal frame has 32 octets');
  return cbcDecrypt(key, frame.slice(0, 16), frame.slice(16));
}
