import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';

/** AES-128 by a native cipher object for each operation: what a program without tables of its own would do. */
export const nativeKey = (octets: Uint8Array): KeyObject => createSecretKey(octets);

/** One block. */
export function nativeBlock(key: KeyObject, block: Uint8Array): Buffer {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
}

export function nativeCbcEncrypt(key: KeyObject, iv: Uint8Array, text: Uint8Array): Buffer {
  return createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false).update(text);
}

export function nativeCbcDecrypt(key: KeyObject, iv: Uint8Array, body: Uint8Array): Buffer {
  return createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false).update(body);
}

/** CMAC subkeys are kept, as ours are: what is compared is the cost a frame. */
const subkeys = new WeakMap<KeyObject, { readonly whole: Buffer; readonly padded: Buffer }>();

/** AES-CMAC (RFC 4493), 16 octets: the CBC of the message under a masked last block. */
export function nativeCmac(key: KeyObject, message: Uint8Array): Buffer {
  let masks = subkeys.get(key);
  if (masks === undefined) {
    const whole = doubled(nativeBlock(key, Buffer.alloc(16)));
    masks = { whole, padded: doubled(whole) };
    subkeys.set(key, masks);
  }
  const size = Math.max(16, Math.ceil(message.length / 16) * 16);
  const input = Buffer.alloc(size);
  input.set(message);
  const isWhole = message.length === size;
  if (!isWhole) input[message.length] = 0x80;
  const mask = isWhole ? masks.whole : masks.padded;
  for (let i = 0; i < 16; i++) input[size - 16 + i] = (input[size - 16 + i] ?? 0) ^ (mask[i] ?? 0);
  return nativeCbcEncrypt(key, Buffer.alloc(16), input).subarray(size - 16);
}

function doubled(block: Buffer): Buffer {
  const carry = (block[0] ?? 0) & 0x80;
  const shifted = Buffer.from(block.map((octet, i) => (octet << 1) | ((block[i + 1] ?? 0) >> 7)));
  if (carry !== 0) shifted[15] = (shifted[15] ?? 0) ^ 0x87;
  return shifted;
}
