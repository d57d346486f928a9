import type { LockChain } from '@cardea/wire-api';
import { expect, it } from 'vitest';
import { chainLines } from '../src/lock-chain.ts';

const NOW_MS = Date.parse('2026-03-02T12:00:00.000Z');
const CHAIN: LockChain = {
  lock_id: 'lock_1',
  chained: true,
  verified_to: 57,
  head: { day: 20_513, sequence: 57, hash: 'ab'.repeat(32), signature: 'cd'.repeat(64) },
  last_head_at: '2026-03-02T11:00:00.000Z',
  unsettled_since: null,
  gaps: [],
};

it('says how far the events are verified, and by which head', () => {
  expect(chainLines('C0FFEE000001', CHAIN, NOW_MS)).toBe(
    `lock      C0FFEE000001
verified  up to event 57
head      event 57, day 20513, 60 min ago
hash      ${'ab'.repeat(32)}
gaps      none
`,
  );
});

it('a silent gap is told apart from one that the lock stated, an open one from a closed one', () => {
  const gap = { id: 'gap_1', seen_at: '2026-03-02T11:00:00.000Z', closed_at: null, head_sequence: 57 };
  const text = chainLines(
    'C0FFEE000001',
    {
      ...CHAIN,
      gaps: [
        { ...gap, kind: 'missing', from: 3, to: 9 },
        { ...gap, kind: 'lost', from: 20, to: 20, closed_at: '2026-03-02T11:58:30.000Z' },
      ],
    },
    NOW_MS,
  );
  expect(text).toMatch(/gaps +2, 1 of them open/);
  expect(text).toMatch(/3 to 9 +never came, and nobody says why +60 min ago +no/);
  expect(text).toMatch(/20 +given up by the lock, which said so +60 min ago +90 s ago/);
});

it('before the first head nothing is called verified, and a maker without a chain is named as such', () => {
  const none = { ...CHAIN, verified_to: 0, head: null, last_head_at: null };
  expect(chainLines('C0FFEE000001', none, NOW_MS)).toMatch(/verified +nothing yet: the lock has signed no head/);
  expect(chainLines('C0FFEE000001', { ...none, chained: false }, NOW_MS)).toMatch(/keeps no event chain/);
});
