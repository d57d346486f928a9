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

it('the locks of a property are found page by page, wherever they stand among the others', async () => {
  const { core, owner, store, propertyId } = await openWorld();
  const { organizationId } = owner;
  await store.unit(async (tx) => {
    for (let n = 0; n < LOCKS; n++) {
      const identifier = `BEEF0000${n.toString(16).toUpperCase().padStart(4, '0')}`;
      const kind = { maker: 'test', model: 'x', bluetooth: '5.0', state: 'bound' } as const;
      await tx.locks.insert({ id: `lock_${identifier}`, organizationId, identifier, ...kind, createdAt: n });
      const door = { organizationId, propertyId, floorId: null, kind: 'guest', position: null, createdAt: n } as const;
      if (n % 7 === 0) await tx.doors.insert({ ...door, id: `door_${n}`, name: `n${n}`, lockId: `lock_${identifier}` });
    }
  });
  const wanted = (await core.locks.list(owner, {}, { after: undefined, limit: 1001 })).filter(
    ({ doorId }) => doorId !== null,
  );
  const found: string[] = [];
  for (let after: string | undefined; ; after = found.at(-1)) {
    const page = await core.locks.list(owner, { propertyId }, { after, limit: 10 });
    found.push(...page.map(({ id }) => id));
    if (page.length < 10) break;
  }
  expect(found).toEqual(wanted.map(({ id }) => id));
  expect(found.length).toBeGreaterThan(30);
  expect(await core.locks.list(owner, { propertyId: 'prop_none' }, { after: undefined, limit: 10 })).toEqual([]);
});
