import type { Event } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { eventWords } from '../src/events/event-words.ts';
import { withFresh } from '../src/events/with-fresh.ts';

const event = (id: string, type = 'lock.unlocked', detail: Event['detail'] = {}): Event => ({
  id,
  type,
  property_id: null,
  door_id: 'door_1',
  lock_id: null,
  gateway_id: null,
  person_id: null,
  attempt_id: null,
  lock_sequence: null,
  occurred_at: null,
  received_at: '2026-11-21T12:00:00.000Z',
  detail,
});

describe('events that come while a page is read', () => {
  it('stand above what was read, each once', () => {
    const fresh = [event('evt_4'), event('evt_3'), event('evt_2')];
    const read = [event('evt_3'), event('evt_1')];
    expect(withFresh(fresh, read).map(({ id }) => id)).toEqual(['evt_4', 'evt_3', 'evt_1']);
    expect(withFresh(fresh, []).map(({ id }) => id)).toEqual(['evt_4', 'evt_3', 'evt_2']);
  });
});

describe('an event in words', () => {
  it('says what was asked, how it ended and why', () => {
    const failed = eventWords(event('evt_1', 'attempt.failed', { operation: 'unlock', reason: 'out_of_range' }));
    expect(failed).toMatchObject({ title: 'Unlock: Failed', tone: 'bad' });
    expect(failed.more).toContain('out of radio range');
  });

  it('is its type where this console does not know it, and shows nothing of what it does not know', () => {
    expect(eventWords(event('evt_1', 'lock.sang', { reason: 'joy', operation: 'sing' }))).toEqual({
      title: 'lock.sang',
      more: '',
      tone: 'quiet',
    });
    expect(eventWords(event('evt_1', 'attempt.failed', { operation: 'unlock', reason: 'whim' })).more).toBe('');
  });

  it('says the state that a lock has reported', () => {
    const changed = event('evt_1', 'door.state_changed', { bolt: 'locked', door: 'open', battery_percent: 40 });
    expect(eventWords(changed).more).toBe('bolt locked · door open · battery 40 %');
  });
});
