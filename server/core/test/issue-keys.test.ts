import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { type Context, createContext } from '../src/context.ts';
import type { Phone } from '../src/index.ts';
import { issueKeys } from '../src/key/issue.ts';
import { createMethods } from '../src/method/methods.ts';
import { propertyAccess } from '../src/method/place.ts';
import { openWorld, page, START_MS } from './kit.ts';

const DOORS = 250;
/** Before it: the unit of the first 100 doors. */
const SECOND = 1;

/** A person with a phone, granted one door by name and the whole property of 250 others; `units` counts what is written. */
async function openHotel(between: (unit: number) => Promise<void> = async () => undefined) {
  const world = await openWorld();
  const { core, owner, propertyId, store, clock } = world;
  const { organizationId, personId } = owner;
  for (let n = 1; n < DOORS; n++) await core.estate.addDoor(owner, { propertyId, floorId: null, name: `d${n}` });
  const window = { personId, notBefore: START_MS, notAfter: START_MS + 3_600_000, methods: ['mobile_key'] } as const;
  const one = await core.grants.create(owner, { ...window, scope: { kind: 'doors', doorIds: [world.door.id] } });
  const all = await core.grants.create(owner, { ...window, scope: { kind: 'property', propertyId } });
  const doors = await store.read((tx) => tx.doors.list(organizationId, { propertyId }, { ...page, limit: 1000 }));
  const doorIds = doors.map(({ id }) => id);
  const phone: Phone = {
    id: 'phone_1',
    organizationId,
    personId,
    kind: 'phone',
    publicKey: new Uint8Array(65),
    name: 'phone',
    state: 'active',
    lostAt: null,
    signsIn: false,
    createdAt: START_MS,
  };
  await store.unit((tx) => tx.access.phones.insert(phone));
  const unused = {} as never;
  const ports = { store, clock, random: seededRandom(9), primitives: nodePrimitives, keys: nodeKeyAgreement };
  const made = createContext({ ...ports, passwords: unused, scram: unused, uplink: unused, log: silentLog });
  // The grant key of the property is made once, by a unit of its own.
  await propertyAccess(made, organizationId, propertyId);
  let units = 0;
  const context: Context = {
    ...made,
    async write(work) {
      await between(units);
      units++;
      return made.write(work);
    },
  };
  const methods = createMethods({
    context,
    presence: unused,
    restored: { newest: undefined },
    supports: () => false,
    opened: async () => [],
  });
  const fetch = () => issueKeys(context, methods, () => undefined, phone, { by: owner.personId, emergency: false });
  return { world, fetch, one: one.grant, all: all.grant, doorIds, units: () => units };
}

it('works on at most 100 doors a unit, and on each door of each grant once', async () => {
  const { world, fetch, one, all, doorIds, units } = await openHotel();
  const { without } = await fetch();
  expect(without.map(({ grantId, doorId }) => [grantId, doorId])).toEqual([
    [one.id, world.door.id],
    ...doorIds.map((id) => [all.id, id]),
  ]);
  // 251 doors in three units, and the fact that they were given.
  expect(units()).toBe(4);
  const given = await world.core.events.list(world.owner, { type: 'phone.keys_given' }, page);
  expect(given).toMatchObject([{ detail: { keys: 0, without: 251 } }]);
});

it('gives nothing to a phone that is lost between two units, and no more of a grant that is revoked', async () => {
  const lost = await openHotel(async (unit) => {
    if (unit !== SECOND) return;
    const { owner, store } = lost.world;
    await store.unit((tx) => tx.access.phones.update(owner.organizationId, 'phone_1', { state: 'lost' }));
  });
  await expect(lost.fetch()).rejects.toMatchObject({ code: 'precondition_failed' });
  const revoked = await openHotel(async (unit) => {
    if (unit === SECOND) await revoked.world.core.grants.revoke(revoked.world.owner, revoked.all.id);
  });
  expect((await revoked.fetch()).without).toHaveLength(100);
});
