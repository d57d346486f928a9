import { type Core, CoreError, type Door, type Lock } from '@cardea/server-core';
import { type FakeAccess, fakeAccess } from './fake/access.ts';
import { fakeAlerts } from './fake/alerts.ts';
import { type FakeAttempts, type FakeGate, fakeAttempts } from './fake/attempts.ts';
import { fakeAudit } from './fake/audit.ts';
import { fakeEstate, furnish } from './fake/estate.ts';
import { type FakeEvents, fakeEvents } from './fake/events.ts';
import { fakeGateways } from './fake/gateways.ts';
import { fakeGrants } from './fake/grants.ts';
import { fakeCheckup, fakeStatistics } from './fake/insights.ts';
import { fakeKeys } from './fake/keys.ts';
import { fakeLocks } from './fake/locks.ts';
import { fakeOwn } from './fake/own.ts';
import { fakePeople } from './fake/people.ts';
import { fakePersons } from './fake/persons.ts';
import { fakeStays } from './fake/stays.ts';
import { fakeVisitors } from './fake/visitors.ts';
import { createWorld } from './fake/world.ts';

/** A core that keeps everything in maps: what the door is tested against alone. */
export interface FakeCore
  extends Core,
    FakeGate,
    Pick<FakeAccess, 'token' | 'withdraw'>,
    Pick<FakeEvents, 'happen' | 'prove'>,
    Pick<FakeAttempts, 'finish'> {
  /** Calls of use cases with an effect, by name. */
  readonly calls: string[];
  readonly door: Door;
  readonly lock: Lock;
}

/** A fake estate of one property with one door and one lock, in the organization `org_a`. */
export function createFakeCore(now: () => number): FakeCore {
  const world = createWorld(now);
  const { door, lock } = furnish(world);
  const access = fakeAccess(world);
  const keys = fakeKeys(world);
  const core: FakeCore = {
    calls: world.calls,
    door,
    lock,
    failNext: undefined,
    gate: Promise.resolve(),
    organizations: {
      list: async () => [],
      add: async () => {
        throw new CoreError('not_permitted', 'not here');
      },
    },
    ...fakeEstate(world),
    ...fakeLocks(world, door, lock),
    ...fakeAttempts(world, lock, () => core),
    ...fakeEvents(world),
    statistics: fakeStatistics,
    checkup: fakeCheckup,
    ...fakeAudit(world),
    ...fakeAlerts(world),
    ...fakeGateways(world),
    ...fakePeople(world, access.session),
    ...fakePersons(world),
    ...access,
    ...fakeGrants(world),
    ...keys,
    ...fakeVisitors(world),
    ...fakeOwn(world, door, lock, keys.methods),
    ...fakeStays(world, lock),
    tell: async () => {},
    start: async () => {},
    stop: async () => {},
    health: () => ({ ready: true, gatewaysOnline: 1, attemptsOpen: 0 }),
  };
  return core;
}
