import { EVERYTHING } from '../method/rights.ts';
import type { AccessMethod, GrantMethod, KeyLease } from '../model.ts';
import type { Transaction } from '../ports.ts';

/** A lease with the method that it is: a phone's or a card's. */
export type HeldLease = KeyLease & { readonly method: Exclude<AccessMethod, 'pin'> };

/** All leases of a grant, over or not. */
export async function leasesOf(
  tx: Transaction,
  organizationId: string,
  grantId: string,
): Promise<readonly HeldLease[]> {
  const held: HeldLease[] = [];
  for (const lease of await tx.access.leases.list(organizationId, { grantId }, EVERYTHING)) {
    const phone = await tx.access.phones.get(organizationId, lease.phoneId);
    held.push({ ...lease, method: phone?.kind === 'card' ? 'card' : 'mobile_key' });
  }
  return held;
}

/** Those of them that open a method's lock. */
export function leasesAt(
  leases: readonly HeldLease[],
  { lockId, method }: Pick<GrantMethod, 'lockId' | 'method'>,
): readonly HeldLease[] {
  return leases.filter((lease) => lease.method === method && (lease.lockId === null || lease.lockId === lockId));
}
