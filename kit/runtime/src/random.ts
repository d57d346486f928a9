/** Randomness as an actor sees it: the system's generator in mains, a seeded one in the twin and in tests. */
export interface Random {
  /** `sizeOctets` unpredictable octets. */
  octets(sizeOctets: number): Uint8Array;
}
