import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import type { Actor, Core, Event, NewStay } from '../src/index.ts';
import { openWorld, outcome, PASSWORD, page, receiptOf, recordOf, START_MS, stranger, type World } from './kit.ts';

/** What the one organization has, by whose ids the other one asks. */
interface Ids {
  readonly property: string;
  readonly floor: string;
  readonly door: string;
  readonly lock: string;
  readonly identifier: string;
  readonly gateway: string;
  readonly person: string;
  readonly attempt: string;
  readonly token: string;
  readonly event: string;
  readonly alert: string;
  readonly contact: string;
  readonly passkey: string;
  readonly session: string;
  readonly grant: string;
  readonly schedule: string;
  readonly stay: string;
  readonly phone: string;
  readonly visitor: string;
}

type Groups = Omit<Core, 'start' | 'stop' | 'health' | 'uplink' | 'tell'>;
type Call = (core: Core, actor: Actor, ids: Ids) => Promise<unknown>;
/**
 * Every use case that an actor has: how it takes an id of a thing, by which thing; `list` when it lists; `own` when it
 * takes no id. A method that is added to the core and not here does not compile.
 */
type Table = {
  readonly [Group in keyof Groups]: {
    readonly [Method in keyof Groups[Group]]: readonly (readonly [noun: keyof Ids, call: Call])[] | 'own' | ListCall;
  };
};
type ListCall = { readonly list: (core: Core, actor: Actor, ids: Ids) => Promise<readonly unknown[]> };

const operate = (operation: 'unlock' | 'lock' | 'status' | 'override'): readonly [keyof Ids, Call] => [
  'door',
  (core, actor, { door }) => core.attempts.operate(actor, door, operation, undefined),
];

const ALWAYS = { weekly: [], holidays: [], exceptions: [] } as const;
const grantFor = ({ person, door }: Ids) => ({
  personId: person,
  scope: { kind: 'doors', doorIds: [door] } as const,
  notBefore: START_MS,
  notAfter: null,
});

