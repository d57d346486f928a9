import type { Random } from '@cardea/kit-runtime';

/** What one call of getRandomValues gives at most (WebCrypto, 10.1.1). */
const AT_ONCE_OCTETS = 65_536;

/** The browser's generator. */
export const webRandom: Random = {
  octets(sizeOctets) {
    const octets = new Uint8Array(sizeOctets);
    for (let at = 0; at < sizeOctets; at += AT_ONCE_OCTETS) {
      crypto.getRandomValues(octets.subarray(at, at + AT_ONCE_OCTETS));
    }
    return octets;
  },
};
