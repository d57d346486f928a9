import { fromHex } from '@cardea/kit-octets';
import { expect, it } from 'vitest';
import { decodeHop, encodeHop } from '../src/index.ts';

it('a message of the hop is its channel, then its octets', () => {
  expect(encodeHop({ channel: 3, octets: fromHex('2211') })).toEqual(fromHex('032211'));
  expect(decodeHop(fromHex('032211'))).toEqual({ channel: 3, octets: fromHex('2211') });
});

it.each(['', '01', '0011', '40aa', 'ffaa'])('no message of the hop: %s', (hex) => {
  expect(() => decodeHop(fromHex(hex))).toThrow(expect.objectContaining({ name: 'ScpmError' }));
});
