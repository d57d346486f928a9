import { fromAscii, fromBase64, fromHex, OctetsError, toAscii, toBase64, toHex } from '@cardea/kit-octets';
import { foreseen, must, octetsOf, type Target } from '../target.ts';

const latin = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** Hex, base64 and ASCII of kit/octets, beside Node's own. */
export async function octetsTarget(): Promise<Target> {
  return {
    name: 'octets',
    covers: ['kit/octets/src/text.ts', 'kit/octets/src/errors.ts'],
    seeds: ['00ffAB', 'AAEC', 'AAE=', 'AA==', '////++++', 'plain text'].map(octetsOf),
    maxOctets: 256,
    run(input) {
      const text = latin(input);
      const hex = foreseen(OctetsError, () => fromHex(text));
      must((hex !== undefined) === /^(?:[0-9a-f]{2})*$/i.test(text), 'hex is taken just when it is hex');
      if (hex !== undefined) must(toHex(hex) === text.toLowerCase(), 'hex comes back');
      const base64 = foreseen(OctetsError, () => fromBase64(text));
      const canonical = Buffer.from(text, 'base64').toString('base64') === text;
      must((base64 !== undefined) === canonical, 'base64 is taken just when it is canonical');
      if (base64 !== undefined) must(toBase64(base64) === text, 'base64 comes back');
      const ascii = foreseen(OctetsError, () => fromAscii(text));
      if (ascii !== undefined) must(toAscii(ascii) === text, 'ASCII comes back');
      foreseen(OctetsError, () => toAscii(input));
      must(Buffer.from(input).toString('base64') === toBase64(input), 'base64 is what others write');
    },
  };
}
