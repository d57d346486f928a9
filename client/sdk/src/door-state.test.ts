import type { Event, Lock, LockReport } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { type DoorSign, doorStateOf, lockAfter, lockProved } from './door-state.ts';

const AT = Date.parse('2026-05-01T12:00:00.000Z');

const report = (more: Partial<LockReport> = {}): LockReport => ({
  bolt: 'locked',
  door: 'closed',
  battery_percent: 80,
  tamper: false,
  privacy: false,
  clock: 'valid',
  proved_at: new Date(AT).toISOString(),
  clock_offset_s: 0,
  clock_error_s: 0.5,
  ...more,
});

const lock = (more: Partial<Lock> = {}): Lock => ({
  id: 'lock_1',
  identifier: '0A0B0C0D0E0F',
  maker: 'cardea',
  suite: 'hardened',
  model: 'CL-1',
  bluetooth: '5.0',
  state: 'bound',
  door_id: 'door_1',
  gateway_id: 'gw_1',
  report: report(),
  mode: 'normal',
  mode_until: null,
  stale: false,
  stale_reason: null,
  created_at: new Date(AT).toISOString(),
  ...more,
});

const event = (type: string, detail: Event['detail'] = {}): Event => ({
  id: 'evt_1',
  type,
  property_id: null,
  door_id: 'door_1',
  lock_id: 'lock_1',
  gateway_id: null,
  person_id: null,
  attempt_id: null,
  lock_sequence: null,
  occurred_at: null,
  received_at: new Date(AT).toISOString(),
  detail,
});

const time = (ms: number): string => new Date(ms).toISOString();

/** In the form in which the server shows details. */
const changed = (more: Event['detail'] = {}): Event =>
  event('door.state_changed', {
    bolt: 'unlocked',
    door: 'open',
    battery_percent: 19,
    tamper: false,
    privacy: true,
    clock: 'valid',
    proved_at: time(AT + 1_000),
    ...more,
  });

describe('what a door is shown as', () => {
  it.each<[LockReport['bolt'], LockReport['door'], DoorSign]>([
    ['locked', 'closed', 'locked'],
    ['unlocked', 'closed', 'unlocked'],
    ['unlocked', 'open', 'open'],
    ['locked', 'open', 'forced'],
    ['jammed', 'closed', 'jammed'],
    ['jammed', 'open', 'jammed'],
  ])('a bolt that is %s at a door that is %s is %s', (bolt, door, sign) => {
    expect(doorStateOf(lock({ report: report({ bolt, door }) }), AT)).toMatchObject({ sign, stale: null });
  });

  it('is unknown and stale where the lock has never proved anything, and no_lock where there is none', () => {
    const never = lock({ report: null, stale: true, stale_reason: 'never_proved' });
    expect(doorStateOf(never, AT)).toMatchObject({ sign: 'unknown', stale: 'never_proved', provedAt: null });
    expect(doorStateOf(undefined, AT)).toMatchObject({ sign: 'no_lock', stale: null });
  });

  it('goes stale by itself 16 minutes after its proof', () => {
    expect(doorStateOf(lock(), AT + 16 * 60_000).stale).toBeNull();
    expect(doorStateOf(lock(), AT + 16 * 60_000 + 1).stale).toBe('overdue');
  });

  it('keeps the reason for which the server calls it stale', () => {
    expect(doorStateOf(lock({ stale: true, stale_reason: 'gateway_offline' }), AT).stale).toBe('gateway_offline');
  });

  it('leaves a mode that its lock ends by itself at its end', () => {
    const passage = lock({ mode: 'passage', mode_until: new Date(AT + 1_000).toISOString() });
    expect(doorStateOf(passage, AT).mode).toBe('passage');
    expect(doorStateOf(passage, AT + 1_000).mode).toBe('normal');
  });

  it('calls a battery low at 20 percent', () => {
    expect(doorStateOf(lock({ report: report({ battery_percent: 21 }) }), AT).batteryLow).toBe(false);
    expect(doorStateOf(lock({ report: report({ battery_percent: 20 }) }), AT).batteryLow).toBe(true);
  });
});

describe('a lock after an event', () => {
  it('has the state that the event tells, and is stale no more', () => {
    const after = lockAfter(lock({ stale: true, stale_reason: 'overdue' }), changed());
    expect(after).toMatchObject({
      stale: false,
      stale_reason: null,
      report: { bolt: 'unlocked', door: 'open', battery_percent: 19, privacy: true },
    });
    expect(after?.report?.proved_at).toBe(time(AT + 1_000));
  });

  it('keeps a later proof than the one of the event', () => {
    const before = lock();
    expect(lockAfter(before, changed({ proved_at: time(AT - 1) }))).toBe(before);
  });

  it('is itself where the event says nothing of its state', () => {
    const before = lock();
    expect(lockAfter(before, event('attempt.waiting'))).toBe(before);
  });

  it.each(['attempt.succeeded', 'alarm.late_receipt', 'door.lock_bound'])('is to be fetched after %s', (type) => {
    expect(lockAfter(lock(), event(type))).toBeUndefined();
  });

  it.each([{ bolt: 'ajar' }, { door: null }, { battery_percent: '19' }, { clock: 1 }, { proved_at: 'soon' }])(
    'is to be fetched where the detail is not what it should be: %o',
    (more) => {
      expect(lockAfter(lock(), changed(more))).toBeUndefined();
    },
  );
});

describe('a lock after a proof that changed nothing', () => {
  const proof = (provedAt: number) => ({
    lock_id: 'lock_1',
    door_id: 'door_1',
    property_id: null,
    report: report({ proved_at: new Date(provedAt).toISOString() }),
  });

  it('was proved at its time, and is stale no more', () => {
    const after = lockProved(lock({ stale: true, stale_reason: 'overdue' }), proof(AT + 5_000));
    expect(doorStateOf(after, AT + 5_000)).toMatchObject({ stale: null, provedAt: new Date(AT + 5_000).toISOString() });
  });

  it('is itself where it was proved later', () => {
    const before = lock();
    expect(lockProved(before, proof(AT - 1))).toBe(before);
  });
});
