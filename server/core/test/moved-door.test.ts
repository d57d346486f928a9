import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { createContext } from '../src/context.ts';
import { createGrantKeeper } from '../src/grant/keeper.ts';
import { createMethods } from '../src/method/methods.ts';
import { openWorld, page, START_MS } from './kit.ts';

/** The hotel's bound door over two floors, by a keeper whose locks all enforce what they are given. */
async function hotel() {
  const world = await openWorld();
  const { core, owner, propertyId, store, clock, lockId, door } = world;
  await core.stop();
  const { organizationId, personId } = owner;
  const unused = {} as never;
  const ports = { store, clock, random: seededRandom(9), primitives: nodePrimitives, keys: nodeKeyAgreement };
  const context = createContext({ ...ports, passwords: unused, scram: unused, uplink: unused, log: silentLog });
  const methods = createMethods({
    context,
    presence: unused,
    restored: { newest: undefined },
    supports: () => true,
    opened: async () => [],
  });
  const keeper = createGrantKeeper(context, methods.planner);
  const [lower, upper] = [
    await core.estate.addFloor(owner, { propertyId, name: 'lower', level: 1 }),
    await core.estate.addFloor(owner, { propertyId, name: 'upper', level: 2 }),
  ];
  const give = (floorId: string) =>
    context.write((tx, note) =>
      keeper.issue(tx, note, owner, {
        personId,
        scope: { kind: 'floor', floorId },
        notBefore: START_MS,
        notAfter: START_MS + 3_600_000,
        methods: ['mobile_key'],
      }),
    );
  const move = (floorId: string | null) =>
    context.write(async (tx, note) => {
      const before = (await tx.doors.get(organizationId, door.id)) ?? door;
      await tx.doors.update(organizationId, door.id, { floorId });
      return keeper.moved(tx, note, before, { ...before, floorId });
    });
  const states = (grantId: string) =>
    store.read(async (tx) =>
      (await tx.access.methods.list(organizationId, { grantId }, page)).map((one) => [one.lockId, one.state]),
    );
  const place = () => store.read((tx) => tx.access.items.get(organizationId, `${lockId}/place`));
  return { lockId, lower, upper, give, move, states, place };
}

it('a door that moves takes its lock from the grants of the one floor to those of the other, and tells it where it is', async () => {
  const { lockId, lower, upper, give, move, states, place } = await hotel();
  const below = (await give(lower.id)).grant.id;
  const above = (await give(upper.id)).grant.id;
  expect(await states(below)).toEqual([]);
  expect(await move(lower.id)).toEqual([lockId]);
  expect([await states(below), await states(above)]).toEqual([[[lockId, 'unset']], []]);
  const first = await place();
  expect(await move(upper.id)).toEqual([lockId]);
  expect([await states(below), await states(above)]).toEqual([[[lockId, 'removed']], [[lockId, 'unset']]]);
  const second = await place();
  expect(second?.revision).toBeGreaterThan(first?.revision ?? Number.POSITIVE_INFINITY);
  expect(second?.state).not.toBe('set');
  await move(null);
  expect([await states(below), await states(above)]).toEqual([[[lockId, 'removed']], [[lockId, 'removed']]]);
});
