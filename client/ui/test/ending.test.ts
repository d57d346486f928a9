import { describeEnding, latestEndings, mayStillOpen } from '@cardea/client-ui';
import type { Ending, GrantMethod } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const asked = { zone: 'Europe/Berlin', revoked: true, now };
const lease = (at: string): Ending => ({ cannot_open_after: at, why: 'lease' });
const method = (doorId: string | null, ending: Ending): GrantMethod => ({
  id: `met_${doorId}`,
  grant_id: 'grant_1',
  lock_id: `lock_${doorId}`,
  door_id: doorId,
  method: 'mobile_key',
  state: 'removing',
  reason: null,
  tries: 0,
  next_try_at: null,
  acknowledged_at: null,
  slot: null,
  lease_ends_at: null,
  ending,
});

describe('until when somebody can open', () => {
  it('is said in the zone of the property', () => {
    expect(describeEnding(lease('2026-11-21T13:30:00.000Z'), asked)).toContain('Cannot open after 21 Nov 2026, 14:30');
  });

  it('is what would be, while nothing was taken back', () => {
    expect(describeEnding(lease('2026-11-21T13:30:00.000Z'), { ...asked, revoked: false })).toMatch(/^If revoked now/);
  });

  it('is over once the lease is, and not a moment before', () => {
    expect(mayStillOpen(lease('2026-11-21T12:00:00.001Z'), now)).toBe(true);
    expect(mayStillOpen(lease('2026-11-21T12:00:00.000Z'), now)).toBe(false);
    expect(describeEnding(lease('2026-11-21T12:00:00.000Z'), asked)).toMatch(/^Cannot open since/);
  });

  it('names the lock only when the lock has spoken', () => {
    const said: Ending = { cannot_open_after: '2026-11-21T11:59:00.000Z', why: 'acknowledged' };
    expect(describeEnding(said, asked)).toContain('the lock has acknowledged');
    for (const why of ['lease', 'no_clock', 'no_end', 'nothing_held'] as const) {
      expect(describeEnding({ cannot_open_after: null, why }, asked)).not.toContain('acknowledged');
    }
  });

  it('is never said to be over where nobody knows', () => {
    expect(mayStillOpen({ cannot_open_after: null, why: 'no_clock' }, now)).toBe(true);
    expect(mayStillOpen({ cannot_open_after: null, why: 'no_end' }, now)).toBe(true);
    expect(mayStillOpen({ cannot_open_after: null, why: 'nothing_held' }, now)).toBe(false);
  });

  it('is of a door the latest of its methods', () => {
    const latest = latestEndings([
      method('door_1', lease('2026-11-21T13:00:00.000Z')),
      method('door_1', lease('2026-11-21T14:00:00.000Z')),
      method('door_1', { cannot_open_after: null, why: 'nothing_held' }),
      method('door_2', { cannot_open_after: '2026-11-21T14:00:00.000Z', why: 'acknowledged' }),
      method('door_2', { cannot_open_after: null, why: 'no_clock' }),
      method(null, lease('2026-11-21T13:00:00.000Z')),
    ]);
    expect([...latest]).toEqual([
      ['door_1', lease('2026-11-21T14:00:00.000Z')],
      ['door_2', { cannot_open_after: null, why: 'no_clock' }],
    ]);
  });
});