/** The octets with which every PNG begins. */
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const TABLE: Table = {
  organizations: { list: 'own', add: 'own' },
  alerts: {
    list: { list: (core, actor) => core.alerts.list(actor, {}, page) },
    get: [['alert', (core, actor, ids) => core.alerts.get(actor, ids.alert)]],
    acknowledge: [['alert', (core, actor, ids) => core.alerts.acknowledge(actor, ids.alert)]],
  },
  checkup: { run: 'own' },
  statistics: {
    of: [['property', (core, actor, ids) => core.statistics.of(actor, { propertyId: ids.property, bucket: 'day' })]],
  },
  estate: {
    listProperties: { list: (core, actor) => core.estate.listProperties(actor, page) },
    addProperty: 'own',
    getProperty: [['property', (core, actor, ids) => core.estate.getProperty(actor, ids.property)]],
    changeProperty: [
      ['property', (core, actor, ids) => core.estate.changeProperty(actor, ids.property, { name: 'theirs' })],
    ],
    removeProperty: [['property', (core, actor, ids) => core.estate.removeProperty(actor, ids.property)]],
    listFloors: { list: (core, actor, ids) => core.estate.listFloors(actor, ids.property, page) },
    addFloor: [
      [
        'property',
        (core, actor, ids) => core.estate.addFloor(actor, { propertyId: ids.property, name: '1', level: 1 }),
      ],
    ],
    getFloor: [['floor', (core, actor, ids) => core.estate.getFloor(actor, ids.floor)]],
    changeFloor: [['floor', (core, actor, ids) => core.estate.changeFloor(actor, ids.floor, { name: 'theirs' })]],
    drawPlan: [
      ['floor', (core, actor, ids) => core.estate.drawPlan(actor, ids.floor, { width: 20, height: 10, doors: [] })],
      [
        'door',
        async (core, actor, ids) => {
          const input = { name: 'own', timeZone: 'UTC', region: 'eu', geofence: null };
          const own = await core.estate.addProperty(actor, input);
          const { id } = await core.estate.addFloor(actor, { propertyId: own.id, name: 'own', level: 0 });
          const doors = [{ doorId: ids.door, x: 1, y: 1 }];
          return core.estate.drawPlan(actor, id, { width: 20, height: 10, doors });
        },
      ],
    ],
    getDrawing: [['floor', (core, actor, ids) => core.estate.getDrawing(actor, ids.floor)]],
    setDrawing: [
      [
        'floor',
        (core, actor, ids) => core.estate.setDrawing(actor, ids.floor, { mediaType: 'image/png', octets: PNG }),
      ],
    ],
    removeDrawing: [['floor', (core, actor, ids) => core.estate.removeDrawing(actor, ids.floor)]],
    removeFloor: [['floor', (core, actor, ids) => core.estate.removeFloor(actor, ids.floor)]],
    listDoors: { list: (core, actor, ids) => core.estate.listDoors(actor, { propertyId: ids.property }, page) },
    addDoor: [
      [
        'property',
        (core, actor, ids) => core.estate.addDoor(actor, { propertyId: ids.property, floorId: null, name: 'new' }),
      ],
      [
        'floor',
        async (core, actor, ids) => {
          const input = { name: 'own', timeZone: 'UTC', region: 'eu', geofence: null };
          const own = await core.estate.addProperty(actor, input);
          return core.estate.addDoor(actor, { propertyId: own.id, floorId: ids.floor, name: 'new' });
        },
      ],
    ],
    getDoor: [['door', (core, actor, ids) => core.estate.getDoor(actor, ids.door)]],
    changeDoor: [
      ['door', (core, actor, ids) => core.estate.changeDoor(actor, ids.door, { kind: 'staff' })],
      [
        'floor',
        async (core, actor, ids) => {
          const input = { name: 'own', timeZone: 'UTC', region: 'eu', geofence: null };
          const own = await core.estate.addProperty(actor, input);
          const door = await core.estate.addDoor(actor, { propertyId: own.id, floorId: null, name: 'new' });
          return core.estate.changeDoor(actor, door.id, { floorId: ids.floor });
        },
      ],
    ],
    removeDoor: [['door', (core, actor, ids) => core.estate.removeDoor(actor, ids.door)]],
  },
  locks: {
    list: { list: (core, actor, ids) => core.locks.list(actor, { identifier: ids.identifier }, page) },
    get: [['lock', (core, actor, ids) => core.locks.get(actor, ids.lock)]],
    importManifest: 'own',
    enrol: [['door', (core, actor, ids) => core.locks.enrol(actor, { doorId: ids.door, identifier: ids.identifier })]],
    legitimacy: 'own',
    remove: [['lock', (core, actor, ids) => core.locks.remove(actor, ids.lock)]],
    chain: [['lock', (core, actor, ids) => core.locks.chain(actor, ids.lock)]],
    setTime: [['lock', (core, actor, ids) => core.locks.setTime(actor, ids.lock, true)]],
  },
  attempts: {
    operate: [operate('unlock'), operate('lock'), operate('status'), operate('override')],
    confirm: [['attempt', (core, actor, ids) => core.attempts.confirm(actor, ids.attempt)]],
    get: [['attempt', (core, actor, ids) => core.attempts.get(actor, ids.attempt)]],
    list: { list: (core, actor, ids) => core.attempts.list(actor, { doorId: ids.door }, page) },
    wait: [['attempt', (core, actor, ids) => core.attempts.wait(actor, ids.attempt, 1000)]],
  },
  events: {
    list: { list: (core, actor, ids) => core.events.list(actor, { doorId: ids.door }, page) },
    follow: 'own',
    followProofs: 'own',
    retention: 'own',
  },
  audit: {
    key: 'own',
    head: 'own',
    heads: {
      async list(core, actor) {
        await core.audit.head(actor);
        return core.audit.heads(actor, page);
      },
    },
    leaves: { list: (core, actor) => core.audit.leaves(actor, { from: 0, limit: 100 }) },
    inclusion: [['event', (core, actor, ids) => core.audit.inclusion(actor, ids.event)]],
    consistency: 'own',
    export: 'own',
  },
  gateways: {
    list: { list: (core, actor) => core.gateways.list(actor, page) },
    radio: [['gateway', (core, actor, ids) => core.gateways.radio(actor, ids.gateway)]],
    get: [['gateway', (core, actor, ids) => core.gateways.get(actor, ids.gateway)]],
    add: [['property', (core, actor, ids) => core.gateways.add(actor, { propertyId: ids.property, name: 'g' })]],
    remove: [['gateway', (core, actor, ids) => core.gateways.remove(actor, ids.gateway)]],
    enrol: 'own',
  },
  persons: {
    list: { list: (core, actor) => core.persons.list(actor, page) },
    get: [['person', (core, actor, ids) => core.persons.get(actor, ids.person)]],
    add: 'own',
    remove: [['person', (core, actor, ids) => core.persons.remove(actor, ids.person)]],
  },
  grants: {
    create: [
      ['person', (core, actor, ids) => core.grants.create(actor, grantFor(ids))],
      ['door', (core, actor, ids) => core.grants.create(actor, { ...grantFor(ids), personId: actor.personId })],
    ],
    get: [['grant', (core, actor, ids) => core.grants.get(actor, ids.grant)]],
    list: { list: (core, actor, ids) => core.grants.list(actor, { doorId: ids.door }, page) },
    change: [['grant', (core, actor, ids) => core.grants.change(actor, ids.grant, { uses: 3 }, [])]],
    revoke: [['grant', (core, actor, ids) => core.grants.revoke(actor, ids.grant)]],
    explain: [
      ['door', (core, actor, ids) => core.grants.explain(actor, ids.door, { personId: actor.personId })],
      [
        'person',
        async (core, actor, ids) => {
          const input = { name: 'own', timeZone: 'UTC', region: 'eu', geofence: null };
          const own = await core.estate.addProperty(actor, input);
          const door = await core.estate.addDoor(actor, { propertyId: own.id, floorId: null, name: 'new' });
          return core.grants.explain(actor, door.id, { personId: ids.person });
        },
      ],
    ],
  },
  methods: { ofGrant: [['grant', (core, actor, ids) => core.methods.ofGrant(actor, ids.grant)]] },
  phones: {
    challenge: 'own',
    enrol: 'own',
    list: { list: (core, actor) => core.phones.list(actor, {}, page) },
    get: [['phone', (core, actor, ids) => core.phones.get(actor, ids.phone)]],
    lost: [['phone', (core, actor, ids) => core.phones.lost(actor, ids.phone)]],
    keys: [['phone', (core, actor, ids) => core.phones.keys(actor, ids.phone)]],
  },
  receipts: { hand: 'own' },
  own: {
    events: { list: (core, actor, ids) => core.own.events(actor, { doorId: ids.door }, page) },
    notices: 'own',
    readNotices: 'own',
    doors: {
      async list(core, actor, ids) {
        const [door] = await core.estate.listDoors(actor, { propertyId: ids.property }, page);
        if (door !== undefined) await core.grants.create(actor, { ...grantFor(ids), personId: actor.personId });
        return core.own.doors(actor, page);
      },
    },
  },
  pins: {
    makeOnline: [['grant', (core, actor, ids) => core.pins.makeOnline(actor, ids.grant, undefined)]],
    makeOffline: [
      ['grant', (core, actor, ids) => core.pins.makeOffline(actor, ids.grant, { window: '3h', startAt: START_MS })],
    ],
    list: [['grant', (core, actor, ids) => core.pins.list(actor, ids.grant)]],
    remove: [['grant', (core, actor, ids) => core.pins.remove(actor, ids.grant)]],
    reopenKeypad: [['door', (core, actor, ids) => core.pins.reopenKeypad(actor, ids.door)]],
  },
  stays: {
    list: { list: (core, actor, ids) => core.stays.list(actor, { propertyId: ids.property }, page) },
    get: [['stay', (core, actor, ids) => core.stays.get(actor, ids.stay)]],
    reserve: [
      ['property', (core, actor, ids) => core.stays.reserve(actor, stayFor({ propertyId: ids.property }))],
      [
        'door',
        withOwnDoor((core, actor, ids, own) => core.stays.reserve(actor, stayFor({ ...own, doorIds: [ids.door] }))),
      ],
      ['person', withOwnDoor((core, actor, ids, own) => core.stays.reserve(actor, stayFor(own, ids.person)))],
    ],
    checkInNow: [
      ['property', (core, actor, ids) => core.stays.checkInNow(actor, stayFor({ propertyId: ids.property }), {})],
    ],
    checkIn: [['stay', (core, actor, ids) => core.stays.checkIn(actor, ids.stay, {})]],
    duplicate: [['stay', (core, actor, ids) => core.stays.duplicate(actor, ids.stay, { name: 'x', contact: null })]],
    extend: [['stay', (core, actor, ids) => core.stays.extend(actor, ids.stay, { kind: 'date', date: '2026-03-01' })]],
    move: [['stay', (core, actor, ids) => core.stays.move(actor, ids.stay, { doorIds: [ids.door] })]],
    checkOut: [['stay', (core, actor, ids) => core.stays.checkOut(actor, ids.stay)]],
    cancel: [['stay', (core, actor, ids) => core.stays.cancel(actor, ids.stay)]],
    oneShot: [
      [
        'property',
        (core, actor, { property: propertyId }) =>
          core.stays.oneShot(actor, { propertyId, rooms: { room: '101' }, guest: NOBODY, withinHours: 1 }),
      ],
    ],
    import: [
      [
        'property',
        (core, actor, { property: propertyId }) =>
          core.stays.import(actor, {
            propertyId,
            format: 'csv',
            file: 'reference,room,name,arrival,departure',
            dryRun: true,
          }),
      ],
    ],
  },
  modes: {
    set: [['door', (core, actor, ids) => core.modes.set(actor, ids.door, 'lockdown', null)]],
    setAll: [['property', (core, actor, ids) => core.modes.setAll(actor, ids.property, 'lockdown', null)]],
    list: [['property', (core, actor, ids) => core.modes.list(actor, ids.property, page)]],
    override: [['door', (core, actor, ids) => core.modes.override(actor, ids.door, 'smoke', undefined)]],
  },
  schedules: {
    list: { list: (core, actor, ids) => core.schedules.list(actor, ids.property, page) },
    get: [['schedule', (core, actor, ids) => core.schedules.get(actor, ids.schedule)]],
    notices: [['schedule', (core, actor, ids) => core.schedules.notices(actor, ids.schedule)]],
    add: [
      ['property', (core, actor, ids) => core.schedules.add(actor, { propertyId: ids.property, name: 'n', ...ALWAYS })],
    ],
    change: [['schedule', (core, actor, ids) => core.schedules.change(actor, ids.schedule, { name: 'theirs' })]],
    remove: [['schedule', (core, actor, ids) => core.schedules.remove(actor, ids.schedule)]],
  },
  registration: {
    register: 'own',
    recover: 'own',
    confirm: 'own',
    invite: 'own',
    inviteAgain: [['person', (core, actor, ids) => core.registration.inviteAgain(actor, ids.person)]],
    contacts: 'own',
    addContact: 'own',
    removeContact: [['contact', (core, actor, ids) => core.registration.removeContact(actor, ids.contact)]],
  },
  factors: {
    view: 'own',
    beginTotp: 'own',
    confirmTotp: 'own',
    removeTotp: 'own',
    beginPasskey: 'own',
    addPasskey: 'own',
    removePasskey: [['passkey', (core, actor, ids) => core.factors.removePasskey(actor, ids.passkey, PASSWORD)]],
    renewRecoveryCodes: 'own',
    reset: [['person', (core, actor, ids) => core.factors.reset(actor, ids.person)]],
    policy: 'own',
    setPolicy: 'own',
  },
  secondStep: { answer: 'own', beginPasskeySignIn: 'own' },
  visitors: {
    invite: [
      [
        'door',
        (core, actor, { door }) =>
          core.visitors.invite(actor, { name: 'Visitor 1', doorIds: [door], notAfter: START_MS + 3_600_000 }),
      ],
    ],
    list: { list: (core, actor) => core.visitors.list(actor, page) },
    revoke: [['visitor', (core, actor, ids) => core.visitors.revoke(actor, ids.visitor)]],
  },
  phoneSignIn: { challenge: 'own', signIn: 'own' },
  privacy: {
    export: [['person', async (core, actor, ids) => (await core.privacy.export(actor, ids.person)).person]],
    eraseOwn: 'own',
    erase: [['person', (core, actor, ids) => core.privacy.erase(actor, ids.person)]],
  },
  sessions: {
    list: { list: (core, actor) => core.sessions.list(actor) },
    remove: [['session', (core, actor, ids) => core.sessions.remove(actor, ids.session)]],
    removeOthers: 'own',
  },
  access: {
    found: 'own',
    signIn: 'own',
    signOut: 'own',
    changePassword: 'own',
    self: 'own',
    authenticate: 'own',
    denied: 'own',
    createToken: 'own',
    listTokens: { list: (core, actor) => core.access.listTokens(actor) },
    removeToken: [['token', (core, actor, ids) => core.access.removeToken(actor, ids.token)]],
  },
};

