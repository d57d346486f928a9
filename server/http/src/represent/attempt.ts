import type { Attempt, StoredReceipt } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time, timeOrNull } from './time.ts';

/** An attempt as the API shows it. */
export function attempt(row: Attempt): api.Attempt {
  return {
    id: row.id,
    door_id: row.doorId,
    lock_id: row.lockId,
    operation: row.operation,
    state: row.state,
    reason: row.reason,
    created_at: time(row.createdAt),
    expires_at: time(row.expiresAt),
    sent_at: timeOrNull(row.sentAt),
    ended_at: timeOrNull(row.endedAt),
    queue_position: row.queuePosition,
    clock_offset_s: row.clockOffsetS,
    receipt: receipt(row.receipt),
    late_receipt: receipt(row.lateReceipt),
    grant_id: row.grantId,
    confirm_by: timeOrNull(row.confirmBy),
  };
}

function receipt(stored: StoredReceipt | null): api.Receipt | null {
  if (stored === null) return null;
  const { bolt, door, batteryPercent } = stored.attributes;
  return {
    lock_sequence: stored.lockSequence,
    bolt,
    door,
    battery_percent: batteryPercent,
    // A lock whose clock is unset says 0, which is no time.
    lock_time: stored.lockTimeS === 0 ? null : time(stored.lockTimeS * 1000),
    clock_offset_s: stored.clockOffsetS,
    frame: stored.frame,
  };
}
