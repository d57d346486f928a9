import type { Truth } from '@cardea/twin-building';
import type { Attempt, Event } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { type Asked, check, type Evidence, type Recorded, type Rule } from '../src/index.ts';

/* Each rule bites: evidence in which nothing is wrong, and the same with one thing changed. */

const DOOR = 'door_1';
const LOCK = 'C0DEA0000101';
const T0 = Date.parse('2026-01-05T08:00:00.000Z');
const at = (ms: number): string => new Date(T0 + ms).toISOString();

const RECEIPT: NonNullable<Attempt['receipt']> = {
  lock_sequence: 7,
  bolt: 'unlocked',
  door: 'closed',
  battery_percent: 90,
  lock_time: at(1_000),
  clock_offset_s: 0,
  frame: '00',
};

function attempt(n: number, change: Partial<Attempt> = {}): Attempt {
  const from = 10_000 * n;
  return {
    id: `att_${n}`,
    door_id: DOOR,
    lock_id: 'lock_1',
    operation: 'unlock',
    state: 'succeeded',
    reason: null,
    created_at: at(from),
    expires_at: at(from + 5_000),
    sent_at: at(from + 10),
    ended_at: at(from + 900),
    queue_position: null,
    clock_offset_s: null,
    receipt: RECEIPT,
    late_receipt: null,
    grant_id: null,
    confirm_by: null,
    ...change,
  };
}

function event(n: number, change: Partial<Event> = {}): Event {
  return {
    id: `evt_${n}`,
    type: 'lock.unlocked',
    property_id: null,
    door_id: DOOR,
    lock_id: 'lock_1',
    gateway_id: null,
    person_id: null,
    attempt_id: null,
    lock_sequence: n,
    occurred_at: null,
    received_at: at(n),
    detail: {},
    ...change,
  };
}

const motion = (ms: number): readonly Truth[] => [
  { atMs: T0 + ms, lock: LOCK, kind: 'moving', operation: 'unlock', cause: 'command' },
  {
    atMs: T0 + ms + 400,
    lock: LOCK,
    kind: 'rest',
    operation: 'unlock',
    cause: 'command',
    boltOut: false,
    jammed: false,
  },
];

const ask = (n: number, change: Partial<Asked> = {}): Asked => ({
  key: `key ${n}`,
  doorId: DOOR,
  operation: 'unlock',
  timeToLiveS: 5,
  askedAtMs: T0 + 10_000 * n,
  answer: attempt(n, { state: 'pending', sent_at: null, ended_at: null, receipt: null }),
  ...change,
});

const record = (change: Partial<Recorded> = {}): Recorded => ({
  attempts: [attempt(1), attempt(2)],
  events: [event(1), event(2), event(3)],
  floors: [{ id: 'floor_1', name: 'floor 1' }],
  tokensGood: new Set(['tok_1']),
  ...change,
});

function evidence(change: Partial<Evidence> = {}): Evidence {
  const recorded = change.recorded ?? record();
  return {
    asked: [ask(1), ask(2)],
    seenOver: [attempt(1), attempt(2)],
    streamed: [event(1), event(2), event(3)],
    acknowledged: [
      { kind: 'floor-added', id: 'floor_1', name: 'floor 1' },
      { kind: 'token-created', id: 'tok_1', name: 'token 1' },
      { kind: 'token-created', id: 'tok_2', name: 'token 2' },
      { kind: 'token-removed', id: 'tok_2', name: 'token 2' },
    ],
    recorded,
    recordedAgain: recorded,
    truth: [...motion(10_200), ...motion(20_200)],
    lockOf: new Map([[DOOR, LOCK]]),
    recoveries: [{ what: 'kill server', actor: 'server', tookMs: 3_000 }],
    ...change,
  };
}

const rules = (change: Partial<Evidence>): readonly Rule[] => [
  ...new Set(check(evidence(change)).findings.map(({ rule }) => rule)),
];

it('finds nothing where nothing is wrong, and says how much it looked at', () => {
  const verdict = check(evidence());
  expect(verdict.findings).toEqual([]);
  expect(verdict.counts).toEqual({ facts: 11, attempts: 2, succeeded: 2, events: 3, motions: 2, faults: 1 });
});

describe('a fact that somebody was told and that is lost:', () => {
  it.each<[string, Partial<Evidence>]>([
    ['an acknowledged attempt', { recorded: record({ attempts: [attempt(2)] }) }],
    ['the end of an attempt', { recorded: record({ attempts: [attempt(1, { state: 'expired' }), attempt(2)] }) }],
    [
      'a receipt',
      { recorded: record({ attempts: [attempt(1, { receipt: { ...RECEIPT, frame: '01' } }), attempt(2)] }) },
    ],
    ['a streamed event', { recorded: record({ events: [event(1), event(3)] }) }],
    [
      'what a streamed event said',
      { recorded: record({ events: [event(1), event(2, { detail: { a: 1 } }), event(3)] }) },
    ],
    ['a floor', { recordedAgain: record({ floors: [] }) }],
    ['a token', { recordedAgain: record({ tokensGood: new Set() }) }],
    ['the removal of a token', { recordedAgain: record({ tokensGood: new Set(['tok_1', 'tok_2']) }) }],
    ['an event, by a restart', { recordedAgain: record({ events: [event(1), event(2)] }) }],
  ])('%s', (_, change) => expect(rules(change)).toContain('lost'));
});

