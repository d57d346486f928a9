import type { Attempt } from '../model.ts';
import type { Transaction } from '../ports.ts';

/** The lock's receipt for a mode that it was asked for, in time or late. */
export async function confirmMode(tx: Transaction, attempt: Attempt): Promise<void> {
  const asked = await tx.modes.asked(attempt.id);
  const receipt = attempt.receipt ?? attempt.lateReceipt;
  if (asked === undefined || receipt === null) return;
  await tx.modes.confirm({ ...asked, confirmedAt: receipt.receivedAt });
}
