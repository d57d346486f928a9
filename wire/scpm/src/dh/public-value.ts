import { isP256Point, MODP_GROUPS, type ModpFault, modpFault } from '@cardea/kit-crypto';
import type { DhGroup } from './group.ts';

/** Why a public value is refused; `off_curve` is of P-256 (which also covers its size and form). */
export type ValueFault = ModpFault | 'off_curve';

/**
 * What is wrong with a peer's public value: everything that could leave the secret one of few values, or tell something
 * of a private key (scpm.md, "DH public value"). A value with a fault is answered with `bad_value` and never computed with.
 */
export function publicValueFault(group: DhGroup, value: Uint8Array): ValueFault | undefined {
  if (group.name === 'p256') return isP256Point(value) ? undefined : 'off_curve';
  return modpFault(MODP_GROUPS[group.name], value);
}
