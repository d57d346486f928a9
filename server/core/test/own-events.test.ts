import type { EventCode } from '@cardea/wire-profile';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor, Event, GrantDraft, Role } from '../src/index.ts';
import { actorOf, openWorld, page, START_MS, type World } from './kit.ts';

const HOUR = 3_600_000;

let world: World;
let host: Actor;
let sequence: number;

async function person(id: string, role: Role): Promise<Actor> {
  const { organizationId } = world.owner;
  const named = { name: id, email: `${id}@home.test`, mustChangePassword: false, createdAt: 1 };
  await world.store.unit((tx) => tx.persons.insert({ id, organizationId, role, ...named }));
  return actorOf(organizationId, id, role);
}

async function granted(actor: Actor, draft: Partial<GrantDraft> = {}) {
  const scope = { kind: 'doors', doorIds: [world.door.id] } as const;
  const window = { notBefore: START_MS, notAfter: null };
  return (await world.core.grants.create(world.owner, { personId: actor.personId, scope, ...window, ...draft })).grant;
}

/** The lock tells something; its record is the world's. */
async function happens(code: EventCode): Promise<void> {
  const event = { sequence: ++sequence, code, actor: 7, detail: 1, lockTimeS: Math.floor(world.clock.now() / 1000) };
  await world.lockSays({ kind: 'event', event, clockOffsetS: 0 } as never);
  await world.settled();
}

/** As if somebody had opened the door with a key: what is on record of it. */
const opened = (personId: string, doorId = world.door.id): Promise<void> =>
  world.store.unit(async (tx) => {
    const fact = { organizationId: world.owner.organizationId, propertyId: world.propertyId, lockId: null };
    await tx.events.insert({
      ...{
        id: `evt_${(world.clock.now() + ++sequence)
          .toString(16)
          .padStart(12, '0')
          .replace(/^(.{8})/, '$1-')}-x`,
      },
      ...{ ...fact, doorId, gatewayId: null, personId, attemptId: null, type: 'lock.unlocked', lockSequence: null },
      ...{ occurredAt: null, receivedAt: world.clock.now(), detail: { actor: 7 } },
    });
  });

const typesOf = (events: readonly Event[]) => events.map(({ type }) => type);
const own = (actor = host, newestFirst = false) =>
  world.core.own.events(actor, {}, { ...page, ...(newestFirst && { newestFirst }) });

/** What others did. */
const ofOthers = async (actor: Actor): Promise<readonly Event[]> => (await world.core.own.notices(actor, page)).events;

beforeEach(async () => {
  world = await openWorld();
  sequence = 0;
  host = await person('per_host', 'resident');
  await granted(host);
});

describe('a resident is told', () => {
  it('of tamper, forced, denied and low battery at his own door, and of nobody by whom', async () => {
    for (const code of ['tamper', 'door_forced', 'refused', 'battery_low', 'door_opened'] as const) await happens(code);
    const told = await own();
    expect(typesOf(told)).toEqual(['lock.tamper', 'lock.door_forced', 'lock.refused', 'lock.battery_low']);
    for (const event of told) expect(event).toMatchObject({ personId: null, attemptId: null, detail: {} });
    expect(await world.core.events.list(host, {}, page)).toEqual(told);
  });

  it('in either order, a page at a time, as the whole is', async () => {
    for (let n = 0; n < 5; n++) {
      await happens('tamper');
      await opened(host.personId);
      await world.clock.advance(1000);
    }
    const all = await own();
    expect(all).toHaveLength(10);
    expect(await own(host, true)).toEqual([...all].reverse());
    const paged: Event[] = [];
    for (let after: string | undefined; ; after = paged.at(-1)?.id) {
      const some = await world.core.own.events(host, {}, { after, limit: 3 });
      paged.push(...some);
      if (some.length < 3) break;
    }
    expect(paged).toEqual(all);
  });

  it('of nothing that was before he lived there, at another’s door, or once he is gone', async () => {
    const other = await world.core.estate.addDoor(world.owner, {
      propertyId: world.propertyId,
      floorId: null,
      name: '102',
    });
    await happens('tamper');
    await world.clock.advance(HOUR);
    const later = await person('per_later', 'resident');
    const grant = await granted(later, { notBefore: START_MS });
    const neighbour = await person('per_next', 'resident');
    await granted(neighbour, { scope: { kind: 'doors', doorIds: [other.id] } });
    expect(await own(later)).toEqual([]);
    await happens('tamper');
    expect(typesOf(await own(later))).toEqual(['lock.tamper']);
    expect(await own(neighbour)).toEqual([]);
    await world.core.grants.revoke(world.owner, grant.id);
    expect(await own(later)).toEqual([]);
  });

  it('a guest, and a cleaner, of nothing but what they did', async () => {
    for (const role of ['guest', 'cleaner'] as const) {
      const one = await person(`per_${role}`, role);
      await granted(one);
      await happens('tamper');
      expect(await own(one)).toEqual([]);
      await opened(one.personId);
      expect(typesOf(await own(one))).toEqual(['lock.unlocked']);
    }
  });
});

describe('a host is told that a visitor came', () => {
  const visit = async (address?: string) => {
    const input = { name: 'Visitor 1', doorIds: [world.door.id], notAfter: START_MS + 5 * HOUR, address };
    return (await world.core.visitors.invite(host, input)).visitor;
  };

  it('by the visitor’s name, and no other resident is', async () => {
    const neighbour = await person('per_next', 'resident');
    await granted(neighbour);
    const visitor = await visit();
    await opened(visitor.personId);
    expect(await ofOthers(host)).toMatchObject([{ personId: visitor.personId, detail: { visitor_id: visitor.id } }]);
    expect(await ofOthers(neighbour)).toEqual([]);
  });

  it('but not where the visitor may open by a right of another’s giving', async () => {
    const visitor = await visit();
    await granted(actorOf(world.owner.organizationId, visitor.personId, 'guest'));
    await opened(visitor.personId);
    expect(await ofOthers(host)).toEqual([]);
  });
});

describe('live', () => {
  it('tells the same as the list, in its order', async () => {
    const heard: Event[] = [];
    const end = world.core.events.follow(host, (event) => heard.push(event));
    for (const code of ['tamper', 'door_opened', 'refused'] as const) await happens(code);
    expect(heard).toEqual(await own());
    end();
    await happens('tamper');
    expect(heard).toHaveLength(2);
  });
});

describe('notices', () => {
  it('are what others did, unread until they are read', async () => {
    await happens('tamper');
    await opened(host.personId);
    expect(await world.core.own.notices(host, page)).toMatchObject({ unread: 1, readUntil: 0, events: [{}] });
    await world.core.own.readNotices(host, world.clock.now());
    expect(await world.core.own.notices(host, page)).toMatchObject({ unread: 0, readUntil: world.clock.now() });
    await world.clock.advance(1000);
    await happens('door_forced');
    const { events, unread } = await world.core.own.notices(host, page);
    expect({ unread, types: typesOf(events) }).toEqual({ unread: 1, types: ['lock.door_forced', 'lock.tamper'] });
  });

  it('are not read ahead, nor unread again', async () => {
    expect(await world.core.own.readNotices(host, START_MS + HOUR)).toBe(START_MS);
    expect(await world.core.own.readNotices(host, 1)).toBe(START_MS);
  });
});
