import { expect, it } from 'vitest';
import { LIMITS } from '../limits.ts';
import { createFrameQueue } from './queue.ts';

const LOCK = 'C0FFEE000001';

function struck(strikes: number) {
  const queue = createFrameQueue();
  queue.line(LOCK);
  for (let i = 0; i < strikes; i++) queue.strike(LOCK, 1_000);
  return queue;
}

it('a lock heard under a new address is tried at once, and a few times only until it has answered', () => {
  const queue = struck(5);
  for (let i = 0; i < LIMITS.returnsMost; i++) {
    queue.returned(LOCK);
    expect(queue.line(LOCK).notBeforeMs).toBe(0);
    queue.strike(LOCK, 1_000);
    expect(queue.line(LOCK).notBeforeMs).toBeGreaterThan(1_000 + LIMITS.backOffFirstMs);
  }
  queue.returned(LOCK);
  expect(queue.line(LOCK).notBeforeMs).toBeGreaterThan(1_000);
  queue.forgive(LOCK);
  for (let i = 0; i < 3; i++) queue.strike(LOCK, 1_000);
  queue.returned(LOCK);
  expect(queue.line(LOCK).notBeforeMs).toBe(0);
});

it('what was held against locks while the radio was away is forgotten', () => {
  const queue = struck(8);
  queue.forgiveAll();
  expect(queue.line(LOCK)).toMatchObject({ strikes: 0, notBeforeMs: 0, returns: 0 });
});
