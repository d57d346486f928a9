import { Secret } from '@cardea/kit-runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor, Door, Grant, GrantDraft, NewVisitor, Role } from '../src/index.ts';
import { actorOf, page, START_MS } from './kit.ts';
import { HOME, NEXT, openPeople, type PeopleWorld } from './people-kit.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ORIGIN = 'https://home.example';

let world: PeopleWorld;
let owner: Actor;
let host: Actor;
let source: Grant;
let door: Door;

async function person(name: string, role: Role): Promise<Actor> {
  const email = `${name.replace(/ /g, '').toLowerCase()}@home.test`;
  const password = new Secret('twelve monkeys!');
  const { id } = await world.core.persons.add(owner, { name, email, role, password });
  return actorOf(owner.organizationId, id, role);
}

async function granted(actor: Actor, draft: Partial<GrantDraft> = {}): Promise<Grant> {
  const { grant } = await world.core.grants.create(owner, {
    personId: actor.personId,
    scope: { kind: 'doors', doorIds: [door.id] },
    notBefore: START_MS,
    notAfter: null,
    methods: ['mobile_key', 'pin'],
    ...draft,
  });
  return grant;
}

const invite = (input: Partial<NewVisitor> = {}, actor = host) =>
  world.core.visitors.invite(actor, { name: 'Visitor 1', doorIds: [door.id], notAfter: START_MS + 2 * HOUR, ...input });

const givenTo = async (visitorId: string): Promise<Grant> => {
  const all = await world.core.grants.list(owner, {}, page);
  return all.find((grant) => grant.visitorId === visitorId) as Grant;
};

const refusal = (of: Promise<unknown>) =>
  of.then(
    () => undefined,
    ({ code, field }: { code: string; field?: string }) => (field === undefined ? code : `${code} ${field}`),
  );

/** What the owner may change of a grant, by what it is now. */
const change = (id: string, terms: object, drop: readonly ('not_after' | 'uses')[] = []) =>
  world.core.grants.change(owner, id, terms, drop);

beforeEach(async () => {
  world = await openPeople(['email', 'sms'], [ORIGIN]);
  ({ owner, door } = world);
  host = await person('Resident 1', 'resident');
  source = await granted(host);
});

describe('a resident lets somebody in', () => {
  it('by a link that is shown once, and with which the visitor becomes somebody who may open the door', async () => {
    const { visitor, link, sent, pin } = await invite();
    expect({ sent, pin }).toEqual({ sent: false, pin: null });
    const [address, secret = ''] = (link?.reveal() ?? '').split('#');
    expect(address).toBe(`${ORIGIN}/phone/join`);
    const [id = '', code = ''] = secret.split('.');
    const joined = await world.core.registration.confirm(id, new Secret(code), NEXT);
    expect(joined.id).toBe(visitor.personId);
    const { token } = await world.core.access.signIn(joined.email, NEXT, HOME);
    const doors = await world.core.own.doors(await world.core.access.authenticate(token), page);
    expect(doors.map(({ id: doorId, admits }) => [doorId, admits])).toEqual([[door.id, 'now']]);
    expect(await world.core.registration.contacts(await world.core.access.authenticate(token))).toEqual([]);
  });

  it('by a message to the address, whoever is reached by it: the host is answered alike', async () => {
    const known = await person('Resident 2', 'resident');
    const fresh = await invite({ address: 'new@visitor.test' });
    const old = await invite({ address: 'resident2@home.test' });
    expect([fresh.sent, old.sent, fresh.link, old.link]).toEqual([true, true, null, null]);
    expect(Object.keys(fresh.visitor)).toEqual(Object.keys(old.visitor));
    expect(old.visitor).toMatchObject({ name: 'Visitor 1', personId: known.personId });
    expect(world.notices.map(({ address, kind, host: by, answer }) => [address, kind, by, answer !== null])).toEqual([
      ['new@visitor.test', 'visitor_invitation', 'Resident 1', true],
      ['resident2@home.test', 'visit', 'Resident 1', false],
    ]);
  });

  it('by a grant that staff see, with who invited and what it was given on from', async () => {
    const { visitor } = await invite();
    expect(await givenTo(visitor.id)).toMatchObject({
      personId: visitor.personId,
      createdBy: host.personId,
      sourceGrantId: source.id,
      operations: ['unlock', 'lock'],
      methods: ['mobile_key'],
      notAfter: START_MS + 2 * HOUR,
    });
  });

  it('sees each with the doors, and whether they can be opened', async () => {
    await invite({ notBefore: START_MS + HOUR });
    const doors = [{ id: door.id, name: '101' }];
    expect(await world.core.visitors.list(host, page)).toMatchObject([{ doors, state: 'waiting' }]);
    await world.clock.advance(HOUR);
    expect(await world.core.visitors.list(host, page)).toMatchObject([{ state: 'active' }]);
    await world.clock.advance(HOUR);
    expect(await world.core.visitors.list(host, page)).toMatchObject([{ state: 'ended' }]);
  });
});

