import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { nodePrimitives } from '@cardea/kit-node';
import { frameKeys, openFrame, sealFrame } from '@cardea/wire-lock';
import { type Figure, figure, interleavedCpu } from './measure.ts';

/**
 * Command seal and open at 28 octets against the same construction with a native cipher object a block operation:
 * AES for the IV, AES-CBC for the block, AES-CMAC (two blocks of CBC under a masked last block) for the tag.
 */
export async function frames({ rounds = 41 }: { readonly rounds?: number } = {}): Promise<readonly Figure[]> {
  const key = (fill: number) => new Uint8Array(16).fill(fill);
  const ours = frameKeys(nodePrimitives, 'command', { enc: key(1), mac: key(2), iv: key(3) });
  const native = { enc: createSecretKey(key(1)), mac: createSecretKey(key(2)), iv: createSecretKey(key(3)) };
  const plaintext = key(7);
  const agree = sealFrame(ours, 1, plaintext);
  if (Buffer.compare(agree, nativeSeal(native, 1, plaintext)) !== 0) throw new Error('the two sides seal differently');

  let counter = 0;
  const cpu = interleavedCpu(
    {
      ours: (calls) => {
        for (let i = 0; i < calls; i++) {
          counter = (counter % 0xffff_fff0) + 1;
          if (openFrame(ours, sealFrame(ours, counter, plaintext)) === undefined)
            throw new Error('our frame did not open');
        }
      },
      native: (calls) => {
        for (let i = 0; i < calls; i++) {
          counter = (counter % 0xffff_fff0) + 1;
          if (nativeOpen(native, nativeSeal(native, counter, plaintext)) === undefined)
            throw new Error('native did not open');
        }
      },
    },
    { rounds, calls: 2000 },
  );
  return [
    figure(
      'command frame seal and open, 28 octets: native cipher objects / ours (CPU)',
      cpu.native / cpu.ours,
      'ratio',
      '>= 4',
      {
        ours_us: cpu.ours,
        native_us: cpu.native,
      },
    ),
  ];
}

interface NativeKeys {
  readonly enc: KeyObject;
  readonly mac: KeyObject;
  readonly iv: KeyObject;
}

function nativeSeal(keys: NativeKeys, counter: number, plaintext: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(counter);
  const cipher = createCipheriv('aes-128-cbc', keys.enc, nativeIv(keys, head)).setAutoPadding(false);
  const sealed = Buffer.concat([head, cipher.update(plaintext)]);
  return Buffer.concat([sealed, nativeTag(keys, sealed)]);
}

function nativeOpen(keys: NativeKeys, frame: Buffer): Buffer | undefined {
  const sealed = frame.subarray(0, 20);
  if (!nativeTag(keys, sealed).equals(frame.subarray(20))) return undefined;
  const cipher = createDecipheriv('aes-128-cbc', keys.enc, nativeIv(keys, frame.subarray(0, 4))).setAutoPadding(false);
  return cipher.update(frame.subarray(4, 20));
}

function nativeIv(keys: NativeKeys, head: Uint8Array): Buffer {
  return createCipheriv('aes-128-ecb', keys.iv, null).update(Buffer.concat([Buffer.alloc(12), head]));
}

/** CMAC subkey K2 is kept, as ours keeps it: what is compared is the cost a frame. */
const subkeys = new WeakMap<KeyObject, Buffer>();

function nativeTag(keys: NativeKeys, sealed: Uint8Array): Buffer {
  let mask = subkeys.get(keys.mac);
  if (mask === undefined) {
    mask = doubled(doubled(createCipheriv('aes-128-ecb', keys.mac, null).update(Buffer.alloc(16))));
    subkeys.set(keys.mac, mask);
  }
  const input = Buffer.alloc(32);
  input[0] = 0x01;
  input.set(sealed, 3);
  input[23] = 0x80;
  for (let i = 0; i < 16; i++) input[16 + i] = (input[16 + i] ?? 0) ^ (mask[i] ?? 0);
  return createCipheriv('aes-128-cbc', keys.mac, Buffer.alloc(16)).setAutoPadding(false).update(input).subarray(16, 24);
}

function doubled(block: Buffer): Buffer {
  const carry = (block[0] ?? 0) & 0x80;
  const shifted = Buffer.from(block.map((octet, i) => (octet << 1) | ((block[i + 1] ?? 0) >> 7)));
  if (carry !== 0) shifted[15] = (shifted[15] ?? 0) ^ 0x87;
  return shifted;
}