const NOBODY = { name: 'Nobody', contact: null };

const stayFor = (where: { propertyId: string; doorIds?: readonly string[] }, personId?: string): NewStay => ({
  propertyId: where.propertyId,
  rooms: where.doorIds === undefined ? { room: '101' } : { doorIds: where.doorIds },
  guest: personId === undefined ? NOBODY : { personId },
  from: undefined,
  until: { kind: 'date', date: '2026-03-01' },
});

/** In a property of the asker's own, with a door. */
function withOwnDoor(
  call: (core: Core, actor: Actor, ids: Ids, own: { propertyId: string; doorIds: string[] }) => Promise<unknown>,
): Call {
  return async (core, actor, ids) => {
    const input = { name: 'own', timeZone: 'UTC', region: 'eu', geofence: null };
    const { id: propertyId } = await core.estate.addProperty(actor, input);
    const door = await core.estate.addDoor(actor, { propertyId, floorId: null, name: '101' });
    return call(core, actor, ids, { propertyId, doorIds: [door.id] });
  };
}

const methods = Object.entries(TABLE).flatMap(([group, own]) =>
  Object.entries(own).map(([method, how]) => ({ name: `${group}.${method}`, how })),
);
const byId = methods.flatMap(({ name, how }) =>
  typeof how === 'string' || 'list' in how ? [] : how.map(([noun, call]) => ({ name, noun, call })),
);
const lists = methods.flatMap(({ name, how }) =>
  typeof how !== 'string' && 'list' in how ? [{ name, list: how.list }] : [],
);

