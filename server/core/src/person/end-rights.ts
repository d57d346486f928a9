import type { Actor } from '../actor.ts';
import type { Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { GrantKeeper } from '../grant/keeper.ts';
import type { Methods } from '../method/methods.ts';
import { EVERYTHING } from '../method/rights.ts';
import type { Person } from '../model.ts';
import type { Transaction } from '../ports.ts';

/** What ends the rights of somebody who goes. */
export interface RightsParts {
  readonly keeper: GrantKeeper;
  readonly methods: Pick<Methods, 'planner' | 'rights'>;
}

/**
 * Ends all that a person holds, at the server and at the locks: grants, and with them keys and PINs. Answers the locks where
 * something follows. @throws CoreError `conflict` while there is a stay
 */
export async function endRights(
  tx: Transaction,
  note: Note,
  { keeper, methods }: RightsParts,
  actor: Pick<Actor, 'personId'>,
  { organizationId, id: personId }: Person,
): Promise<ReadonlySet<string>> {
  const open = (await tx.stays.list(organizationId, { personId }, EVERYTHING)).filter(
    ({ state }) => state === 'reserved' || state === 'checked_in',
  );
  if (open.length > 0)
    throw new CoreError('conflict', 'there is a stay: it has to be checked out or cancelled at the desk first');
  const concerned = new Set<string>();
  for (const grant of await tx.grants.list(organizationId, { personId }, EVERYTHING)) {
    for (const lockId of (await keeper.end(tx, note, actor, grant)).lockIds) concerned.add(lockId);
  }
  const leases = await tx.access.leases.list(organizationId, { personId }, EVERYTHING);
  for (const lockId of await methods.planner.takeBack(tx, note, leases)) concerned.add(lockId);
  return concerned;
}