describe('nobody lets in beyond his own right', () => {
  it.each([
    ['a time that is longer than 30 days', {}, { notAfter: START_MS + 31 * DAY }, 'invalid not_after'],
    ['a time beyond his own', { notAfter: START_MS + HOUR }, {}, 'invalid not_after'],
    ['a time before his own', { notBefore: START_MS + HOUR }, {}, 'invalid not_after'],
    ['what is counted', { uses: 3 }, {}, 'precondition_failed'],
    [
      'what a second person confirms',
      { conditions: { geofence: false, secondPerson: true, firstUse: null } },
      {},
      'precondition_failed',
    ],
    ['a PIN that he has not', { methods: ['mobile_key'] }, { pin: true }, 'precondition_failed'],
  ] as const)('not %s', async (_, own, asked, code) => {
    const other = await person('Resident 3', 'resident');
    await granted(other, own);
    expect(await refusal(invite(asked, other))).toBe(code);
    expect(await world.core.visitors.list(other, page)).toEqual([]);
  });

  it('not through a door that is another’s, which is as one that is not there', async () => {
    const other = await world.core.estate.addDoor(owner, { propertyId: world.propertyId, floorId: null, name: '102' });
    expect(await refusal(invite({ doorIds: [other.id] }))).toBe('not_found');
    expect(await refusal(invite({ doorIds: ['door_none'] }))).toBe('not_found');
  });

  it('not as a guest, and a visitor is one', async () => {
    const guest = await person('Guest 1', 'guest');
    await granted(guest);
    expect(await refusal(invite({}, guest))).toBe('not_permitted');
    const { visitor } = await invite();
    expect(await refusal(invite({}, actorOf(owner.organizationId, visitor.personId, 'guest')))).toBe('not_permitted');
  });

  it('not as another resident’s visitor', async () => {
    const other = await person('Resident 2', 'resident');
    await invite({ address: 'resident2@home.test' });
    expect(await refusal(invite({}, other))).toBe('precondition_failed');
  });

  it('not where the property lets nobody', async () => {
    await world.core.estate.changeProperty(owner, world.propertyId, { visitors: 'off' });
    expect(await refusal(invite())).toBe('precondition_failed');
  });

  it('not more than twenty at once; one who is taken back makes room', async () => {
    const first = await invite();
    for (let n = 2; n <= 20; n++) await invite({ name: `Visitor ${n}` });
    expect(await refusal(invite())).toBe('too_many');
    await world.core.visitors.revoke(host, first.visitor.id);
    expect(await refusal(invite())).toBeUndefined();
  });
});

