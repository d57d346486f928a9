import { expect, it } from 'vitest';
import { openWorld } from './kit.ts';

const LOCKS = 250;

it('a page of locks holds each once and in order, wherever it begins and however many reads it takes', async () => {
  const { core, owner, store } = await openWorld();
  const { organizationId } = owner;
  await store.unit(async (tx) => {
    for (let n = 0; n < LOCKS; n++) {
      const identifier = `BEEF0000${n.toString(16).toUpperCase().padStart(4, '0')}`;
      const id = `lock_${identifier}`;
      const kind = { maker: 'test', model: 'x', bluetooth: '5.0', state: 'manifest' } as const;
      await tx.locks.insert({ id, organizationId, identifier, ...kind, createdAt: n });
    }
  });
  const ids = async (after: string | undefined, limit: number) =>
    (await core.locks.list(owner, {}, { after, limit })).map(({ id }) => id);
  const all = await ids(undefined, 1001);
  expect(all).toHaveLength(LOCKS + 1);
  expect(all).toEqual([...new Set(all)].sort());
  expect(await ids(all[49], 150)).toEqual(all.slice(50, 200));
  expect(await ids(all[49], 100)).toEqual(all.slice(50, 150));
  expect(await ids(all.at(-1), 1001)).toEqual([]);
  await expect(ids(undefined, 1002)).rejects.toMatchObject({ code: 'invalid', field: 'limit' });
});
