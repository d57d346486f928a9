import type { AccessChange, BoltOperation, OfflineGrant } from '@cardea/wire-profile';
import { describe, expect, it } from 'vitest';
import { METHOD, RESULT } from '../src/index.ts';
import { boundPair, type PairBench } from './controller-bench.ts';
import { START_UNIX_S } from './device-bench.ts';
import { bundleOf, grantFor, newPhone, Tap } from './phone-bench.ts';

function tell(pair: PairBench, change: AccessChange): void {
  const attempt = `own ${pair.effects.length}`;
  pair.input({ kind: 'access-change', attempt, class: 'manage', expiresAtMs: pair.unixMs + 30_000, change });
  pair.deliver();
  expect(pair.outcomes(attempt)).toMatchObject([{ kind: 'succeeded' }]);
}

const passage = (pair: PairBench, untilS = 0) => tell(pair, { kind: 'mode', mode: 'passage', untilS });
const normal = (pair: PairBench) => tell(pair, { kind: 'mode', mode: 'normal', untilS: 0 });
const lockdown = (pair: PairBench, untilS = 0) => tell(pair, { kind: 'mode', mode: 'lockdown', untilS });
const acts = ({ lock }: PairBench): BoltOperation[] =>
  lock.effects.flatMap((effect) => (effect.kind === 'act' ? [effect.operation] : []));
const configured = ({ lock }: PairBench) => lock.effects.findLast(({ kind }) => kind === 'configure');
/** The newest event that was written. */
const last = ({ lock }: PairBench) =>
  lock.effects
    .flatMap((effect) => (effect.kind === 'persist' && effect.change.kind === 'event' ? [effect.change.event] : []))
    .at(-1);
const boltOut = ({ lock }: PairBench) => lock.status.bits.boltOut;

/** The body does what the machine asks of it, if it does. */
const settle = ({ lock }: PairBench) => {
  if (lock.state.acting !== undefined) lock.act();
};

const door = (pair: PairBench, doorOpen: boolean) => {
  pair.lock.status = { ...pair.lock.status, bits: { ...pair.lock.status.bits, doorOpen } };
  pair.lock.input({ kind: 'status', status: pair.lock.status });
};

function ask(pair: PairBench, operation: BoltOperation, commandClass: 'operate' | 'manage' = 'operate') {
  const attempt = `${operation} ${pair.effects.length}`;
  pair.input({
    ...{ kind: 'operate', attempt, operation, class: commandClass, timeToLiveS: 10 },
    expiresAtMs: pair.unixMs + 10_000,
  });
  pair.deliver();
  return pair.outcomes(attempt).at(-1);
}

function tap(pair: PairBench, operation: BoltOperation, change: Partial<OfflineGrant> = {}): string | undefined {
  const phone = newPhone();
  const grant = grantFor(phone, { operations: ['unlock', 'lock', 'override'], ...change });
  const one = new Tap(pair.lock, phone, bundleOf(pair.record!.active!.reveal(), grant), operation);
  one.run();
  return one.word;
}

