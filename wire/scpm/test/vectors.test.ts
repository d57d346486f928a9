import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodePrimitives as primitives } from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import {
  type AlgorithmId,
  decodeSecureFrame,
  deviceKey,
  ScpmError,
  type ScpmProfile,
  type Services,
} from '../src/index.ts';
import { directionKey } from '../src/suite/hardened.ts';
import { addressSizeOfVector, headOf, openUnder, sealVector, VECTORS } from './vectors.ts';

const { accept, refuse, deviceKeys, directionKeys } = VECTORS;

describe('vectors composed from the text', () => {
  it.each(accept.map((vector) => [`${vector.clause} ${vector.name}`, vector] as const))('%s', (_, vector) => {
    const octets = fromHex(vector.frame);
    expect(toHex(sealVector(vector))).toBe(vector.frame);
    const { head, body, mdas, ...fields } = decodeSecureFrame(octets, addressSizeOfVector(vector));
    expect(fields).toEqual(headOf(vector));
    expect(toHex(body)).toBe(vector.parts.body);
    expect(mdas === undefined ? null : toHex(mdas)).toBe(vector.parts.mdas);
    expect(toHex(head.subarray(-6, -4))).toBe(vector.parts.shd);
    expect((head.at(-8)! << 8) | head.at(-7)!).toBe(vector.parts.bc);
    const opened = openUnder(vector, octets, vector.snf);
    const hex = Object.fromEntries(
      Object.entries(opened).map(([name, value]) => [name, value instanceof Uint8Array ? toHex(value) : value]),
    );
    const { padata, copied } = vector;
    // Nothing proves a failure answer for confidentiality only: its octets are as the text has them, and never `ok`.
    const verdict = copied !== undefined && vector.services === 'enc' ? 'decrypt' : 'ok';
    expect(hex).toEqual(copied === undefined ? { verdict, padata } : { verdict, copied });
  });
});

describe('vectors that fail at one check', () => {
  it.each(refuse.map((vector) => [`${vector.clause} ${vector.name}`, vector] as const))('%s', (_, vector) => {
    const verdict = (): string => {
      try {
        return openUnder(vector, fromHex(vector.frame)).verdict;
      } catch (error) {
        if (error instanceof ScpmError) return 'format';
        throw error;
      }
    };
    expect(verdict()).toBe(vector.verdict);
  });
});

describe('keys of the profile hardened, by RFC 5869', () => {
  it.each(deviceKeys)('9.2 (ours) $name', ({ domainKey, device, keyIndex, keyVersion, key }) => {
    expect(toHex(deviceKey(primitives, fromHex(domainKey), fromHex(device), keyIndex, keyVersion))).toBe(key);
  });

  it.each(directionKeys)('8.1 (ours) $name', ({ deviceKey: own, sa, da, response, dh, keys }) => {
    for (const label of ['enc', 'mac', 'iv', 'ccm'] as const) {
      const direction = { sa: fromHex(sa), da: fromHex(da), response, dh };
      expect(toHex(directionKey(primitives, fromHex(own), label, direction))).toBe(keys[label]);
    }
  });

  it("9.2 (ours) keys 0 and 2 are a device's own: nothing is derived", () => {
    for (const keyIndex of [0, 2]) {
      expect(() => deviceKey(primitives, new Uint8Array(16), new Uint8Array(6), keyIndex, 1)).toThrow(ScpmError);
    }
  });
});

it('there is a vector for every service combination, as request, response of success and of failure', () => {
  const kinds = (profile: ScpmProfile, algorithm: AlgorithmId, services: Services) =>
    new Set(
      accept
        .filter((one) => one.profile === profile && one.algorithm === algorithm && one.services === services)
        .map((one) => (one.response ? (one.failure ?? 'success') : 'request')),
    );
  for (const [profile, algorithm] of [
    ['standard', 1],
    ['hardened', 1],
    ['hardened', 2],
  ] as const) {
    const both = ['request', 'success', 'snf', 'auth', 'decrypt'];
    expect(kinds(profile, algorithm, 'auth')).toEqual(new Set(both));
    expect(kinds(profile, algorithm, 'auth+enc')).toEqual(new Set(both));
    expect(kinds(profile, algorithm, 'enc')).toEqual(new Set(algorithm === 2 ? [] : ['request', 'success', 'decrypt']));
  }
});

const python = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!python)('vectors/scpm.json is what make.py composes', () => {
  const made = execFileSync('python3', [fileURLToPath(new URL('./vectors/make.py', import.meta.url))]);
  expect(made.equals(readFileSync(new URL('../../../vectors/scpm.json', import.meta.url)))).toBe(true);
});
