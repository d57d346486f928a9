import type { GatewayView } from '@cardea/server-core';
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
    created_at: time(view.createdAt),
  };
}