describe('what was given on is held within what it was given from', () => {
  const states = async () => (await world.core.visitors.list(host, page)).map(({ state }) => state);

  it.each([
    ['is revoked', () => world.core.grants.revoke(owner, source.id)],
    [
      'is of other doors',
      async () => {
        const { id } = await world.core.estate.addDoor(owner, {
          propertyId: world.propertyId,
          floorId: null,
          name: '102',
        });
        await change(source.id, { scope: { kind: 'doors', doorIds: [id] } });
      },
    ],
    ['is counted', () => change(source.id, { uses: 5 })],
    ['goes with its holder', () => world.core.persons.remove(owner, host.personId)],
    ['goes with its holder, who is erased', () => world.core.privacy.erase(owner, host.personId)],
  ])('it ends when that %s', async (_, end) => {
    const { visitor } = await invite();
    await end();
    expect(await givenTo(visitor.id)).toMatchObject({ state: 'revoked' });
  });

  it('it ends sooner when that ends sooner, and not later when that ends later', async () => {
    const { visitor } = await invite();
    await change(source.id, { notAfter: START_MS + HOUR });
    expect(await givenTo(visitor.id)).toMatchObject({ state: 'active', notAfter: START_MS + HOUR });
    expect(await world.core.visitors.list(host, page)).toMatchObject([{ opensUntil: START_MS + HOUR }]);
    await change(source.id, { notAfter: START_MS + DAY });
    expect(await givenTo(visitor.id)).toMatchObject({ notAfter: START_MS + HOUR });
  });

  it('it is read by the schedule that that is read by now', async () => {
    const { visitor } = await invite();
    const lists = { weekly: [], holidays: [], exceptions: [] };
    const { schedule } = await world.core.schedules.add(owner, { propertyId: world.propertyId, name: 'day', ...lists });
    await change(source.id, { scheduleId: schedule.id });
    expect(await givenTo(visitor.id)).toMatchObject({ scheduleId: schedule.id });
  });

  it('it ends when a door leaves the floor by which its host reached it', async () => {
    const { propertyId } = world;
    const floor = await world.core.estate.addFloor(owner, { propertyId, name: '1', level: 1 });
    await world.core.estate.changeDoor(owner, door.id, { floorId: floor.id });
    const other = await person('Resident 2', 'resident');
    await granted(other, { scope: { kind: 'floor', floorId: floor.id }, notAfter: START_MS + DAY });
    const { visitor } = await invite({}, other);
    const away = await world.core.estate.addFloor(owner, { propertyId, name: '2', level: 2 });
    await world.core.estate.changeDoor(owner, door.id, { floorId: away.id });
    expect((await givenTo(visitor.id)).state).not.toBe('active');
  });

  it('a visitor is taken back by the host, and by staff, and by nobody else; the link is void', async () => {
    const { visitor, link } = await invite();
    const other = await person('Resident 2', 'resident');
    expect(await refusal(world.core.visitors.revoke(other, visitor.id))).toBe('not_found');
    const { view, methods } = await world.core.visitors.revoke(host, visitor.id);
    expect(view).toMatchObject({ state: 'revoked', visitor: { revokedAt: START_MS } });
    expect(methods.map(({ method, ending }) => [method.lockId, ending.why])).toEqual([[world.lockId, 'nothing_held']]);
    const [id = '', code = ''] = (link?.reveal() ?? '').split('#')[1]?.split('.') ?? [];
    expect(await refusal(world.core.registration.confirm(id, new Secret(code), NEXT))).toBe('bad_code code');
    await invite();
    await world.core.visitors.revoke(owner, (await invite({ name: 'Visitor 2' })).visitor.id);
    expect(await states()).toEqual(['revoked', 'active', 'revoked']);
  });

  it('taking the source back tells of its visitors too', async () => {
    await invite();
    await world.core.grants.revoke(owner, source.id);
    const told = await world.core.methods.ofGrant(owner, source.id, 'given_on');
    expect(new Set(told.map(({ method }) => method.grantId)).size).toBe(2);
  });

  it('nothing that names the visitor is left of one who is erased', async () => {
    const { visitor } = await invite({ name: 'Unmistakable' });
    const ofHost = async () => JSON.stringify((await world.core.privacy.export(owner, host.personId)).data);
    expect(await ofHost()).toContain('Unmistakable');
    await world.core.privacy.erase(owner, visitor.personId);
    expect(await world.core.visitors.list(host, page)).toEqual([]);
    expect(await ofHost()).not.toContain('Unmistakable');
  });
});
