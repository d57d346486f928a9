import { aesTables } from './aes-tables.ts';
import { CryptoError } from './errors.ts';
import type { AesBlock } from './primitives.ts';

const { sbox, inverseSbox, encrypt, decrypt } = aesTables();
const [e0, e1, e2, e3] = encrypt;
const [d0, d1, d2, d3] = decrypt;

/**
 * AES-128 or AES-256 by tables, its key schedule computed once (FIPS 197). Fast for short frames, where the set-up of a
 * native cipher costs more than the cipher.
 *
 * **Cache timing.** Which table lines are touched depends on key and data, so whoever shares the processor's cache and
 * can measure it may learn the key. Use it where nobody foreign runs code on the same machine: the RAS, a gateway, a
 * simulated lock, a test. Not on shared hosting without core isolation, not in a browser beside foreign scripts, and
 * real lock hardware has an AES unit. Keys at rest and envelopes use the platform's AES (kit/node).
 *
 * @throws CryptoError `key_size` unless `key` has 16 or 32 octets
 */
export function tableAes(key: Uint8Array): AesBlock {
  if (key.length !== 16 && key.length !== 32) {
    throw new CryptoError('key_size', `an AES key has 16 or 32 octets, not ${key.length}`);
  }
  const forward = expandKey(key);
  // Most keys only ever encrypt (CMAC, CTR, CCM, SIV): the inverse schedule waits for the first use.
  let backward: Uint32Array | undefined;

  const encryptInto: AesBlock['encryptInto'] = (input, inOffset, output, outOffset) => {
    checkBlock(input, inOffset);
    checkBlock(output, outOffset);
    encryptWords(forward, input, inOffset, output, outOffset);
  };
  const decryptInto: AesBlock['decryptInto'] = (input, inOffset, output, outOffset) => {
    checkBlock(input, inOffset);
    checkBlock(output, outOffset);
    backward ??= invertKey(forward);
    decryptWords(backward, input, inOffset, output, outOffset);
  };
  return {
    encryptInto,
    decryptInto,
    encryptBlock(block) {
      const output = new Uint8Array(16);
      checkWhole(block);
      encryptInto(block, 0, output, 0);
      return output;
    },
    decryptBlock(block) {
      const output = new Uint8Array(16);
      checkWhole(block);
      decryptInto(block, 0, output, 0);
      return output;
    },
  };
}

function checkBlock(octets: Uint8Array, offset: number): void {
  if (!(offset >= 0 && offset + 16 <= octets.length)) {
    throw new CryptoError('block_size', `no 16 octets at ${offset} of ${octets.length}`);
  }
}

function checkWhole(block: Uint8Array): void {
  if (block.length !== 16) throw new CryptoError('block_size', `an AES block has 16 octets, not ${block.length}`);
}

const at = (octets: Uint8Array | Uint32Array, i: number): number => octets[i] as number;

const word = (octets: Uint8Array, i: number): number =>
  (at(octets, i) << 24) | (at(octets, i + 1) << 16) | (at(octets, i + 2) << 8) | at(octets, i + 3);

const substituteWord = (w: number): number =>
  (at(sbox, w >>> 24) << 24) |
  (at(sbox, (w >>> 16) & 0xff) << 16) |
  (at(sbox, (w >>> 8) & 0xff) << 8) |
  at(sbox, w & 0xff);

/** KeyExpansion (FIPS 197 clause 5.2): 44 or 60 words. */
function expandKey(key: Uint8Array): Uint32Array {
  const keyWords = key.length / 4;
  const schedule = new Uint32Array(4 * (keyWords + 7));
  for (let i = 0; i < keyWords; i++) schedule[i] = word(key, 4 * i);
  let roundConstant = 1;
  for (let i = keyWords; i < schedule.length; i++) {
    let previous = at(schedule, i - 1);
    if (i % keyWords === 0) {
      previous = substituteWord((previous << 8) | (previous >>> 24)) ^ (roundConstant << 24);
      roundConstant = (roundConstant << 1) ^ ((roundConstant >> 7) * 0x11b);
    } else if (keyWords > 6 && i % keyWords === 4) {
      previous = substituteWord(previous);
    }
    schedule[i] = at(schedule, i - keyWords) ^ previous;
  }
  return schedule;
}

