import type { DhGroupName } from '@cardea/kit-crypto';
import type { ScpmProfile } from '../suite/suite-of.ts';

/** A group in which two nodes agree on a secret (9.3.1; which ones: ours). */
export interface DhGroup {
  /** Its octet in PADATA. */
  readonly id: number;
  readonly name: DhGroupName;
  /** Octets of a public value. */
  readonly valueOctets: number;
  /** Parts in which a public value travels, all of one size. */
  readonly fragments: 1 | 2;
  /** Octets of the secret Z. */
  readonly secretOctets: number;
  /** In which profiles it may be used. */
  readonly profiles: readonly ScpmProfile[];
}

const BOTH: readonly ScpmProfile[] = ['hardened', 'standard'];

/** Every group, by its octet. */
export const DH_GROUPS = {
  /** RFC 3526 group 14. */
  1: { id: 1, name: 'modp2048', valueOctets: 256, fragments: 2, secretOctets: 256, profiles: BOTH },
  /** P-256, uncompressed points. */
  2: { id: 2, name: 'p256', valueOctets: 65, fragments: 1, secretOctets: 32, profiles: BOTH },
  /** RFC 3526 group 5: too small by now, for devices that have nothing else. */
  3: { id: 3, name: 'modp1536', valueOctets: 192, fragments: 1, secretOctets: 192, profiles: ['standard'] },
} as const satisfies Readonly<Record<number, DhGroup>>;

/** The group of an octet, if the profile has it; otherwise the answer is `unsupported_group`. */
export function dhGroupOf(octet: number, profile: ScpmProfile): DhGroup | undefined {
  const groups: Readonly<Record<number, DhGroup>> = DH_GROUPS;
  const group = groups[octet];
  return group?.profiles.includes(profile) ? group : undefined;
}
