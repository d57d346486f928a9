import type { Attempt } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { type OpeningOutcome, outcomeOfAttempt, outcomeOfTap } from '../src/open/outcome.ts';
import { waysOf } from '../src/open/way.ts';
import { readInvitation } from '../src/sign-in/invitation-link.ts';

const receipt = {
  lock_sequence: 7,
  bolt: 'unlocked',
  door: 'closed',
  battery_percent: 80,
  lock_time: null,
  clock_offset_s: null,
  frame: '',
} as const;

const attempt = (change: Partial<Attempt>): Attempt => ({
  id: 'att_1',
  door_id: 'door_1',
  lock_id: 'lock_1',
  operation: 'unlock',
  state: 'succeeded',
  reason: null,
  created_at: '2026-01-05T12:00:00.000Z',
  expires_at: '2026-01-05T12:00:10.000Z',
  sent_at: null,
  ended_at: null,
  queue_position: null,
  clock_offset_s: null,
  receipt,
  late_receipt: null,
  grant_id: null,
  confirm_by: null,
  ...change,
});

describe('an outcome through the server', () => {
  it('is opened with the words of the lock’s receipt', () => {
    const word = { bolt: 'unlocked', door: 'closed', batteryPercent: 80, sequence: 7 };
    expect(outcomeOfAttempt(attempt({}))).toEqual({ kind: 'opened', word });
  });

  it('is never opened without a receipt, whatever the server says', () => {
    expect(outcomeOfAttempt(attempt({ receipt: null }))).toEqual({ kind: 'unknown' });
  });

  it.each(['pending', 'sent'] as const)('is none while the attempt is %s', (state) => {
    expect(outcomeOfAttempt(attempt({ state, receipt: null }))).toBeUndefined();
  });

  it('that nobody knows is said to be unknown, not refused', () => {
    const lost = attempt({ state: 'expired', reason: 'outcome_unknown', receipt: null });
    expect(outcomeOfAttempt(lost)).toEqual({ kind: 'unknown' });
  });

  it('keeps the reason of a refusal', () => {
    expect(outcomeOfAttempt(attempt({ state: 'failed', reason: 'privacy', receipt: null }))).toEqual({
      kind: 'refused',
      reason: 'privacy',
      word: undefined,
    });
  });
});

describe('an outcome at the door', () => {
  it.each<[Parameters<typeof outcomeOfTap>[0], OpeningOutcome['kind']]>([
    [{ kind: 'refused', reason: 'unknown_outcome' }, 'unknown'],
    [{ kind: 'refused', reason: 'other_lock' }, 'refused'],
    [{ kind: 'not_heard' }, 'refused'],
    [{ kind: 'not_connected', code: 'out-of-range' }, 'refused'],
    [{ kind: 'no_key' }, 'refused'],
  ])('of %o is %s', (opening, kind) => {
    expect(outcomeOfTap(opening).kind).toBe(kind);
  });
});

describe('the way to open a door', () => {
  const all = { online: true, signedIn: true, hasKey: true, bluetooth: 'yes' } as const;

  it('is the server where it can be reached, and Bluetooth may be chosen instead', () => {
    expect(waysOf(all)).toEqual({ possible: ['server', 'bluetooth'], reason: 'simplest' });
  });

  it('is Bluetooth without network, or without a session', () => {
    expect(waysOf({ ...all, online: false })).toEqual({ possible: ['bluetooth'], reason: 'no_network' });
    expect(waysOf({ ...all, signedIn: false })).toEqual({ possible: ['bluetooth'], reason: 'not_signed_in' });
  });

  it.each(['no_api', 'off'] as const)('is the server alone when Bluetooth is %s', (bluetooth) => {
    expect(waysOf({ ...all, bluetooth })).toEqual({ possible: ['server'], reason: 'simplest' });
    expect(waysOf({ ...all, bluetooth, online: false })).toEqual({ possible: [], reason: 'none' });
  });

  it('is none without network and without a key', () => {
    expect(waysOf({ ...all, online: false, hasKey: false })).toEqual({ possible: [], reason: 'none' });
  });
});

describe('the link of an invitation', () => {
  it('holds the verification and its code', () => {
    expect(readInvitation('#ver_0123ABC.4821-9930')).toEqual({ verificationId: 'ver_0123ABC', code: '4821-9930' });
  });

  it.each(['', '#', '#ver_1', '#.1234', '#ver_1.', '#ver_1.1234.5', '#ver 1.1234', '#ver_1.<b>1234'])(
    'is not %j',
    (fragment) => {
      expect(readInvitation(fragment)).toBeUndefined();
    },
  );
});