/** The schedule of the equivalent inverse cipher (clause 5.3.5): rounds reversed, InvMixColumns on the inner ones. */
function invertKey(forward: Uint32Array): Uint32Array {
  const last = forward.length - 4;
  const backward = new Uint32Array(forward.length);
  for (let i = 0; i < forward.length; i++) {
    const w = at(forward, last - (i & ~3) + (i & 3));
    const inner = i >= 4 && i < last;
    // The inverse tables hold InvMixColumns of InvSubBytes; SubBytes first takes the latter away.
    backward[i] = inner
      ? at(d0, at(sbox, w >>> 24)) ^
        at(d1, at(sbox, (w >>> 16) & 0xff)) ^
        at(d2, at(sbox, (w >>> 8) & 0xff)) ^
        at(d3, at(sbox, w & 0xff))
      : w;
  }
  return backward;
}

function encryptWords(k: Uint32Array, input: Uint8Array, i: number, output: Uint8Array, o: number): void {
  let a = word(input, i) ^ at(k, 0);
  let b = word(input, i + 4) ^ at(k, 1);
  let c = word(input, i + 8) ^ at(k, 2);
  let d = word(input, i + 12) ^ at(k, 3);
  const last = k.length - 4;
  for (let r = 4; r < last; r += 4) {
    const p = at(e0, a >>> 24) ^ at(e1, (b >>> 16) & 0xff) ^ at(e2, (c >>> 8) & 0xff) ^ at(e3, d & 0xff) ^ at(k, r);
    const q = at(e0, b >>> 24) ^ at(e1, (c >>> 16) & 0xff) ^ at(e2, (d >>> 8) & 0xff) ^ at(e3, a & 0xff) ^ at(k, r + 1);
    const s = at(e0, c >>> 24) ^ at(e1, (d >>> 16) & 0xff) ^ at(e2, (a >>> 8) & 0xff) ^ at(e3, b & 0xff) ^ at(k, r + 2);
    d = at(e0, d >>> 24) ^ at(e1, (a >>> 16) & 0xff) ^ at(e2, (b >>> 8) & 0xff) ^ at(e3, c & 0xff) ^ at(k, r + 3);
    a = p;
    b = q;
    c = s;
  }
  putRow(sbox, output, o, a, b, c, d, at(k, last));
  putRow(sbox, output, o + 4, b, c, d, a, at(k, last + 1));
  putRow(sbox, output, o + 8, c, d, a, b, at(k, last + 2));
  putRow(sbox, output, o + 12, d, a, b, c, at(k, last + 3));
}

function decryptWords(k: Uint32Array, input: Uint8Array, i: number, output: Uint8Array, o: number): void {
  let a = word(input, i) ^ at(k, 0);
  let b = word(input, i + 4) ^ at(k, 1);
  let c = word(input, i + 8) ^ at(k, 2);
  let d = word(input, i + 12) ^ at(k, 3);
  const last = k.length - 4;
  for (let r = 4; r < last; r += 4) {
    const p = at(d0, a >>> 24) ^ at(d1, (d >>> 16) & 0xff) ^ at(d2, (c >>> 8) & 0xff) ^ at(d3, b & 0xff) ^ at(k, r);
    const q = at(d0, b >>> 24) ^ at(d1, (a >>> 16) & 0xff) ^ at(d2, (d >>> 8) & 0xff) ^ at(d3, c & 0xff) ^ at(k, r + 1);
    const s = at(d0, c >>> 24) ^ at(d1, (b >>> 16) & 0xff) ^ at(d2, (a >>> 8) & 0xff) ^ at(d3, d & 0xff) ^ at(k, r + 2);
    d = at(d0, d >>> 24) ^ at(d1, (c >>> 16) & 0xff) ^ at(d2, (b >>> 8) & 0xff) ^ at(d3, a & 0xff) ^ at(k, r + 3);
    a = p;
    b = q;
    c = s;
  }
  putRow(inverseSbox, output, o, a, d, c, b, at(k, last));
  putRow(inverseSbox, output, o + 4, b, a, d, c, at(k, last + 1));
  putRow(inverseSbox, output, o + 8, c, b, a, d, at(k, last + 2));
  putRow(inverseSbox, output, o + 12, d, c, b, a, at(k, last + 3));
}

/** The last round has no MixColumns: one octet of each word through the box, then the round key. */
function putRow(
  box: Uint8Array,
  output: Uint8Array,
  o: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
  roundKey: number,
): void {
  output[o] = at(box, w0 >>> 24) ^ (roundKey >>> 24);
  output[o + 1] = at(box, (w1 >>> 16) & 0xff) ^ (roundKey >>> 16);
  output[o + 2] = at(box, (w2 >>> 8) & 0xff) ^ (roundKey >>> 8);
  output[o + 3] = at(box, w3 & 0xff) ^ roundKey;
}