describe('what stands there twice:', () => {
  it.each<[string, Partial<Evidence>]>([
    [
      'an attempt that nobody asked for a second time',
      { recorded: record({ attempts: [attempt(1), attempt(2), attempt(3)] }) },
    ],
    ['one attempt under two keys', { asked: [ask(1), ask(2, { answer: attempt(1) })] }],
    ['another answer to the same key', { asked: [ask(1, { repeated: attempt(9) }), ask(2)] }],
    ['an event', { recorded: record({ events: [event(1), event(2), event(2), event(3)] }) }],
    [
      'a sequence of a lock',
      { recorded: record({ events: [event(1), event(2), event(3), event(4, { lock_sequence: 3 })] }) },
    ],
    ['an event of the stream', { streamed: [event(1), event(2), event(2), event(3)] }],
    ['a floor', { recordedAgain: record({ floors: [1, 2].map((n) => ({ id: `floor_${n}`, name: 'floor 1' })) }) }],
  ])('%s', (_, change) => expect(rules(change)).toContain('doubled'));
});

it('a wish without an answer may have come true once, and no more', () => {
  const unknown = [ask(1, { answer: 'unknown' }), ask(2)];
  expect(rules({ asked: unknown })).toEqual([]);
  expect(
    rules({ asked: unknown, recorded: record({ attempts: [attempt(2)] }), seenOver: [], truth: motion(20_200) }),
  ).toEqual([]);
  const refused = [ask(1, { answer: 'refused' }), ask(2)];
  expect(rules({ asked: refused })).toContain('doubled');
});

it('an event that the stream left out is a gap; what came after its end is none', () => {
  expect(rules({ streamed: [event(1), event(3)] })).toEqual(['gap']);
  expect(rules({ streamed: [event(1), event(2)] })).toEqual([]);
});

describe('a bolt that moves', () => {
  const failed = { state: 'expired', reason: 'outcome_unknown', ended_at: at(15_000), receipt: null } as const;
  const one = (change: Partial<Attempt>, truth: readonly Truth[]): Partial<Evidence> => ({
    asked: [ask(1)],
    seenOver: [],
    recorded: record({ attempts: [attempt(1, change)] }),
    truth,
  });

  it('up to 2 s after the expiry is in time, and later is late', () => {
    expect(rules(one(failed, motion(17_000)))).toEqual([]);
    expect(rules(one(failed, motion(17_001)))).toEqual(['late']);
  });
  it('twice for one command, or for none, is unasked', () => {
    expect(rules(one({}, [...motion(10_200), ...motion(10_700)]))).toEqual(['unasked']);
    expect(rules({ truth: [...motion(10_200), ...motion(20_200), ...motion(500_000)] })).toEqual(['unasked']);
  });
  it('for a command that the record calls not sent is a lie', () => {
    expect(rules(one({ ...failed, sent_at: null, reason: 'not_sent' }, motion(10_200)))).toEqual(['lie']);
  });
  it('by its own relock or the knob needs no command', () => {
    const relock = motion(500_000).map((truth): Truth => ('cause' in truth ? { ...truth, cause: 'relock' } : truth));
    expect(rules({ truth: [...motion(10_200), ...motion(20_200), ...relock] })).toEqual([]);
  });
});

describe('a receipt', () => {
  it('for a bolt that did not move is a lie', () => {
    expect(rules({ truth: motion(10_200) })).toEqual(['lie']);
  });
  it('for a motion that ended after it is a lie', () => {
    expect(rules({ truth: [...motion(10_600), ...motion(20_200)] })).toEqual(['lie']);
  });
  it('that is missing where the attempt succeeded is a lie', () => {
    const without = record({ attempts: [attempt(1, { receipt: null }), attempt(2)] });
    expect(rules({ recorded: without, seenOver: [] })).toContain('lie');
  });
  it('that comes late tells of a real motion as well', () => {
    const late = attempt(1, { state: 'expired', reason: 'outcome_unknown', receipt: null, late_receipt: RECEIPT });
    const recorded = record({ attempts: [late, attempt(2)] });
    expect(rules({ recorded, seenOver: [] })).toEqual([]);
    expect(rules({ recorded, seenOver: [], truth: motion(20_200) })).toEqual(['lie']);
  });
});

it('ten seconds to the next receipt are the most', () => {
  const recovery = (tookMs: number | undefined) => ({
    recoveries: [{ what: 'kill lock', actor: 'building', tookMs }] as const,
  });
  expect(rules(recovery(10_000))).toEqual([]);
  expect(rules(recovery(10_001))).toEqual(['slow']);
  expect(rules(recovery(undefined))).toEqual(['slow']);
});
