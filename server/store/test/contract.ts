import { Secret } from '@cardea/kit-runtime';
import type { Door, PageRequest, Store } from '@cardea/server-core';
import { expect, it } from 'vitest';

const page: PageRequest = { after: undefined, limit: 10 };
const property = (n: number, organizationId = 'org_a') => ({
  id: `prop_${n}`,
  organizationId,
  name: `p${n}`,
  timeZone: 'UTC',
  region: 'eu',
  geofence: n === 1 ? { latitude: 1.5, longitude: -2, radiusM: 3 } : null,
  checkInTime: '15:00',
  checkOutTime: '11:00',
  offlineLeaseS: n === 1 ? 3600 : null,
  visitors: n === 1 ? ('off' as const) : ('on' as const),
  createdAt: n,
});

/** What every adapter of the store must do. `open` gives an empty one. */
export function storeContract(open: () => Store): void {
  const opened = async (): Promise<Store> => {
    const store = open();
    await store.unit(async (tx) => {
      await tx.organizations.insert({ id: 'org_a', name: 'A', createdAt: 1 });
      await tx.organizations.insert({ id: 'org_b', name: 'B', createdAt: 1 });
    });
    return store;
  };

  it('a unit that throws leaves nothing, and takes nothing of its neighbours in the same commit', async () => {
    const store = await opened();
    const before = store.commits;
    const units = await Promise.allSettled([
      store.unit((tx) => tx.properties.insert(property(1))),
      store.unit(async (tx) => {
        await tx.properties.insert(property(2));
        throw new Error('no');
      }),
      store.unit((tx) => tx.properties.insert(property(3))),
    ]);
    expect(units.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.commits).toBe(before + 1);
    const all = await store.read((tx) => tx.properties.list('org_a', {}, page));
    expect(all).toEqual([property(1), property(3)]);
    await store.close();
  });

  it("a foreign tenant's row is neither found, changed nor removed", async () => {
    const store = await opened();
    await store.unit(async (tx) => {
      await tx.properties.insert(property(1));
      expect(await tx.properties.get('org_b', 'prop_1')).toBeUndefined();
      expect(await tx.properties.update('org_b', 'prop_1', { name: 'x' })).toBe(false);
      expect(await tx.properties.remove('org_b', 'prop_1')).toBe(false);
      expect(await tx.properties.list('org_b', {}, page)).toEqual([]);
      expect(await tx.properties.get('org_a', 'prop_1')).toEqual(property(1));
    });
    await store.close();
  });

  it('lists page by id and filter by value and by null', async () => {
    const store = await opened();
    const door = (n: number, floorId: string | null): Door => ({
      id: `door_${n}`,
      organizationId: 'org_a',
      propertyId: 'prop_1',
      floorId,
      name: `${n}`,
      lockId: null,
      kind: 'guest',
      position: n === 2 ? { x: 1.5, y: 0 } : null,
      createdAt: n,
    });
    await store.unit(async (tx) => {
      await tx.properties.insert(property(1));
      await tx.floors.insert({
        id: 'floor_1',
        organizationId: 'org_a',
        propertyId: 'prop_1',
        name: 'f',
        level: 0,
        plan: { width: 40, height: 12.5, revision: 1 },
        createdAt: 1,
      });
      for (const n of [3, 1, 2]) await tx.doors.insert(door(n, n === 2 ? 'floor_1' : null));
    });
    const ids = (filter: Partial<Door>, after?: string, limit = 10, newestFirst = false) =>
      store.read(async (tx) =>
        (await tx.doors.list('org_a', filter, { after, limit, newestFirst })).map(({ id }) => id),
      );
    expect(await ids({}, undefined, 2)).toEqual(['door_1', 'door_2']);
    expect(await ids({}, 'door_2')).toEqual(['door_3']);
    expect(await ids({}, undefined, 2, true)).toEqual(['door_3', 'door_2']);
    expect(await ids({}, 'door_2', 2, true)).toEqual(['door_1']);
    expect(await ids({ floorId: null }, undefined, 2, true)).toEqual(['door_3', 'door_1']);
    expect(await ids({ floorId: null })).toEqual(['door_1', 'door_3']);
    expect(await ids({ floorId: 'floor_1' })).toEqual(['door_2']);
    expect(await store.read((tx) => tx.doors.get('org_a', 'door_2'))).toEqual(door(2, 'floor_1'));
    expect((await store.read((tx) => tx.floors.get('org_a', 'floor_1')))?.plan).toEqual({
      width: 40,
      height: 12.5,
      revision: 1,
    });
    await store.close();
  });

  it('an event of a lock is stored once by its sequence', async () => {
    const store = await opened();
    const event = (id: string, lockSequence: number | null) => ({
      id,
      organizationId: 'org_a',
      propertyId: null,
      doorId: null,
      lockId: 'lock_1',
      gatewayId: null,
      personId: null,
      attemptId: null,
      type: 'lock.unlocked' as const,
      lockSequence,
      occurredAt: null,
      receivedAt: 1,
      detail: { actor: 0 },
    });
    const fresh = await store.unit(async (tx) => [
      await tx.events.insert(event('evt_1', 7)),
      await tx.events.insert(event('evt_2', 7)),
      await tx.events.insert(event('evt_3', null)),
      await tx.events.insert(event('evt_4', null)),
    ]);
    expect(fresh).toEqual([true, false, true, true]);
    expect(await store.read((tx) => tx.events.newestSequence('lock_1'))).toBe(7);
    await store.close();
  });

  it("a lock's keys come back as they were sealed, each alone", async () => {
    const store = await opened();
    const record = { keyVersion: 2, resetCount: 1, active: new Secret(Uint8Array.of(1, 2)), pending: undefined };
    await store.unit(async (tx) => {
      await tx.locks.insert({
        id: 'lock_1',
        organizationId: 'org_a',
        identifier: 'C0FFEE000001',
        maker: 'm',
        model: 'x',
        bluetooth: '5.0',
        state: 'manifest',
        createdAt: 1,
      });
      await tx.locks.setFactoryKey('lock_1', new Secret(Uint8Array.of(9)));
      await tx.locks.setBinding('lock_1', record);
    });
    const [binding, key] = await store.read(async (tx) => [
      await tx.locks.binding('lock_1'),
      await tx.locks.factoryKey('lock_1'),
    ]);
    expect(binding?.active?.reveal()).toEqual(Uint8Array.of(1, 2));
    expect(binding?.pending).toBeUndefined();
    expect(key?.reveal()).toEqual(Uint8Array.of(9));
    await store.close();
  });

  it('reads write nothing, and a closed store refuses', async () => {
    const store = await opened();
    await expect(store.read((tx) => tx.properties.insert(property(1)))).rejects.toMatchObject({
      code: 'write_outside_unit',
    });
    await store.close();
    await expect(store.read((tx) => tx.organizations.list())).rejects.toMatchObject({ code: 'closed' });
  });
}
