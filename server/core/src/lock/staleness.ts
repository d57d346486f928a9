import type { LockReport } from '../model.ts';

/** Whether what is shown of a lock can be taken as the present state, and why not. */
export interface Staleness {
  readonly stale: boolean;
  /** `restored`: the record came back from a backup since. */
  readonly staleReason: 'never_proved' | 'restored' | 'gateway_offline' | 'overdue' | null;
}

/**
 * Whether what is shown of a lock is stale. A gateway that is online proves nothing about a lock: only the time of the
 * last proof counts, and without a gateway nothing can be proved. A proof from before the record came back from a backup
 * (`restoredAt`) says what the lock was at the time of the backup, at best.
 */
export function staleness(
  report: LockReport | undefined,
  gatewayId: string | undefined,
  nowMs: number,
  staleAfterMs: number,
  restoredAt: number | undefined,
): Staleness {
  if (report === undefined) return { stale: true, staleReason: 'never_proved' };
  if (restoredAt !== undefined && report.provedAt < restoredAt) return { stale: true, staleReason: 'restored' };
  if (gatewayId === undefined) return { stale: true, staleReason: 'gateway_offline' };
  if (nowMs - report.provedAt > staleAfterMs) return { stale: true, staleReason: 'overdue' };
  return { stale: false, staleReason: null };
}
