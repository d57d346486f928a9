import { readFileSync } from 'node:fs';
import { fromHex } from '@cardea/kit-octets';
import { expect, it } from 'vitest';
import { decodeLock } from '../src/decode/lock.ts';

const { chain } = JSON.parse(readFileSync(new URL('../../../vectors/lock.json', import.meta.url), 'utf8'));

it('a part of a chain head is told as such, with its number and octets', () => {
  for (const [at, part] of chain.parts.entries()) {
    const fields = Object.fromEntries(decodeLock(fromHex(part), undefined).map(({ field, value }) => [field, value]));
    expect(fields['frame.chainPart.number']).toBe(String(at + 1));
    expect(fields['frame.chainPart.octets']).toMatch(/^[0-9a-f]{26}$/);
  }
});
