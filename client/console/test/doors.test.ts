import type { Event } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { withFresh } from '../src/events/with-fresh.ts';

const event = (id: string): Event => ({
  id,
  type: 'lock.unlocked',
  property_id: null,
  door_id: 'door_1',
  lock_id: null,
  gateway_id: null,
  person_id: null,
  attempt_id: null,
  lock_sequence: null,
  occurred_at: null,
  received_at: '2026-11-21T12:00:00.000Z',
  detail: {},
});

describe('events that come while a page is read', () => {
  it('stand above what was read, each once', () => {
    const fresh = [event('evt_4'), event('evt_3'), event('evt_2')];
    const read = [event('evt_3'), event('evt_1')];
    expect(withFresh(fresh, read).map(({ id }) => id)).toEqual(['evt_4', 'evt_3', 'evt_1']);
    expect(withFresh(fresh, []).map(({ id }) => id)).toEqual(['evt_4', 'evt_3', 'evt_2']);
  });
});
