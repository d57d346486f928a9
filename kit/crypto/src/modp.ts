/** The MODP groups of RFC 3526 that there are: group 5 (clause 2) and group 14 (clause 3). Generator 2 in both. */
export type ModpName = 'modp1536' | 'modp2048';

/** A group modulo a safe prime p; 2 generates the subgroup of order q = (p - 1)/2, since p = 7 modulo 8. */
export interface ModpGroup {
  readonly name: ModpName;
  /** Octets of p, and so of a public value and of a shared secret: both are padded on the left (RFC 2631 2.1.2). */
  readonly sizeOctets: number;
  readonly prime: bigint;
}

/** Why a public value of a peer is refused. `size`: not as long as p. `range`: 0, or p and above. */
export type ModpFault = 'size' | 'range' | 'small_order' | 'off_subgroup';

const PRIME_1536 = [
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd',
  'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed',
  'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f',
  '83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff',
];
const PRIME_2048 = [
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd',
  'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed',
  'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f',
  '83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b',
  'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510',
  '15728e5a8aacaa68ffffffffffffffff',
];

/** The groups by name. */
export const MODP_GROUPS: Readonly<Record<ModpName, ModpGroup>> = {
  modp1536: { name: 'modp1536', sizeOctets: 192, prime: BigInt(`0x${PRIME_1536.join('')}`) },
  modp2048: { name: 'modp2048', sizeOctets: 256, prime: BigInt(`0x${PRIME_2048.join('')}`) },
};

/**
 * What is wrong with a peer's public value y, before anything is raised to a private exponent (RFC 2631 2.1.5, NIST SP
 * 800-56A 5.6.2.3.1): 1 and p - 1 have order 1 and 2 and leave two secrets to choose from; any other y outside the
 * subgroup of order q would tell whether the exponent is odd. Membership is the Legendre symbol: p is a safe prime, so
 * y^q = 1 exactly when y is a square. It costs a few hundredths of that power (bench `agreement`).
 */
export function modpFault({ prime, sizeOctets }: ModpGroup, octets: Uint8Array): ModpFault | undefined {
  if (octets.length !== sizeOctets) return 'size';
  const y = bigintOf(octets);
  if (y === 0n || y >= prime) return 'range';
  if (y === 1n || y === prime - 1n) return 'small_order';
  return isSquare(y, prime) ? undefined : 'off_subgroup';
}

/** Big-endian octets as a number. */
function bigintOf(octets: Uint8Array): bigint {
  let hex = '';
  for (const octet of octets) hex += octet.toString(16).padStart(2, '0');
  return BigInt(`0x${hex}`);
}

/** Whether the Jacobi symbol (y/p) is 1, by reciprocity; y is not a multiple of p. Public values only: its time varies. */
function isSquare(y: bigint, p: bigint): boolean {
  let [a, n] = [y, p];
  let negative = false;
  while (a !== 0n) {
    const twos = trailingZeros(a);
    a >>= BigInt(twos);
    const n8 = Number(n & 7n);
    if (twos % 2 === 1 && (n8 === 3 || n8 === 5)) negative = !negative;
    if (n8 % 4 === 3 && (a & 3n) === 3n) negative = !negative;
    [a, n] = [n % a, a];
  }
  return n === 1n && !negative;
}

/** How often 2 divides a number above 0. */
function trailingZeros(value: bigint): number {
  let count = 0;
  let rest = value;
  for (; (rest & 0xffff_ffffn) === 0n; rest >>= 32n) count += 32;
  for (let low = Number(rest & 0xffff_ffffn); low % 2 === 0; low /= 2) count++;
  return count;
}
