import type { Note } from '../context.ts';
import type { GrantMethod } from '../model.ts';
import type { Transaction } from '../ports.ts';

/** Tells where a method is now. Ids only; a key or PIN never. */
export async function noteMethod(tx: Transaction, note: Note, method: GrantMethod): Promise<void> {
  const [door] = await tx.doors.list(method.organizationId, { lockId: method.lockId }, { after: undefined, limit: 1 });
  await note({
    organizationId: method.organizationId,
    propertyId: door?.propertyId ?? null,
    doorId: door?.id ?? null,
    lockId: method.lockId,
    type: `grant.method_${method.state}`,
    detail: {
      grant_id: method.grantId,
      holder_id: method.personId === '' ? null : method.personId,
      method: method.method,
      reason: method.reason,
    },
  });
}
