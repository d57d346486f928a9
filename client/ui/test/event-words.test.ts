import { describe, expect, it } from 'vitest';
import { eventWords, wasToldLate } from '../src/event-words.ts';

describe('an event in words', () => {
  it('says what was asked, how it ended and why', () => {
    const failed = eventWords({ type: 'attempt.failed', detail: { operation: 'unlock', reason: 'out_of_range' } });
    expect(failed).toMatchObject({ title: 'Unlock: Failed', tone: 'bad' });
    expect(failed.more).toContain('out of radio range');
  });

  it('is its type where this app does not know it, and shows nothing of what it does not know', () => {
    expect(eventWords({ type: 'lock.sang', detail: { reason: 'joy', operation: 'sing' } })).toEqual({
      title: 'lock.sang',
      more: '',
      tone: 'quiet',
    });
    expect(eventWords({ type: 'attempt.failed', detail: { operation: 'unlock', reason: 'whim' } }).more).toBe('');
  });

  it('says the state that a lock has reported', () => {
    const changed = { type: 'door.state_changed', detail: { bolt: 'locked', door: 'open', battery_percent: 40 } };
    expect(eventWords(changed).more).toBe('bolt locked · door open · battery 40 %');
  });

  it('tells when it was told only where that is much later than it happened', () => {
    const received_at = '2026-05-01T12:01:00.001Z';
    expect(wasToldLate({ occurred_at: '2026-05-01T12:00:00.000Z', received_at })).toBe(true);
    expect(wasToldLate({ occurred_at: '2026-05-01T12:00:00.001Z', received_at })).toBe(false);
    expect(wasToldLate({ occurred_at: null, received_at })).toBe(false);
  });
});
