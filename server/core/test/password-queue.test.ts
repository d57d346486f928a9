import { settle } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { createPasswordQueue } from '../src/person/password-queue.ts';

const password = new Secret('x');

/** Checks that end when told, in the order they began. */
function slow() {
  const begun: { readonly hash: string | undefined; end(): void }[] = [];
  const queue = createPasswordQueue({
    hash: async () => '',
    verify: (hash) => new Promise((resolve) => begun.push({ hash, end: () => resolve(true) })),
  });
  return { begun, queue };
}

it('two passwords are looked at at once, those of known senders first', async () => {
  const { begun, queue } = slow();
  const all = ['s1', 's2', 's3', 's4'].map((hash) => queue.verify(hash, password, false));
  const known = queue.verify('k1', password, true);
  await settle();
  expect(begun.map(({ hash }) => hash)).toEqual(['s1', 's2']);
  begun[0]?.end();
  await all[0];
  await settle();
  expect(begun.map(({ hash }) => hash)).toEqual(['s1', 's2', 'k1']);
  for (let at = 1; at < 5; at++) {
    begun[at]?.end();
    await settle();
  }
  expect(await Promise.all([...all, known])).toEqual([true, true, true, true, true]);
  expect(begun.map(({ hash }) => hash)).toEqual(['s1', 's2', 'k1', 's3', 's4']);
});

it('a flood of strangers is refused, and leaves room for known senders', async () => {
  const { begun, queue } = slow();
  const flood = Array.from({ length: 66 }, () => queue.verify(undefined, password, false));
  await expect(queue.verify(undefined, password, false)).rejects.toMatchObject({ code: 'unavailable', retryAfterS: 2 });
  const known = queue.verify('known', password, true);
  await settle();
  begun[0]?.end();
  await flood[0];
  await settle();
  expect(begun.at(-1)?.hash).toBe('known');
  begun.at(-1)?.end();
  expect(await known).toBe(true);
});

it('a check that fails gives its place to the next', async () => {
  let calls = 0;
  const queue = createPasswordQueue({
    hash: async () => '',
    async verify() {
      calls++;
      throw new Error('no');
    },
  });
  const all = await Promise.allSettled(Array.from({ length: 9 }, () => queue.verify('h', password, false)));
  expect(all.every(({ status }) => status === 'rejected')).toBe(true);
  expect(calls).toBe(9);
});
