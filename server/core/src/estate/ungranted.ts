import { CoreError } from '../errors.ts';
import type { Transaction } from '../ports.ts';

/** What an active grant names stays: who removes it would change what somebody was granted. @throws CoreError `conflict` */
export async function requireUngranted(
  tx: Transaction,
  organizationId: string,
  id: string,
  noun: string,
): Promise<void> {
  if ((await tx.grants.reaching(organizationId, [id], { after: undefined, limit: 1 })).length > 0) {
    throw new CoreError('conflict', `active grants name the ${noun}: change or revoke them first`);
  }
}
