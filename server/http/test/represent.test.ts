import type { Event } from '@cardea/server-core';
import { expect, it } from 'vitest';
import { event } from '../src/represent/event.ts';

it('details of an event follow the API: snake_case, times in RFC 3339', () => {
  const row: Event = {
    id: 'evt_1',
    organizationId: 'org_1',
    propertyId: null,
    doorId: null,
    lockId: null,
    gatewayId: null,
    personId: null,
    attemptId: null,
    type: 'door.state_changed',
    lockSequence: null,
    occurredAt: null,
    receivedAt: 0,
    detail: { bolt: 'locked', batteryPercent: 90, proved_at: 1_000, tamper: false },
  };
  expect(event(row).detail).toEqual({
    bolt: 'locked',
    battery_percent: 90,
    proved_at: '1970-01-01T00:00:01.000Z',
    tamper: false,
  });
});
