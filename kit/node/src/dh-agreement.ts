import type { DhAgreement, DhGroupName, DhPair } from '@cardea/kit-crypto';
import type { Random } from '@cardea/kit-runtime';
import { agreeP256, generateP256, importP256, type P256Pair } from './key-agreement.ts';
import { agreeModp, EXPONENT_OCTETS, generateModp, importModp } from './modp-agreement.ts';

const agree: DhAgreement['agree'] = (privateKey, peer) =>
  privateKey.kind === 'p256-private' ? agreeP256(privateKey, peer) : agreeModp(privateKey, peer);

/** Diffie-Hellman in all groups by node:crypto; private keys never leave it. */
export const nodeDh: DhAgreement = {
  generate: (group) => (group === 'p256' ? ofP256(generateP256()) : generateModp(group)),
  agree,
};

/** Pairs drawn from a given stream: for the twin and for tests, whose runs repeat; never for a key that guards anything. */
export function seededDh(random: Random): DhAgreement {
  const draw = (group: DhGroupName): DhPair => {
    if (group !== 'p256') return importModp(group, random.octets(EXPONENT_OCTETS));
    try {
      return ofP256(importP256(random.octets(32)));
    } catch (error) {
      // About one scalar in 2^32 is out of range.
      if (error instanceof TypeError) return draw(group);
      throw error;
    }
  };
  return { generate: draw, agree };
}

function ofP256({ publicKey, privateKey }: P256Pair): DhPair {
  return { publicValue: publicKey, privateKey };
}
