import type { Attempt } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { attemptWords } from '../src/attempt-words.ts';

const attempt = (more: Partial<Attempt>): Attempt => ({
  id: 'att_1',
  door_id: 'door_1',
  lock_id: 'lock_1',
  operation: 'unlock',
  state: 'pending',
  reason: null,
  created_at: '2026-05-01T12:00:00.000Z',
  expires_at: '2026-05-01T12:00:10.000Z',
  sent_at: null,
  ended_at: null,
  queue_position: null,
  clock_offset_s: null,
  receipt: null,
  late_receipt: null,
  grant_id: null,
  confirm_by: null,
  ...more,
});

describe('an attempt in words', () => {
  it('tells its stages apart', () => {
    const titles = [
      attempt({}),
      attempt({ confirm_by: '2026-05-01T12:00:10.000Z' }),
      attempt({ queue_position: 2 }),
      attempt({ queue_position: 0, state: 'sent' }),
      attempt({ state: 'sent' }),
    ].map((one) => attemptWords(one).title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles[2]).toContain('2');
  });

  it('is a success only with a receipt', () => {
    expect(attemptWords(attempt({ state: 'succeeded' })).tone).toBe('unknown');
    const receipt = {
      lock_sequence: 7,
      bolt: 'unlocked',
      door: 'closed',
      battery_percent: 80,
      lock_time: null,
      clock_offset_s: null,
      frame: '',
    } as const;
    const words = attemptWords(attempt({ state: 'succeeded', receipt }));
    expect(words.tone).toBe('succeeded');
    expect(words.meaning).toBe('The lock says: bolt unlocked, door closed, battery 80 % (receipt after event 7)');
  });

  it('calls an unknown outcome unknown, never failed', () => {
    expect(attemptWords(attempt({ state: 'expired', reason: 'outcome_unknown' })).tone).toBe('unknown');
    expect(attemptWords(attempt({ state: 'expired', reason: 'not_sent' })).tone).toBe('failed');
  });

  it('says by how much a clock is off, and that a large step back wants a word', () => {
    const ahead = (clock_offset_s: number) =>
      attemptWords(attempt({ state: 'failed', reason: 'clock_drift', clock_offset_s })).meaning;
    expect(ahead(61)).toContain('61 s ahead');
    expect(ahead(61)).toContain('wants your word');
    expect(ahead(-300)).toContain('300 s behind');
    expect(ahead(-300)).not.toContain('wants your word');
  });
});
