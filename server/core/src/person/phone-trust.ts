import type { Phone } from '../model.ts';
import type { StoredToken, Transaction } from '../ports.ts';

/** All in one read: a person has at most ten phones, and a restore keeps nobody waiting. */
const EVERY = { after: undefined, limit: 1_000_000 } as const;

/** Whose phones: a person's, or everybody's of an organization. */
interface Holder {
  readonly organizationId: string;
  readonly personId?: string;
}

/**
 * Lets no such phone begin sessions by its key any more, but for `except`, in the unit at hand: after whatever makes
 * everybody else sign in anew. Their keys at the doors stay.
 */
export async function distrustPhones(
  tx: Transaction,
  { organizationId, ...holder }: Holder,
  except?: string | null,
): Promise<void> {
  for (const phone of await tx.access.phones.list(organizationId, { ...holder, state: 'active' }, EVERY)) {
    if (phone.signsIn && phone.id !== except) await distrust(tx, phone);
  }
}

/**
 * Ends one token in the unit at hand. Where a phone has begun the session by its key it may not begin the next one: who
 * signs a phone out means it.
 */
export async function endToken(tx: Transaction, { organizationId, id, phoneId }: StoredToken): Promise<boolean> {
  if (phoneId !== null) {
    const phone = await tx.access.phones.get(organizationId, phoneId);
    if (phone !== undefined) await distrust(tx, phone);
  }
  return tx.tokens.remove(organizationId, id);
}

async function distrust(tx: Transaction, { organizationId, id }: Phone): Promise<void> {
  await tx.access.phones.update(organizationId, id, { signsIn: false });
}
