import { fromHex, toHex } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import { decodePlainFrame, isSecure, ScpmError } from '../src/index.ts';
import { type AcceptVector, addressSizeOfVector, openUnder, VECTORS, vectorOf } from './vectors.ts';

/** Frames of each suite and service combination, both directions, both address sizes: every bit of each is flipped. */
const FRAMES: readonly AcceptVector[] = [
  'standard, CBC, auth: request',
  'standard, CBC, auth: response of success',
  'standard, CBC, auth: response of failure (snf)',
  'standard, CBC, auth: empty PADATA',
  'standard, CBC, auth+enc: request',
  'standard, CBC, auth+enc: response of success',
  'standard, CBC, auth+enc: response of failure (auth)',
  'standard, CBC, auth+enc: IV leftZero',
  'standard, CBC, auth+enc: addresses of 2 octets',
  'hardened, CBC, auth: request',
  'hardened, CBC, auth: response of failure (snf)',
  'hardened, CBC, auth: addresses of 2 octets',
  'hardened, CBC, auth+enc: request',
  'hardened, CBC, auth+enc: response of success',
  'hardened, CBC, auth+enc: response of failure (decrypt)',
  'hardened, CBC, auth+enc: PADATA of 255 octets',
  'hardened, CBC: under the secret of a Diffie-Hellman run (b4)',
  'hardened, CCM, auth: request',
  'hardened, CCM, auth: response of failure (snf)',
  'hardened, CCM, auth+enc: request',
  'hardened, CCM, auth+enc: response of success',
  'hardened, CCM, auth+enc: addresses of 2 octets',
].map(vectorOf);

/** The verdict; whatever is no frame is `format`. */
function verdictOf(vector: AcceptVector, octets: Uint8Array): string {
  try {
    return openUnder(vector, octets).verdict;
  } catch (error) {
    if (error instanceof ScpmError) return 'format';
    throw error;
  }
}

/** The bit of a frame that is b6 of its SHD. Which services a key allows is not the frame's to say, but the endpoint's. */
const authenticationBit = (vector: AcceptVector): number => 8 * (1 + 2 * addressSizeOfVector(vector) + 2) + 6;

const flipped = (octets: Uint8Array, bit: number): Uint8Array =>
  octets.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));

describe('one frame after the other', () => {
  it.each(FRAMES.map((vector) => [vector.name, vector] as const))(
    '7.2.8-2 8.1.3-4 8.1.3-5 data authentication: no flip of a bit from SA to MDAS is accepted (%s)',
    (_, vector) => {
      const octets = fromHex(vector.frame);
      expect(verdictOf(vector, octets)).toBe('ok');
      for (let bit = 8; bit < 8 * octets.length; bit++) {
        if (bit === authenticationBit(vector)) continue;
        const verdict = expect.stringMatching(/^(format|mdas|bcc)$/);
        expect([bit, verdictOf(vector, flipped(octets, bit))]).toEqual([bit, verdict]);
      }
    },
  );

  it.each(FRAMES.map((vector) => [vector.name, vector] as const))(
    '7.2.2-9 b6: flipped, a frame says that it is not authenticated, which gives no PADATA of it away (%s)',
    (_, vector) => {
      const other = flipped(fromHex(vector.frame), authenticationBit(vector));
      if (vector.services === 'auth' || vector.algorithm === 2) {
        expect(() => openUnder(vector, other)).toThrow(ScpmError);
        return;
      }
      // A failure answer without authentication is proved by nothing: what it copies is ciphertext.
      expect(openUnder(vector, other)).toEqual(
        vector.failure === null
          ? { verdict: expect.stringMatching(/^(decrypt|bcc)$/) }
          : { verdict: 'decrypt', copied: fromHex(`${vector.parts.body}${vector.parts.mdas}`) },
      );
    },
  );

  it.each(FRAMES.map((vector) => [vector.name, vector] as const))(
    '7.1.2-1 7.2.8-2 HD: a flipped bit makes it no secure frame, and an ordinary one only as what it then says (%s)',
    (_, vector) => {
      const octets = fromHex(vector.frame);
      for (let bit = 0; bit < 8; bit++) {
        const other = flipped(octets, bit);
        expect(isSecure(other)).toBe(false);
        expect(verdictOf(vector, other)).toBe('format');
        const size = addressSizeOfVector(vector);
        if (other[0] !== 0) expect(() => decodePlainFrame(other, size)).toThrow(ScpmError);
        else expect(toHex(decodePlainFrame(other, size).adata)).toBe(toHex(octets.subarray(1 + 2 * size + 2)));
      }
    },
  );
});

describe('every frame of the vectors', () => {
  it('7.1.4-1 BC: no truncation is a frame', () => {
    for (const vector of VECTORS.accept) {
      const octets = fromHex(vector.frame);
      for (let size = 0; size < octets.length; size++) {
        expect(() => openUnder(vector, octets.subarray(0, size))).toThrow(ScpmError);
      }
    }
  });

  it('7.1.4-1 BC: no octet may follow', () => {
    for (const vector of VECTORS.accept) {
      expect(() => openUnder(vector, Uint8Array.of(...fromHex(vector.frame), 0))).toThrow(/^bc: says/);
    }
  });

  it('7.1.4-1 BC: every truncation is refused by its services too, when BC is put right', () => {
    for (const vector of VECTORS.accept) {
      const whole = fromHex(vector.frame);
      const at = 1 + 2 * addressSizeOfVector(vector);
      for (let size = at + 2; size < whole.length; size++) {
        const octets = whole.slice(0, size);
        octets[at] = (size - at - 2) >> 8;
        octets[at + 1] = size - at - 2;
        const verdict = verdictOf(vector, octets);
        expect([vector.name, size, verdict]).toEqual([
          vector.name,
          size,
          expect.stringMatching(/^(format|mdas|bcc|decrypt)$/),
        ]);
      }
    }
  });

  it('8.1.3 data authentication: under another key nothing is accepted', () => {
    for (const vector of VECTORS.accept.filter(({ services }) => services !== 'enc')) {
      const other = { ...vector, key: toHex(flipped(fromHex(vector.key), 77)) };
      expect(verdictOf(other, fromHex(vector.frame))).toBe('mdas');
    }
  });

  it('8.1.3 data authentication (ours): a frame of the profile hardened is none of standard, nor the other way', () => {
    for (const vector of VECTORS.accept.filter(({ services }) => services !== 'enc')) {
      const profile = vector.profile === 'standard' ? 'hardened' : 'standard';
      expect(verdictOf({ ...vector, profile, algorithm: 1, ivLayout: 'repeat' }, fromHex(vector.frame))).toBe('mdas');
    }
  });

  it('5.3.4 algorithms (ours): a frame with both services of one suite is none of the other', () => {
    for (const vector of VECTORS.accept.filter((one) => one.profile === 'hardened' && one.services === 'auth+enc')) {
      if (vector.failure !== null) continue;
      expect(verdictOf({ ...vector, algorithm: vector.algorithm === 1 ? 2 : 1 }, fromHex(vector.frame))).toBe('mdas');
    }
  });
});
