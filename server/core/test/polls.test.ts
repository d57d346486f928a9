import { settle } from '@cardea/kit-node';
import { createVirtualClock } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import type { LockLink } from '../src/link/link.ts';
import { ASKED_AT_ONCE_MOST, createPolls, POLL_INTERVAL_MS } from '../src/link/polls.ts';
import { createUnderWay } from '../src/link/under-way.ts';

const linkOf = (id: number): LockLink =>
  ({
    lock: { id: `lock_${id}`, organizationId: 'org_1', identifier: `BE${id}`, state: 'bound' },
    place: { propertyId: 'prop_1', doorId: `door_${id}` },
    busy: false,
    wantsChainHead: () => false,
  }) as unknown as LockLink;

const world = () => {
  const clock = createVirtualClock(0, settle);
  const asked: string[] = [];
  const refused = new Set<string>();
  const polls = createPolls({
    clock,
    presence: { reach: () => 'gw_1' } as never,
    underWay: createUnderWay(),
    async ask(link) {
      asked.push(link.lock.id);
      if (refused.has(link.lock.id)) throw new Error('refused');
    },
  });
  return { clock, asked, refused, polls };
};

it('however many locks are due at once, only so many are asked; the others follow one for one, in their order', async () => {
  const { clock, asked, polls } = world();
  const links = Array.from({ length: ASKED_AT_ONCE_MOST + 10 }, (_, id) => linkOf(id));
  for (const link of links) polls.schedule(link, 1_000);
  await clock.advance(2_000);
  expect(asked).toHaveLength(ASKED_AT_ONCE_MOST);
  for (const link of links.slice(0, 3)) polls.over(link, true);
  expect(asked.slice(ASKED_AT_ONCE_MOST)).toEqual(
    links.slice(ASKED_AT_ONCE_MOST, ASKED_AT_ONCE_MOST + 3).map(({ lock }) => lock.id),
  );
  for (const link of links.slice(3)) polls.over(link, true);
  expect(asked).toHaveLength(links.length);
  await clock.advance(POLL_INTERVAL_MS);
  expect(asked.length).toBeGreaterThan(links.length);
});

it('a lock that cannot be asked, or is withdrawn, makes room for the next', async () => {
  const { clock, asked, refused, polls } = world();
  const links = Array.from({ length: ASKED_AT_ONCE_MOST + 2 }, (_, id) => linkOf(id));
  refused.add('lock_0');
  for (const link of links) polls.schedule(link, 1_000);
  await clock.advance(2_000);
  expect(asked).toHaveLength(ASKED_AT_ONCE_MOST + 1);
  polls.forget('lock_1');
  expect(asked).toHaveLength(ASKED_AT_ONCE_MOST + 2);
});