/** Two organizations on one record: the hotel of the kit, and a stranger with an estate of its own. */
async function twoTenants(): Promise<{ world: World; other: Actor; ids: Ids }> {
  const world = await openWorld();
  const { core, owner, script } = world;
  const other = await stranger(world.store);
  const floor = await core.estate.addFloor(owner, { propertyId: world.propertyId, name: 'ground', level: 0 });
  const person = await core.persons.add(owner, {
    name: 'Desk',
    email: 'desk@hotel.test',
    role: 'front_desk',
    password: new Secret('twelve monkeys!'),
  });
  const token = await core.access.createToken(owner, { name: 'ci', scopes: ['estate:read'], expiresInS: 600 });
  const attempt = await core.attempts.operate(owner, world.door.id, 'unlock', undefined);
  await world.lockSays(outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf() }));
  // A gap in a lock's events is an alert.
  await world.lockSays({ kind: 'alarm', code: 'event_gap', detail: 'events are missing' });
  script.inputs.length = 0;
  const { identifier } = await core.locks.get(owner, world.lockId);
  await world.settled();
  const schedule = await core.schedules.add(owner, { propertyId: world.propertyId, name: 'office', ...ALWAYS });
  const scope = { kind: 'doors', doorIds: [world.door.id] } as const;
  const window = { notBefore: START_MS, notAfter: null };
  const { grant } = await core.grants.create(owner, { personId: person.id, scope, ...window });
  const mine = { organizationId: owner.organizationId, personId: owner.personId, createdAt: 1 };
  const address = { channel: 'email', address: 'op@home.test', verifiedAt: 1 } as const;
  const credential = { credentialId: 'x', publicKey: new Uint8Array(77), counter: 0, transports: [], lastUsedAt: null };
  await world.store.unit(async (tx) => {
    await tx.contacts.insert({ id: 'con_1', ...mine, ...address });
    await tx.passkeys.insert({ id: 'pk_1', ...mine, name: 'key', ...credential });
    const name = 'session';
    const expiresAt = START_MS + 86_400_000;
    await tx.tokens.insert({
      id: 'tok_1',
      ...mine,
      kind: 'session',
      name,
      hash: 'none',
      scopes: [],
      phoneId: null,
      expiresAt,
    });
  });
  await world.store.unit((tx) =>
    tx.access.phones.insert({
      id: 'phone_1',
      organizationId: owner.organizationId,
      personId: person.id,
      kind: 'phone',
      publicKey: new Uint8Array(65),
      name: 'phone',
      state: 'active',
      lostAt: null,
      signsIn: false,
      createdAt: START_MS,
    }),
  );
  const stay = await core.stays.reserve(owner, stayFor({ propertyId: world.propertyId }, person.id));
  await core.grants.create(owner, { personId: owner.personId, scope, ...window });
  const visit = { name: 'Visitor 1', doorIds: [world.door.id], notAfter: START_MS + 3_600_000 };
  const { visitor } = await core.visitors.invite(owner, visit);
  const [alert] = await core.alerts.list(owner, {}, page);
  const [event] = await core.events.list(owner, {}, page);
  return {
    world,
    other,
    ids: {
      property: world.propertyId,
      floor: floor.id,
      door: world.door.id,
      lock: world.lockId,
      identifier,
      gateway: world.gatewayId,
      person: person.id,
      attempt: attempt.id,
      token: token.stored.id,
      alert: alert?.id ?? '',
      contact: 'con_1',
      passkey: 'pk_1',
      session: 'tok_1',
      grant: grant.id,
      schedule: schedule.schedule.id,
      stay: stay.id,
      phone: 'phone_1',
      visitor: visitor.id,
      event: event!.id,
    },
  };
}

