import type { ControllerEffect, LockAttributes, LockEvent } from '@cardea/wire-profile';
import type { Note } from '../context.ts';
import type { Lock, LockReport } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Place } from './binding.ts';
import type { LockWatch } from './watch.ts';

/** One event of a lock's ring; one that is there already stays as it is, and false is answered. */
export async function noteEvent(
  tx: Transaction,
  note: Note,
  watch: LockWatch,
  { lock, place }: { readonly lock: Lock; readonly place: Place | undefined },
  {
    event,
    clockOffsetS,
    carriedBy,
  }: {
    readonly event: LockEvent;
    readonly clockOffsetS: number | undefined;
    /** The person whose phone has brought it, where no gateway did. */
    readonly carriedBy?: string;
  },
): Promise<boolean> {
  const fresh = await note({
    organizationId: lock.organizationId,
    type: `lock.${event.code}`,
    lockId: lock.id,
    doorId: place?.doorId ?? null,
    propertyId: place?.propertyId ?? null,
    personId: await watch.personOf(tx, lock, event),
    lockSequence: event.sequence,
    occurredAt: event.lockTimeS === 0 ? null : Math.floor((event.lockTimeS - (clockOffsetS ?? 0)) * 1000),
    detail: {
      actor: event.actor,
      detail: event.detail,
      lock_time_s: event.lockTimeS,
      ...(carriedBy !== undefined && { carried_by: carriedBy }),
    },
  });
  if (fresh) await watch.heard(tx, note, lock, place, event);
  return fresh;
}

/** A proof of the same state within this time after the last is not written again. */
const RENEWED_AFTER_MS = 1_000;
const ALIKE_OFFSET_S = 1;

/**
 * State that the lock has proved. An older proof never replaces a newer one; a change is a fact of its own. Answers what is
 * on record now where the proof has renewed it and changed nothing.
 */
export async function noteState(
  tx: Transaction,
  note: Note,
  lock: Lock,
  place: Place | undefined,
  proof: Extract<ControllerEffect, { kind: 'state' }>,
): Promise<LockReport | undefined> {
  const { attributes } = proof;
  const before = await tx.locks.report(lock.id);
  const provedAt = Math.floor(proof.provedAtMs);
  if (before !== undefined && before.provedAt > provedAt) return undefined;
  const names = Object.keys(attributes) as (keyof LockAttributes)[];
  const same = before !== undefined && names.every((name) => before.attributes[name] === attributes[name]);
  // The same state proved again a moment later: what is on record says no more than the truth.
  const alike = Math.abs((before?.clockOffsetS ?? 0) - (proof.clockOffsetS ?? 0)) <= ALIKE_OFFSET_S;
  if (same && alike && provedAt - before.provedAt < RENEWED_AFTER_MS) return undefined;
  const report: LockReport = {
    lockId: lock.id,
    attributes,
    provedAt,
    clockOffsetS: proof.clockOffsetS ?? null,
    clockErrorS: proof.clockErrorS ?? null,
  };
  await tx.locks.setReport(report);
  if (same) return report;
  await note({
    organizationId: lock.organizationId,
    type: 'door.state_changed',
    lockId: lock.id,
    doorId: place?.doorId ?? null,
    propertyId: place?.propertyId ?? null,
    detail: {
      ...attributes,
      proved_at: provedAt,
      clock_offset_s: proof.clockOffsetS ?? null,
      clock_error_s: proof.clockErrorS ?? null,
    },
  });
  return undefined;
}
