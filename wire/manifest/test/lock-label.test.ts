import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { decodeLockLabel, encodeLockLabel, groupedHex } from '../src/index.ts';

const KEY = '00112233445566778899AABBCCDDEEFF';
const serialKey = new Secret(Uint8Array.from({ length: 16 }, (_, i) => i * 0x11));

const read = (text: string) => {
  const label = decodeLockLabel(text);
  return label && { identifier: label.identifier, serialKey: label.serialKey && toHex(label.serialKey.reveal()) };
};

describe('the QR code on a lock', () => {
  it('says the identifier, and of a lock that speaks SCPM its serial key', () => {
    const identifier = 'C0DEA0000101';
    expect(encodeLockLabel({ identifier, serialKey: undefined })).toBe('CARDEA:LOCK:C0DEA0000101');
    expect(encodeLockLabel({ identifier, serialKey })).toBe(`CARDEA:LOCK:C0DEA0000101/SK-${KEY}`);
  });

  it.each([
    ['CARDEA:LOCK:C0DEA0000101', undefined],
    [`CARDEA:LOCK:C0DEA0000101/SK-${KEY}`, KEY.toLowerCase()],
    [`cardea:lock:c0dea0000101/sk-${KEY.toLowerCase()}`, KEY.toLowerCase()],
    ['CARDEA:LOCK:C0DEA0000101/ZZ-ANYTHING9', undefined],
    [`CARDEA:LOCK:C0DEA0000101/AA-1/SK-${KEY}/ZZ-2`, KEY.toLowerCase()],
  ])('is read from %j', (text, key) => {
    expect(read(text)).toEqual({ identifier: 'C0DEA0000101', serialKey: key });
  });

  it.each([
    '',
    'CARDEA:LOCK:',
    'CARDEA:LOCK:C0DEA000010',
    'CARDEA:LOCK:C0DEA00001011',
    'CARDEA:LOCK:C0DEA0000101/',
    'CARDEA:LOCK:C0DEA0000101/SK',
    'CARDEA:LOCK:C0DEA0000101/SK-',
    `CARDEA:LOCK:C0DEA0000101/SK-${KEY}0`,
    `CARDEA:LOCK:C0DEA0000101/SK-${KEY.slice(1)}`,
    `CARDEA:LOCK:C0DEA0000101/SK-${KEY.slice(1)}G`,
    `CARDEA:LOCK:C0DEA0000101/SK-${KEY}/SK-${KEY}`,
    `CARDEA:LOCK:C0DEA0000101/SK=${KEY}`,
    `CARDEA:LOCK:C0DEA0000101 /SK-${KEY}`,
    `CARDEA:GATEWAY:C0DEA0000101/SK-${KEY}`,
    `xCARDEA:LOCK:C0DEA0000101/SK-${KEY}`,
    `CARDEA:LOCK:C0DEA0000101\n/SK-${KEY}`,
  ])('is not read from %j', (text) => {
    expect(decodeLockLabel(text)).toBeUndefined();
  });

  it('is of characters that the alphanumeric mode of a QR code has, and says back what it was made of', () => {
    const text = encodeLockLabel({ identifier: 'c0dea0000101', serialKey });
    expect(text).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
    expect(read(text)).toEqual({ identifier: 'C0DEA0000101', serialKey: KEY.toLowerCase() });
  });

  it('does not print its key by mistake', () => {
    expect(JSON.stringify(decodeLockLabel(`CARDEA:LOCK:C0DEA0000101/SK-${KEY}`))).not.toContain(KEY.slice(0, 8));
  });
});

it('a key is shown in groups of four', () => {
  expect(groupedHex(serialKey.reveal())).toBe('0011 2233 4455 6677 8899 AABB CCDD EEFF');
});
