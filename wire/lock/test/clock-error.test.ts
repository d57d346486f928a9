import { expect, it } from 'vitest';
import { boundPair, type PairBench } from './controller-bench.ts';

const HOUR_MS = 3_600_000;

/** So much time with a poll every quarter of an hour, as a server polls. */
function live(pair: PairBench, hours: number): void {
  for (let i = 0; i < hours * 4; i++) {
    pair.pass(HOUR_MS / 4);
    pair.lock.input({ kind: 'wake' });
    pair.input({ kind: 'wake' });
    pair.operate('status', `status ${i}`);
    pair.deliver();
  }
}
const opens = (pair: PairBench): number => pair.lock.effects.filter((effect) => effect.kind === 'act').length;

it.each([1, 10, 14, 20, 30, 100])('a lock that is polled opens at once after %i hours, by one command', (hours) => {
  const pair = boundPair();
  live(pair, hours);
  pair.operate('unlock');
  pair.deliver();
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
  expect(opens(pair)).toBe(1);
});

it('a lock that does not trust its clock any more is asked with the nonce of its refusal, in the same attempt, and set', () => {
  const pair = boundPair();
  // Nobody polls it: its own error grows past 2 s.
  pair.pass(20 * HOUR_MS);
  pair.operate('unlock');
  pair.deliver();
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'succeeded' }]);
  expect(opens(pair)).toBe(1);
  const sent = pair.ofKind('send').length;
  pair.operate('unlock', 'again');
  pair.deliver();
  expect(pair.outcomes('again')).toMatchObject([{ kind: 'succeeded' }]);
  // Its clock has been set meanwhile: one message is enough.
  expect(pair.ofKind('send').filter(({ attempt }) => attempt === 'again')).toHaveLength(1);
  expect(pair.ofKind('send').length).toBeGreaterThan(sent);
});

it('a clock that was set over a slow way is not stamped by: each unlock is fresh by a nonce', () => {
  const pair = boundPair();
  pair.lock.reboot();
  pair.lock.input({ kind: 'connected', link: 1 });
  pair.operate('status', 'slow', 60_000);
  pair.deliver(1_500);
  for (const attempt of ['one', 'two']) {
    pair.operate('unlock', attempt);
    pair.deliver();
    expect(pair.outcomes(attempt)).toMatchObject([{ kind: 'succeeded' }]);
    pair.pass(70_000);
  }
  expect(opens(pair)).toBe(2);
});

it('a command that came late is late still: its time is over, and no nonce brings it back', () => {
  const pair = boundPair();
  pair.operate('status');
  pair.deliver();
  pair.operate('unlock');
  pair.pass(13_000);
  pair.input({ kind: 'wake' });
  pair.deliver();
  expect(opens(pair)).toBe(0);
  expect(pair.outcomes('unlock')).toMatchObject([{ kind: 'failed', reason: 'late' }]);
});
