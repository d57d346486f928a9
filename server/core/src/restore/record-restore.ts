import { expired } from '../attempt/life.ts';
import { advance } from '../attempt/record.ts';
import { noteAuditRestored } from '../audit/restored.ts';
import { createContext } from '../context.ts';
import type { Restore } from '../model.ts';
import { distrustPhones } from '../person/phone-trust.ts';
import type { CorePorts } from '../ports.ts';

/** What was laid in place of the record. */
export interface RestoredBackup {
  /** Names this restore, once: the same one is recorded once only. */
  readonly id: string;
  readonly backupMadeAt: number;
  /** The newest signed heads of the former audit logs, by organization, as far as they are known. */
  readonly formerHeads?: ReadonlyMap<string, string>;
}

/** Later than every time that a row can hold. */
const EVER = Number.MAX_SAFE_INTEGER;
/** 2024-01-01T00Z: generations are counted in seconds from here after a restore; 32 bits last until 2160. */
const FLOOR_EPOCH_MS = 1_704_067_200_000;

/**
 * Makes a record that came back from a backup safe to serve, in one unit, before the core is started: sessions, API
 * tokens, enrolment tokens and answers under an Idempotency-Key are gone (what was revoked after the backup would work
 * again), commands that it shows as under way are over with their outcome unknown, and each organization's record says
 * that it was restored. Sessions with locks live in memory alone, so each lock makes a new run by itself. Idempotent.
 */
export async function recordRestore(ports: CorePorts, backup: RestoredBackup): Promise<Restore> {
  const context = createContext(ports);
  return context.write(async (tx, note) => {
    const known = await tx.restores.get(backup.id);
    if (known !== undefined) return known;
    const before = await tx.restores.newest();
    const restoredAt = context.now();
    const restore: Restore = {
      id: backup.id,
      restoredAt,
      backupMadeAt: backup.backupMadeAt,
      generationFloor: Math.max((before?.generationFloor ?? 0) + 1, generationFloorAt(restoredAt)),
    };
    await tx.restores.insert(restore);
    await tx.tokens.removeExpired(EVER);
    await tx.gateways.removeEnrolments();
    await tx.idempotency.removeBefore(EVER);
    for (const { id: organizationId } of await tx.organizations.list()) {
      // One that was lost or signed out since must not come back by its key.
      await distrustPhones(tx, { organizationId });
      const formerHead = backup.formerHeads?.get(organizationId);
      const { id: restoreId, backupMadeAt } = restore;
      await noteAuditRestored(tx, note, organizationId, { restoreId, backupMadeAt, formerHead });
    }
    const open = await tx.attempts.open();
    for (const attempt of open) {
      // It may have been sent, and acted, after the backup was made.
      await advance(tx, note, attempt.organizationId, attempt.id, (one) =>
        expired({ ...one, state: 'sent' }, restoredAt),
      );
    }
    for (const { id: organizationId } of await tx.organizations.list()) {
      await note({
        organizationId,
        type: 'estate.restored',
        detail: {
          restore_id: restore.id,
          backup_made_at: restore.backupMadeAt,
          generation_floor: restore.generationFloor,
          attempts_ended: open.filter((one) => one.organizationId === organizationId).length,
        },
      });
    }
    return restore;
  });
}

/** Whole seconds since 2024-01-01T00Z: above what any counter that grows by one an order has reached by then. */
export function generationFloorAt(unixMs: number): number {
  return Math.max(0, Math.floor((unixMs - FLOOR_EPOCH_MS) / 1000));
}
