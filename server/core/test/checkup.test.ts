import { expect, it } from 'vitest';
import { actorOf, LOCKED, openWorld, START_MS } from './kit.ts';

it('looks at what the record holds, of the own organization alone', async () => {
  const world = await openWorld();
  await world.store.unit(async (tx) => {
    const attributes = { ...LOCKED, batteryPercent: 9, clock: 'unset' } as const;
    await tx.locks.setReport({
      lockId: world.lockId,
      attributes,
      provedAt: START_MS,
      clockOffsetS: null,
      clockErrorS: null,
    });
  });
  const found = async () => {
    const { findings } = await world.core.checkup.run(world.owner);
    return new Map(findings.map((one) => [one.id, one]));
  };
  const before = await found();
  expect(before.get('second_factors')).toMatchObject({ level: 'warning', subjects: [{ id: world.owner.personId }] });
  for (const id of ['low_batteries', 'lock_clocks']) {
    expect(before.get(id)).toMatchObject({ level: 'warning', subjects: [{ kind: 'door', id: world.door.id }] });
  }
  expect(before.get('offline_gateways')?.level).toBe('ok');
  world.core.uplink.offline(world.gatewayId, 'timeout');
  await world.settled();
  const after = await found();
  expect(after.get('offline_gateways')).toMatchObject({ level: 'warning', subjects: [{ id: world.gatewayId }] });
  expect(after.get('stale_locks')?.level).toBe('warning');
  const { findings } = await world.core.checkup.run(actorOf('org_other', 'per_other', 'owner'));
  expect(findings.flatMap(({ subjects }) => subjects)).toEqual([]);
});

it('is for whoever may change the estate', async () => {
  const world = await openWorld();
  for (const role of ['front_desk', 'maintenance', 'cleaner', 'resident', 'guest'] as const) {
    const actor = actorOf(world.owner.organizationId, 'per_1', role);
    await expect(world.core.checkup.run(actor)).rejects.toMatchObject({ code: 'not_permitted' });
  }
});
