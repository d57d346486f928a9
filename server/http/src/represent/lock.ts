import type { LockReport, LockView, Proof } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time, timeOrNull } from './time.ts';

/** A lock with what is last known of it, as the API shows it. */
export function lock(view: LockView): api.Lock {
  return {
    id: view.id,
    identifier: view.identifier,
    maker: view.maker,
    suite: view.suite,
    model: view.model,
    bluetooth: view.bluetooth,
    state: view.state,
    door_id: view.doorId,
    gateway_id: view.gatewayId,
    report: view.report === null ? null : report(view.report),
    mode: view.mode?.mode ?? null,
    mode_until: timeOrNull(view.mode?.untilAt ?? null),
    stale: view.stale,
    stale_reason: view.staleReason,
    created_at: time(view.createdAt),
  };
}

/** A proof that changed nothing, as a stream tells it. */
export function proof(row: Proof): api.StreamProof {
  return { lock_id: row.lockId, door_id: row.doorId, property_id: row.propertyId, report: report(row) };
}

function report({ attributes, provedAt, clockOffsetS, clockErrorS }: LockReport): api.LockReport {
  return {
    bolt: attributes.bolt,
    door: attributes.door,
    battery_percent: attributes.batteryPercent,
    tamper: attributes.tamper,
    privacy: attributes.privacy,
    clock: attributes.clock,
    proved_at: time(provedAt),
    clock_offset_s: clockOffsetS,
    clock_error_s: clockErrorS,
  };
}
