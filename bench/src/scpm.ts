import type { KeyObject } from 'node:crypto';
import { cbcDecrypt, cbcEncrypt, cmacKey, type Primitives } from '@cardea/kit-crypto';
import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import {
  type Direction,
  decodeSecureFrame,
  directionKey,
  type FrameHead,
  openFrame,
  sealFrame,
  suiteOf,
} from '@cardea/wire-scpm';
import { type Figure, figure, interleavedCpu } from './measure.ts';
import { nativeBlock, nativeCbcDecrypt, nativeCbcEncrypt, nativeCmac, nativeKey } from './native-aes.ts';

/** PADATA of a whole frame of so many octets: HD SA DA BC SHD SNF (21), ciphertext, MDAS (16). */
const FRAMES = [
  { frameOctets: 69, padataOctets: 30 },
  { frameOctets: 309, padataOctets: 255 },
] as const;

/**
 * A whole secure frame, sealed, cut into its fields and opened (`hardened`, authentication and encryption), against the
 * ciphers alone on the same octets, and against a native cipher object for each operation.
 */
export async function scpm({ rounds = 41 }: { readonly rounds?: number } = {}): Promise<readonly Figure[]> {
  return FRAMES.flatMap(({ frameOctets, padataOctets }) => measure(frameOctets, padataOctets, rounds));
}

function measure(frameOctets: number, padataOctets: number, rounds: number): readonly Figure[] {
  const random = seededRandom(frameOctets);
  const key = random.octets(16);
  const direction: Direction = { sa: addressOf(1), da: addressOf(2), response: false, dh: false };
  const suite = suiteOf(nodePrimitives, { profile: 'hardened', algorithm: 1, key }, direction);
  const padata = random.octets(padataOctets);
  const head = { ...direction, keyIndex: 1, services: 'auth+enc' } as const;
  const seal = (snf: number): Uint8Array => sealFrame(suite, { ...head, snf } satisfies FrameHead, padata);

  const sample = decodeSecureFrame(seal(1), 6);
  if (seal(1).length !== frameOctets) throw new Error(`the frame has ${seal(1).length} octets, not ${frameOctets}`);
  const bare = bareCiphers(nodePrimitives, key, direction);
  const native = nativeCiphers(nodePrimitives, key, direction);
  const text = new Uint8Array(sample.body.length).fill(7);
  for (const ciphers of [bare, native]) {
    const { body, mdas } = ciphers.seal(1, sample.head, text);
    const theirs = suite.openBoth(sample.head, 1, body, mdas);
    if (typeof theirs === 'string') throw new Error(`a contender seals differently: ${theirs}`);
  }

  let snf = 0;
  const next = () => (snf = (snf % 0xffff_fff0) + 1);
  const run = (ciphers: Ciphers, calls: number): void => {
    for (let i = 0; i < calls; i++) {
      const at = next();
      const { body, mdas } = ciphers.seal(at, sample.head, text);
      if (ciphers.open(at, sample.head, body, mdas).length !== text.length) throw new Error('a contender did not open');
    }
  };
  const cpu = interleavedCpu(
    {
      ours: (calls) => {
        for (let i = 0; i < calls; i++) {
          const frame = decodeSecureFrame(seal(next()), 6);
          if (openFrame(suite, frame, frame.snf).verdict !== 'ok') throw new Error('our frame did not open');
        }
      },
      bare: (calls) => run(bare, calls),
      native: (calls) => run(native, calls),
    },
    { rounds, calls: frameOctets < 100 ? 2000 : 500 },
  );
  const of = { ours_us: cpu.ours, bare_us: cpu.bare, native_us: cpu.native };
  return [
    figure(
      `SCPM frame seal and open, ${frameOctets} octets: bare ciphers / ours (CPU)`,
      cpu.bare / cpu.ours,
      'ratio',
      '>= 0.5',
      of,
    ),
    figure(
      `SCPM frame seal and open, ${frameOctets} octets: native cipher objects / ours (CPU)`,
      cpu.native / cpu.ours,
      'ratio',
      frameOctets === 69 ? '>= 4' : undefined,
      of,
    ),
  ];
}

/** The ciphers of a frame and nothing else: IV, CBC and CMAC, over octets that are laid out already. */
interface Ciphers {
  seal(snf: number, head: Uint8Array, text: Uint8Array): { readonly body: Uint8Array; readonly mdas: Uint8Array };
  open(snf: number, head: Uint8Array, body: Uint8Array, mdas: Uint8Array): Uint8Array;
}

function bareCiphers(primitives: Primitives, key: Uint8Array, direction: Direction): Ciphers {
  const aes = (label: 'enc' | 'mac' | 'iv') => primitives.aes(directionKey(primitives, key, label, direction));
  const [enc, iv, mac] = [aes('enc'), aes('iv'), cmacKey(aes('mac'))];
  return {
    seal(snf, head, text) {
      const body = cbcEncrypt(enc, iv.encryptBlock(repeated(snf)), text);
      return { body, mdas: mac.tag(head, body) };
    },
    open(snf, head, body, mdas) {
      const tag = mac.tag(head, body);
      if (tag[0] !== mdas[0]) throw new Error('a tag that is not ours');
      return cbcDecrypt(enc, iv.encryptBlock(repeated(snf)), body);
    },
  };
}

function nativeCiphers(primitives: Primitives, key: Uint8Array, direction: Direction): Ciphers {
  const keyOf = (label: 'enc' | 'mac' | 'iv'): KeyObject => nativeKey(directionKey(primitives, key, label, direction));
  const [enc, iv, mac] = [keyOf('enc'), keyOf('iv'), keyOf('mac')];
  return {
    seal(snf, head, text) {
      const body = nativeCbcEncrypt(enc, nativeBlock(iv, repeated(snf)), text);
      return { body, mdas: nativeCmac(mac, Buffer.concat([head, body])) };
    },
    open(snf, head, body, mdas) {
      if (!nativeCmac(mac, Buffer.concat([head, body])).equals(mdas)) throw new Error('a tag that is not ours');
      return nativeCbcDecrypt(enc, nativeBlock(iv, repeated(snf)), body);
    },
  };
}

function repeated(snf: number): Uint8Array {
  const block = new Uint8Array(16);
  const view = new DataView(block.buffer);
  for (let at = 0; at < 16; at += 4) view.setUint32(at, snf);
  return block;
}

function addressOf(last: number): Uint8Array {
  return Uint8Array.of(0x02, 0, 0, 0, 0, last);
}
