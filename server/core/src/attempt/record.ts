import type { EventDraft, Note } from '../context.ts';
import type { Attempt } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Transition } from './life.ts';

/** Where an attempt belongs, for the facts about it. */
export function factOf(attempt: Attempt): Omit<EventDraft, 'type'> {
  return {
    organizationId: attempt.organizationId,
    doorId: attempt.doorId,
    lockId: attempt.lockId,
    personId: attempt.actorId,
    attemptId: attempt.id,
  };
}

/**
 * Moves an attempt on as the record knows it, inside a unit, and notes what it means: an end, or the alarm of a receipt
 * that came after it. Answers the attempt as it is then and whether this was its end.
 */
export async function advance(
  tx: Transaction,
  note: Note,
  organizationId: string,
  id: string,
  decide: (attempt: Attempt) => Transition,
): Promise<{ readonly attempt: Attempt; readonly ended: boolean } | undefined> {
  const attempt = await tx.attempts.get(organizationId, id);
  if (attempt === undefined) return undefined;
  const transition = decide(attempt);
  if (transition.kind === 'none') return { attempt, ended: false };
  const next: Attempt = { ...attempt, ...transition.change };
  await tx.attempts.update(organizationId, id, transition.change);
  if (transition.kind === 'end') {
    await note({
      ...factOf(next),
      type: `attempt.${next.state}`,
      detail: { operation: next.operation, reason: next.reason },
    });
  }
  if (transition.kind === 'late') {
    const bolt = next.lateReceipt?.attributes.bolt ?? null;
    await note({ ...factOf(next), type: 'alarm.late_receipt', detail: { operation: next.operation, bolt } });
  }
  return { attempt: next, ended: transition.kind === 'end' };
}