/** An id of the same shape that never was. */
const neverWas = (id: string): string => id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
const refusal = async (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    (answer) => ({ answered: answer }),
    ({ name, code, message, field }: { name: string; code: string; message: string; field?: string }) => ({
      name,
      code,
      message,
      field,
    }),
  );

describe('attack 36: tenants are strangers', () => {
  it.each(byId)(
    "$name with another organization's $noun: not found, in the words for one that never was",
    async ({ noun, call }) => {
      const { world, other, ids } = await twoTenants();
      const before = await recordOf(world.store, world.owner.organizationId);
      const sent = world.sent.length;
      const foreign = await refusal(() => call(world.core, other, ids));
      expect(foreign).toMatchObject({ name: 'CoreError', code: 'not_found' });
      const nobodys = await refusal(() => call(world.core, other, { ...ids, [noun]: neverWas(ids[noun]) }));
      expect(foreign).toEqual(nobodys);
      const told = JSON.stringify(foreign);
      for (const id of Object.values(ids)) expect(told).not.toContain(id);
      await world.settled();
      expect(await recordOf(world.store, world.owner.organizationId)).toEqual(before);
      expect(world.sent).toHaveLength(sent);
      expect(world.script.inputs).toEqual([]);
    },
  );

  it.each(
    byId.filter(
      ({ name, noun }) =>
        !/drawPlan door|getDrawing|removeDrawing|changeDoor floor|methods|pins|phones\.[^g]|stays\.[^g]|visitors|modes|remove|erase|add|invite|reset|create|confirm|explain|notices|schedules.change|grants.change|enrol|operate|setTime|locks.chain|statistics|radio/.test(
          `${name} ${noun}`,
        ),
    ),
  )('$name finds it for the organization itself', async ({ call }) => {
    const { world, ids } = await twoTenants();
    expect(await call(world.core, world.owner, ids)).toMatchObject({ organizationId: world.owner.organizationId });
  });

  it.each(lists)('$name shows nothing foreign, filtered by a foreign id or not', async ({ list }) => {
    const { world, other, ids } = await twoTenants();
    expect((await list(world.core, world.owner, ids)).length).toBeGreaterThan(0);
    const none = { ...ids, property: neverWas(ids.property), door: neverWas(ids.door), identifier: 'C0FFEE0000FF' };
    const seen = await list(world.core, other, ids);
    expect(seen).toEqual(await list(world.core, other, none));
    const told = JSON.stringify(seen);
    for (const id of [...Object.values(ids), world.owner.organizationId]) expect(told).not.toContain(id);
  });

  it('lists without any filter, and cursors of foreign ids, show nothing foreign', async () => {
    const { world, other, ids } = await twoTenants();
    const { core, owner } = world;
    const after = (id: string) => ({ after: id, limit: 100 });
    const answers = [
      await core.estate.listFloors(other, undefined, page),
      await core.estate.listDoors(other, {}, page),
      await core.estate.listDoors(other, {}, after(ids.door)),
      await core.locks.list(other, {}, page),
      await core.events.list(other, { alertId: (await core.alerts.list(owner, {}, page))[0]?.id ?? '' }, page),
      await core.attempts.list(other, {}, page),
      await core.attempts.list(other, {}, after(neverWas(ids.attempt))),
      await core.events.list(other, {}, page),
      await core.gateways.list(other, after(ids.property)),
      await core.persons.list(other, after('')),
    ];
    const told = JSON.stringify(answers);
    for (const id of [...Object.values(ids), owner.organizationId, 'Hotel', 'hotel.test']) {
      expect(told).not.toContain(id);
    }
  });

  it("another organization's lock is as illegitimate as none, and cannot be enrolled at one's own door", async () => {
    const { world, other, ids } = await twoTenants();
    const { core } = world;
    const none = await core.locks.legitimacy(other, 'C0FFEE0000FF');
    expect(await core.locks.legitimacy(other, ids.identifier)).toEqual(none);
    expect(none).toEqual({ status: 1, reason: 'unknown' });
    const property = await core.estate.addProperty(other, { name: 'B', timeZone: 'UTC', region: 'eu', geofence: null });
    const door = await core.estate.addDoor(other, { propertyId: property.id, floorId: null, name: '1' });
    const enrol = (identifier: string) => refusal(() => core.locks.enrol(other, { doorId: door.id, identifier }));
    expect(await enrol(ids.identifier)).toMatchObject({ code: 'precondition_failed', field: 'identifier' });
    expect(await enrol(ids.identifier)).toEqual(await enrol('C0FFEE0000FF'));
  });

  it('follow() tells each its own, whatever happens at the other', async () => {
    const { world, other } = await twoTenants();
    const { core, owner } = world;
    const heard: Record<'owner' | 'other', Event[]> = { owner: [], other: [] };
    core.events.follow(owner, (event) => heard.owner.push(event));
    core.events.follow(other, (event) => heard.other.push(event));
    const attempt = await core.attempts.operate(owner, world.door.id, 'unlock', undefined);
    await world.lockSays(
      { kind: 'alarm', code: 'forged_message', detail: 'x' },
      outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf() }),
    );
    core.uplink.offline(world.gatewayId, 'timeout');
    await world.settled();
    await core.estate.addProperty(other, { name: 'B', timeZone: 'UTC', region: 'eu', geofence: null });
    const types = ({ type }: Event) => type;
    expect(heard.owner.map(types).sort()).toEqual(['alarm.forged_message', 'attempt.succeeded', 'gateway.offline']);
    expect(heard.other.map(types)).toEqual(['estate.property_added']);
  });

  it('a sign-in name that another organization has is free, and signs in to the organization that is named', async () => {
    const { world, other } = await twoTenants();
    const email = 'desk@hotel.test';
    const password = new Secret('quite another one');
    const twin = await world.core.persons.add(other, { name: 'X', email, role: 'guest', password });
    const into = (secret: Secret<string>, organizationId?: string) =>
      refusal(async () => (await world.core.access.signIn(email, secret, '192.0.2.1', organizationId)).person.id);
    const wrong = { code: 'bad_credentials' };
    expect(await into(password, other.organizationId)).toEqual({ answered: twin.id });
    expect(await into(password)).toMatchObject(wrong);
    expect(await into(new Secret('twelve monkeys!'), other.organizationId)).toMatchObject(wrong);
    expect(await into(password, 'org_0')).toEqual(await into(password));
    expect(await into(new Secret('twelve monkeys!'))).toMatchObject({ answered: expect.stringMatching(/^per_/) });
  });
});
