import type { KeyObject } from 'node:crypto';
import { nodePrimitives } from '@cardea/kit-node';
import { frameKeys, openFrame, sealFrame } from '@cardea/wire-lock';
import { type Figure, figure, interleavedCpu } from './measure.ts';
import { nativeBlock, nativeCbcDecrypt, nativeCbcEncrypt, nativeCmac, nativeKey } from './native-aes.ts';

/**
 * Command seal and open at 28 octets against the same construction with a native cipher object a block operation:
 * AES for the IV, AES-CBC for the block, AES-CMAC (two blocks of CBC under a masked last block) for the tag.
 */
export async function frames({ rounds = 41 }: { readonly rounds?: number } = {}): Promise<readonly Figure[]> {
  const key = (fill: number) => new Uint8Array(16).fill(fill);
  const ours = frameKeys(nodePrimitives, 'command', { enc: key(1), mac: key(2), iv: key(3) });
  const native = { enc: nativeKey(key(1)), mac: nativeKey(key(2)), iv: nativeKey(key(3)) };
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
  const sealed = Buffer.concat([head, nativeCbcEncrypt(keys.enc, nativeIv(keys, head), plaintext)]);
  return Buffer.concat([sealed, nativeTag(keys, sealed)]);
}

function nativeOpen(keys: NativeKeys, frame: Buffer): Buffer | undefined {
  const sealed = frame.subarray(0, 20);
  if (!nativeTag(keys, sealed).equals(frame.subarray(20))) return undefined;
  return nativeCbcDecrypt(keys.enc, nativeIv(keys, frame.subarray(0, 4)), frame.subarray(4, 20));
}

function nativeIv(keys: NativeKeys, head: Uint8Array): Buffer {
  return nativeBlock(keys.iv, Buffer.concat([Buffer.alloc(12), head]));
}

/** Version and kind (3 octets, the last two 0 here), then the frame so far. */
function nativeTag(keys: NativeKeys, sealed: Uint8Array): Buffer {
  return nativeCmac(keys.mac, Buffer.concat([Buffer.of(0x01, 0, 0), sealed])).subarray(0, 8);
}