describe('passage', () => {
  it('withdraws the bolt and keeps it there, with an event of the lock’s own', () => {
    const pair = boundPair();
    passage(pair);
    settle(pair);
    expect(boltOut(pair)).toBe(false);
    expect(configured(pair)).toMatchObject({ autoRelockS: 0, heldOpenS: 0 });
    expect(last(pair)).toMatchObject({ code: 'unlocked', actor: 0, detail: METHOD.mode });
  });
  it('ends at its time: the bolt goes out, once the door is shut', () => {
    const pair = boundPair();
    passage(pair, START_UNIX_S + 3_600);
    settle(pair);
    door(pair, true);
    pair.lock.pass(3_600_000);
    settle(pair);
    expect(boltOut(pair)).toBe(false);
    expect(configured(pair)).toMatchObject({ autoRelockS: 5, heldOpenS: 60 });
    door(pair, false);
    settle(pair);
    expect(boltOut(pair)).toBe(true);
    expect(last(pair)).toMatchObject({ code: 'locked', detail: METHOD.mode });
  });
  it('ends when it is ended', () => {
    const pair = boundPair();
    passage(pair);
    settle(pair);
    normal(pair);
    settle(pair);
    expect(boltOut(pair)).toBe(true);
  });
  it('wakes the lock for its end', () => {
    const pair = boundPair();
    passage(pair, Math.floor(pair.lock.unixMs / 1000) + 60);
    settle(pair);
    const wake = pair.lock.effects.findLast((effect) => effect.kind === 'wake');
    expect(wake?.kind === 'wake' && wake.atMonotonicMs - pair.lock.monotonicMs).toBeLessThanOrEqual(60_000);
  });
  it('is not in force after a power cut before the clock is set: a lock boots locked', () => {
    const pair = boundPair();
    passage(pair);
    settle(pair);
    pair.lock.status = { ...pair.lock.status, bits: { ...pair.lock.status.bits, boltOut: true } };
    const before = acts(pair).length;
    pair.lock.reboot();
    expect(acts(pair)).toHaveLength(before);
    expect(configured(pair)).toMatchObject({ autoRelockS: 5 });
    pair.lock.input({ kind: 'connected', link: 1 });
    pair.operate('status');
    pair.deliver();
    settle(pair);
    expect(boltOut(pair)).toBe(false);
  });
  it('moves nothing before it is in flash', () => {
    const pair = boundPair();
    pair.lock.holdWrites = true;
    pair.input({
      ...{ kind: 'access-change', attempt: 'own', class: 'manage', expiresAtMs: pair.unixMs + 30_000 },
      change: { kind: 'mode', mode: 'passage', untilS: 0 },
    });
    pair.deliver();
    expect(acts(pair)).toEqual([]);
    pair.lock.holdWrites = false;
    pair.lock.flush();
    expect(acts(pair)).toEqual(['unlock']);
  });
});

describe('lockdown', () => {
  it('throws the bolt; no key, no PIN and no unlock from afar opens, and the event says why', () => {
    const pair = boundPair();
    ask(pair, 'unlock');
    lockdown(pair);
    settle(pair);
    expect(boltOut(pair)).toBe(true);
    expect(ask(pair, 'unlock')).toMatchObject({ kind: 'failed', reason: 'lockdown' });
    expect(tap(pair, 'unlock')).toBe('lockdown');
    expect(last(pair)).toMatchObject({ code: 'refused', detail: RESULT.lockdown });
    pair.lock.input({ kind: 'code', code: '1234' });
    expect(pair.lock.state.acting).toBeUndefined();
  });
  it('is opened by an override, from afar of class manage only, and locked by anybody', () => {
    const pair = boundPair();
    lockdown(pair);
    expect(ask(pair, 'override')).toMatchObject({ kind: 'failed', reason: 'not_permitted' });
    expect(ask(pair, 'override', 'manage')).toMatchObject({ kind: 'succeeded' });
    expect(last(pair)).toMatchObject({ code: 'override_unlocked', detail: METHOD.afar });
    expect(ask(pair, 'lock')).toMatchObject({ kind: 'succeeded' });
    expect(tap(pair, 'override')).toBe('done');
    expect(tap(pair, 'lock')).toBe('done');
  });
  it('stays when its end cannot be told, and ends at its time', () => {
    const pair = boundPair();
    lockdown(pair, START_UNIX_S + 60);
    pair.lock.reboot();
    pair.lock.pass(120_000);
    const wake = pair.lock.effects.findLast((effect) => effect.kind === 'wake');
    expect(wake?.kind === 'wake' && wake.atMonotonicMs > pair.lock.monotonicMs).toBe(true);
    expect(tap(pair, 'unlock', { noClock: true })).toBe('lockdown');
    pair.unixMs = pair.lock.unixMs;
    pair.monotonicMs += 120_000;
    pair.lock.input({ kind: 'connected', link: 1 });
    pair.operate('status');
    pair.deliver();
    expect(ask(pair, 'unlock')).toMatchObject({ kind: 'succeeded' });
  });
  it('leaving from inside is the body’s own and always works: what it tells is recorded', () => {
    const pair = boundPair();
    lockdown(pair);
    pair.lock.input({ kind: 'happened', code: 'manual_unlocked', actor: 0, detail: 0 });
    expect(last(pair)).toMatchObject({ code: 'manual_unlocked' });
  });
});

it('a reset ends every mode', () => {
  const pair = boundPair();
  lockdown(pair);
  pair.lock.input({ kind: 'factory-reset' });
  expect(pair.lock.durable.access.mode).toEqual({ mode: 'normal', untilS: 0 });
});
