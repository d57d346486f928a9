import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '@cardea/kit-runtime';

/** Octets of the content that are sealed together. */
export const CHUNK_OCTETS = 65_536;
export const TAG_OCTETS = 16;

/**
 * The content of a backup under its key: AES-256-GCM a chunk of 65,536 octets (the last one shorter, never empty unless
 * all is), each followed by its tag. Nonce = the chunk's number(11, big-endian) | 1 for the last one, else 0: no chunk
 * can be left out, moved or added, and an end that was cut off shows (the STREAM construction of Hoang, Reyhanitabar,
 * Rogaway and Vizár). The chunk key is HKDF-SHA256 of the backup's key over the header, so that the header is
 * authenticated with the first chunk.
 */
export interface SealedStream {
  seal(chunk: Uint8Array, last: boolean): Uint8Array;
  /** Undefined when it is not this chunk of this backup. */
  open(sealed: Uint8Array, last: boolean): Uint8Array | undefined;
}

/** The sealing of one backup; chunks go through it in order, in one direction. */
export function sealedStream(key: Secret, header: Uint8Array): SealedStream {
  const chunkKey: KeyObject = createSecretKey(
    new Uint8Array(hkdfSync('sha256', key.reveal(), header, 'cardea backup 1', 32)),
  );
  let number = 0;
  const nonce = (last: boolean): Uint8Array => {
    const octets = new Uint8Array(12);
    new DataView(octets.buffer).setUint32(7, number++);
    octets[11] = last ? 1 : 0;
    return octets;
  };
  return {
    seal(chunk, last) {
      const cipher = createCipheriv('aes-256-gcm', chunkKey, nonce(last), { authTagLength: TAG_OCTETS });
      return new Uint8Array(Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]));
    },
    open(sealed, last) {
      if (sealed.length < TAG_OCTETS) return undefined;
      const end = sealed.length - TAG_OCTETS;
      const decipher = createDecipheriv('aes-256-gcm', chunkKey, nonce(last), { authTagLength: TAG_OCTETS });
      decipher.setAuthTag(sealed.subarray(end));
      try {
        return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]));
      } catch {
        return undefined;
      }
    },
  };
}
