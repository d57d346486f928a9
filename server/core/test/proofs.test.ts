import type { ControllerEffect, LockAttributes } from '@cardea/wire-profile';
import { expect, it } from 'vitest';
import type { Event, Proof } from '../src/index.ts';
import { actorOf, LOCKED, openWorld, page, stranger, type World } from './kit.ts';

const proved = (world: World, attributes: Partial<LockAttributes> = {}): ControllerEffect => ({
  kind: 'state',
  attributes: { ...LOCKED, ...attributes },
  provedAtMs: world.clock.now(),
  clockOffsetS: 0,
  clockErrorS: 0.5,
});

async function listening() {
  const world = await openWorld();
  const proofs: Proof[] = [];
  const events: Event[] = [];
  world.core.events.followProofs(world.owner, (proof) => proofs.push(proof));
  world.core.events.follow(world.owner, (event) => events.push(event));
  await world.lockSays(proved(world));
  expect(events.map(({ type }) => type)).toEqual(['door.state_changed']);
  expect(proofs).toEqual([]);
  return { world, proofs, events };
}

it('a proof that changes nothing is told and is no event', async () => {
  const { world, proofs, events } = await listening();
  await world.clock.advance(5_000);
  await world.lockSays(proved(world));
  expect(proofs).toEqual([
    {
      organizationId: world.owner.organizationId,
      propertyId: world.propertyId,
      doorId: world.door.id,
      lockId: world.lockId,
      attributes: LOCKED,
      provedAt: world.clock.now(),
      clockOffsetS: 0,
      clockErrorS: 0.5,
    },
  ]);
  expect(events).toHaveLength(1);
  const recorded = await world.core.events.list(world.owner, { type: 'door.state_changed' }, page);
  expect(recorded).toHaveLength(1);
});

it('a proof that changes something is an event alone', async () => {
  const { world, proofs, events } = await listening();
  await world.clock.advance(5_000);
  await world.lockSays(proved(world, { bolt: 'unlocked' }));
  expect(events).toHaveLength(2);
  expect(proofs).toEqual([]);
});

it('an older proof than the one on record is not told', async () => {
  const { world, proofs } = await listening();
  const late = proved(world);
  await world.clock.advance(5_000);
  await world.lockSays(proved(world));
  await world.lockSays(late);
  await world.clock.advance(5_000);
  expect(proofs).toHaveLength(1);
});

it('of many proofs of one second the first and the newest are told, a second apart', async () => {
  const { world, proofs } = await listening();
  await world.clock.advance(10_000);
  const at = world.clock.now();
  // Each is later by its own time, as where a lock is asked at once for what was asked over many seconds.
  for (const agoMs of [6_000, 4_000, 2_000, 0]) {
    await world.lockSays({ ...proved(world), provedAtMs: at - agoMs } as ControllerEffect);
  }
  expect(proofs.map(({ provedAt }) => at - provedAt)).toEqual([6_000]);
  await world.clock.advance(1_000);
  expect(proofs.map(({ provedAt }) => at - provedAt)).toEqual([6_000, 0]);
  await world.clock.advance(60_000);
  expect(proofs.filter(({ provedAt }) => provedAt <= at)).toHaveLength(2);
});

it('no other organization hears of it, and nobody who sees only his own events', async () => {
  const { world, proofs } = await listening();
  const heard: Proof[] = [];
  world.core.events.followProofs(await stranger(world.store), (proof) => heard.push(proof));
  world.core.events.followProofs(actorOf(world.owner.organizationId, 'per_guest', 'guest'), (proof) =>
    heard.push(proof),
  );
  await world.clock.advance(5_000);
  await world.lockSays(proved(world));
  expect(proofs).toHaveLength(1);
  expect(heard).toEqual([]);
});

it('a follower that throws keeps nothing from the others, and one that has left hears nothing', async () => {
  const { world, proofs } = await listening();
  const left: Proof[] = [];
  world.core.events.followProofs(world.owner, () => {
    throw new Error('a follower that breaks');
  });
  const leave = world.core.events.followProofs(world.owner, (proof) => left.push(proof));
  const after: Proof[] = [];
  world.core.events.followProofs(world.owner, (proof) => after.push(proof));
  leave();
  await world.clock.advance(5_000);
  await world.lockSays(proved(world));
  expect(proofs).toHaveLength(1);
  expect(after).toHaveLength(1);
  expect(left).toEqual([]);
});
