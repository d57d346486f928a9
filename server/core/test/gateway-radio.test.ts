import { describe, expect, it } from 'vitest';
import type { FromGateway } from '../src/index.ts';
import { IDENTIFIER, openWorld, type World } from './kit.ts';

const HOUR_MS = 3_600_000;

const heard = (world: World, rssiDbm: number): Promise<void> =>
  world.core.uplink.received(world.gatewayId, {
    kind: 'sighting',
    lock: IDENTIFIER,
    maker: 'test',
    rssiDbm,
    unbound: null,
    state: null,
  });
const told = (world: World, id: string, stage: Extract<FromGateway, { kind: 'progress' }>['stage']): Promise<void> =>
  world.core.uplink.received(world.gatewayId, {
    kind: 'progress',
    id,
    lock: IDENTIFIER,
    stage,
    queuePosition: null,
    reason: stage === 'failed' ? 'out_of_range' : null,
  });
const radioOf = (world: World) => world.core.gateways.radio(world.owner, world.gatewayId);

describe('what a gateway hears', () => {
  it('is told with its strength and when, at which door', async () => {
    const world = await openWorld();
    await heard(world, -71);
    const at = world.clock.now();
    await world.clock.advance(5_000);
    expect((await radioOf(world)).heard).toEqual([
      {
        lockId: world.lockId,
        identifier: IDENTIFIER,
        doorId: world.door.id,
        doorName: world.door.name,
        rssiDbm: -71,
        heardAt: at,
      },
    ]);
    expect((await world.core.gateways.get(world.owner, world.gatewayId)).locksHeard).toBe(1);
  });

  it('is nothing once it is offline', async () => {
    const world = await openWorld();
    await heard(world, -71);
    world.core.uplink.offline(world.gatewayId, 'timeout');
    await world.settled();
    expect((await radioOf(world)).heard).toEqual([]);
    expect((await world.core.gateways.get(world.owner, world.gatewayId)).locksHeard).toBeNull();
  });
});

describe('the connections of a gateway', () => {
  it('are counted from their begin to the written command, failures by reason', async () => {
    const world = await openWorld();
    for (const [id, ms] of [
      ['a', 200],
      ['b', 400],
      ['c', 900],
    ] as const) {
      await told(world, id, 'queued');
      await told(world, id, 'connecting');
      await world.clock.advance(ms);
      await told(world, id, 'written');
    }
    await told(world, 'd', 'connecting');
    await told(world, 'd', 'failed');
    // What was never begun counts for nothing.
    await told(world, 'e', 'written');
    expect((await radioOf(world)).connections).toEqual({
      made: 3,
      failed: 1,
      p50Ms: 400,
      p95Ms: 900,
      failures: [{ reason: 'out_of_range', count: 1 }],
    });
  });
});

describe('the spells of a gateway without a session', () => {
  it('are those of the last seven days, newest first, the last while it goes on', async () => {
    const world = await openWorld();
    const spell = async (): Promise<{ from: number; to: number }> => {
      world.core.uplink.offline(world.gatewayId, 'timeout');
      await world.settled();
      const from = world.clock.now();
      await world.clock.advance(HOUR_MS);
      const to = world.clock.now();
      await world.core.uplink.online(world.gatewayId);
      await world.clock.advance(HOUR_MS);
      return { from, to };
    };
    const first = await spell();
    const second = await spell();
    expect((await radioOf(world)).offline).toEqual([second, first]);
    world.core.uplink.offline(world.gatewayId, 'timeout');
    await world.settled();
    const from = world.clock.now();
    expect((await radioOf(world)).offline).toEqual([{ from, to: null }, second, first]);
    await world.clock.advance(8 * 24 * HOUR_MS);
    expect((await radioOf(world)).offline).toEqual([{ from, to: null }]);
  });
});
