import type { Attempt, DoorMode, LockMode } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { askedState, countMode } from '../src/modes/summary.ts';

const door = (
  mode: LockMode | null,
  asked?: { mode: LockMode; state: Attempt['state'] },
  hasLock = true,
): DoorMode => ({
  door_id: 'door_1',
  has_lock: hasLock,
  mode,
  until: null,
  confirmed_at: null,
  asked: asked === undefined ? null : { mode: asked.mode, attempt: { state: asked.state } as Attempt },
});

describe('a lockdown', () => {
  const doors = [
    door('lockdown'),
    door('normal', { mode: 'lockdown', state: 'sent' }),
    door('normal', { mode: 'lockdown', state: 'pending' }),
    door('normal', { mode: 'lockdown', state: 'expired' }),
    // In lockdown still, and asked to leave it.
    door('lockdown', { mode: 'normal', state: 'sent' }),
    door(null),
    door(null, undefined, false),
  ];

  it('is at a door once its lock has confirmed it, and not before', () => {
    expect(countMode(doors, 'lockdown')).toEqual({ all: 6, confirmed: 1, waiting: 2, failed: 1, withoutLock: 1 });
    expect(countMode(doors, 'normal')).toMatchObject({ confirmed: 0, waiting: 1, failed: 0 });
  });

  it('waits as long as the attempt is under way, and has failed when that is over without a receipt', () => {
    expect(doors.map(askedState)).toEqual([undefined, 'waiting', 'waiting', 'failed', 'waiting', undefined, undefined]);
  });
});
