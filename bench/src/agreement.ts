import { MODP_GROUPS, modpFault } from '@cardea/kit-crypto';
import { agreeModp, generateModp, importModp, systemRandom } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { type Figure, figure, interleavedCpu } from './measure.ts';

/**
 * What a Diffie-Hellman run in RFC 3526 group 14 costs an end: the secret by node:crypto, the peer's value checked first,
 * against the bare power in BigInt; and the check by the Legendre symbol against the power to q that it stands for.
 */
export async function agreement({ rounds = 15 }: { readonly rounds?: number } = {}): Promise<readonly Figure[]> {
  const group = MODP_GROUPS.modp2048;
  const exponent = systemRandom.octets(32);
  const own = importModp('modp2048', exponent);
  const peer = generateModp('modp2048').publicValue;
  const y = BigInt(`0x${toHex(peer)}`);
  const x = BigInt(`0x${toHex(exponent)}`);
  const q = (group.prime - 1n) / 2n;
  const agreed = agreeModp(own.privateKey, peer);
  if (agreed === undefined || BigInt(`0x${toHex(agreed)}`) !== power(y, x, group.prime)) {
    throw new Error('the two sides agree on different secrets');
  }

  const cpu = interleavedCpu(
    {
      node: repeated(() => agreeModp(own.privateKey, peer) !== undefined),
      bigint: repeated(() => power(y, x, group.prime) > 1n),
      legendre: repeated(() => modpFault(group, peer) === undefined),
      power: repeated(() => power(y, q, group.prime) === 1n),
    },
    { rounds, calls: 4 },
  );
  return [
    figure('MODP 2048 secret: power in BigInt / ours, value checked (CPU)', cpu.bigint / cpu.node, 'ratio', undefined, {
      ours_us: cpu.node,
      bigint_us: cpu.bigint,
    }),
    figure('MODP 2048 membership: power to q in BigInt / ours (CPU)', cpu.power / cpu.legendre, 'ratio', '>= 4', {
      ours_us: cpu.legendre,
      power_us: cpu.power,
    }),
  ];
}

function repeated(holds: () => boolean): (calls: number) => void {
  return (calls) => {
    for (let i = 0; i < calls; i++) if (!holds()) throw new Error('an honest value was refused');
  };
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
