import type { Opening } from '@cardea/client-key';
import type { Attempt } from '@cardea/wire-api';
import type { ReceiptAnswer } from '@cardea/wire-lock';
import type { StatusBits } from '@cardea/wire-profile';
import { describe, expect, it } from 'vitest';
import { type OpeningOutcome, outcomeOfAttempt, outcomeOfTap, unknownOutcome } from '../src/open/outcome.ts';
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
    const outcome = outcomeOfAttempt(attempt({}));
    expect(outcome?.kind).toBe('opened');
    expect(outcome?.meaning).toMatch(/bolt unlocked, door closed, battery 80 %.*event 7/);
  });

  it('is never opened without a receipt, whatever the server says', () => {
    expect(outcomeOfAttempt(attempt({ receipt: null }))?.kind).toBe('unknown');
  });

  it.each(['pending', 'sent'] as const)('is none while the attempt is %s', (state) => {
    expect(outcomeOfAttempt(attempt({ state, receipt: null }))).toBeUndefined();
  });

  it('that nobody knows is said to be unknown, not refused', () => {
    const lost = attempt({ state: 'expired', reason: 'outcome_unknown', receipt: null });
    expect(outcomeOfAttempt(lost)).toEqual(unknownOutcome());
  });

  it('keeps the reason of a refusal', () => {
    expect(outcomeOfAttempt(attempt({ state: 'failed', reason: 'privacy', receipt: null }))).toEqual({
      kind: 'refused',
      meaning: 'Privacy is set from inside.',
    });
  });
});

describe('an outcome at the door', () => {
  const bits = { boltOut: false, jammed: false, doorOpen: false, tamper: false, privacy: false } as StatusBits;
  const answered = (result: ReceiptAnswer['result']): Opening => ({
    kind: 'answered',
    receipt: {
      kind: 'receipt',
      id: 1,
      result,
      bits,
      batteryPercent: 80,
      eventSequence: 7,
      clock: 'valid',
      detail: 0,
      lockTimeS: 1,
    },
    carried: undefined,
  });

  it('is opened with the same words as through the server', () => {
    expect(outcomeOfTap(answered('done'))).toEqual(outcomeOfAttempt(attempt({})));
  });

  it.each([
    ['revoked', /taken back/],
    ['expired', /run out/],
    ['privacy', /Privacy/],
    ['lockdown', /lockdown/],
    ['step_back', /failed/],
  ] as const)('that the lock refuses as %s says so, with the lock’s state', (result, words) => {
    const { kind, meaning } = outcomeOfTap(answered(result));
    expect(kind).toBe('refused');
    expect(meaning).toMatch(words);
    expect(meaning).toMatch(/event 7/);
  });

  it.each<[Opening, OpeningOutcome['kind'], RegExp]>([
    [{ kind: 'refused', reason: 'unknown_outcome' }, 'unknown', /may be open/],
    [{ kind: 'refused', reason: 'other_lock' }, 'refused', /not the lock of this door/],
    [{ kind: 'not_heard' }, 'refused', /not heard/],
    [{ kind: 'not_connected', code: 'out-of-range' }, 'refused', /nothing was said/],
    [{ kind: 'no_key' }, 'refused', /no key/],
  ])('of %o is %s', (opening, kind, words) => {
    const outcome = outcomeOfTap(opening);
    expect(outcome.kind).toBe(kind);
    expect(outcome.meaning).toMatch(words);
  });
});

describe('the way to open a door', () => {
  const all = { answers: true, signedIn: true, hasKey: true, bluetooth: 'yes', fromAfar: undefined } as const;
  const refused = { permitted: false, opens: false, against: 'schedule' };
  const unlikely = { permitted: true, opens: false, against: 'gateway' };

  it('is the server where it answers, and Bluetooth may be chosen instead', () => {
    expect(waysOf(all)).toEqual({ possible: ['server', 'bluetooth'], reason: 'simplest' });
  });

  it('is Bluetooth without the server, or without a session', () => {
    expect(waysOf({ ...all, answers: false })).toEqual({ possible: ['bluetooth'], reason: 'no_server' });
    expect(waysOf({ ...all, signedIn: false })).toEqual({ possible: ['bluetooth'], reason: 'not_signed_in' });
  });

  it('is Bluetooth first where the server does not expect to reach the lock', () => {
    expect(waysOf({ ...all, fromAfar: unlikely })).toEqual({ possible: ['bluetooth', 'server'], reason: 'unlikely' });
    expect(waysOf({ ...all, hasKey: false, fromAfar: unlikely }).possible).toEqual(['server']);
  });

  it('is the key alone where the rules are against the server', () => {
    expect(waysOf({ ...all, fromAfar: refused })).toEqual({ possible: ['bluetooth'], reason: 'unlikely' });
    expect(waysOf({ ...all, hasKey: false, fromAfar: refused })).toEqual({ possible: [], reason: 'not_now' });
  });

  it.each([
    ['no_api', 'no_bluetooth'],
    ['off', 'bluetooth_off'],
  ] as const)('is the server alone when Bluetooth is %s', (bluetooth, reason) => {
    expect(waysOf({ ...all, bluetooth })).toEqual({ possible: ['server'], reason: 'simplest' });
    expect(waysOf({ ...all, bluetooth, answers: false })).toEqual({ possible: [], reason });
  });

  it('is none without the server and without a key', () => {
    expect(waysOf({ ...all, answers: false, hasKey: false })).toEqual({ possible: [], reason: 'no_key' });
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
