import type { GatewayRadio, GatewayView } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time, timeOrNull } from './time.ts';

/** A gateway with its presence, as the API shows it. */
export function gateway(view: GatewayView): api.Gateway {
  return {
    id: view.id,
    property_id: view.propertyId,
    name: view.name,
    state: view.state,
    online: view.online,
    last_seen_at: timeOrNull(view.lastSeenAt),
    queue_length: view.queueLength,
    locks_heard: view.locksHeard,
    created_at: time(view.createdAt),
  };
}

/** What is known of a gateway's radio, as the API shows it. */
export function gatewayRadio({ gatewayId, heard, connections, offline }: GatewayRadio): api.GatewayRadio {
  const { made, failed, p50Ms, p95Ms, failures } = connections;
  return {
    gateway_id: gatewayId,
    heard: heard.map((one) => ({
      lock_id: one.lockId,
      identifier: one.identifier,
      door_id: one.doorId,
      door_name: one.doorName,
      rssi_dbm: one.rssiDbm,
      heard_at: time(one.heardAt),
    })),
    connections: { made, failed, p50_ms: p50Ms, p95_ms: p95Ms, failures: [...failures] },
    offline: offline.map(({ from, to }) => ({ from: time(from), to: timeOrNull(to) })),
  };
}
