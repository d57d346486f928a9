import { describe, expect, it } from 'vitest';
import type { Grant, Moment, NewStay } from '../src/index.ts';
import { actorOf, openWorld, page, START_MS, stranger, type World } from './kit.ts';

const HOUR = 3_600_000;
const date = (text: string): Moment => ({ kind: 'date', date: text });

/** The kit's hotel with rooms 101 and 102, a lobby and a linen room. It is the 15th of January 2026, 13:00 in Berlin. */
async function hotel(): Promise<World & { readonly room2: string; readonly lobby: string; readonly linen: string }> {
  const world = await openWorld();
  const { core, owner, propertyId } = world;
  const add = async (name: string, kind: 'guest' | 'common' | 'staff') =>
    (await core.estate.addDoor(owner, { propertyId, floorId: null, name, kind })).id;
  return {
    ...world,
    room2: await add('102', 'guest'),
    lobby: await add('Lobby', 'common'),
    linen: await add('Linen', 'staff'),
  };
}

const ada = (change: Partial<NewStay> = {}): NewStay => ({
  propertyId: undefined,
  rooms: { room: '101' },
  guest: { name: 'Ada', contact: 'ada@example.net' },
  from: undefined,
  until: date('2026-01-18'),
  ...change,
});

const shape = ({ scope, series, notAfter, personId, methods, operations }: Grant) => ({
  doors: scope.kind === 'doors' ? scope.doorIds : [],
  series,
  notAfter,
  personId,
  methods,
  operations,
});

describe('check in', () => {
  it('takes room, name, until and contact, and gives keys to the room and to the doors that guests share', async () => {
    const { core, owner, door, lobby } = await hotel();
    const { stay, grants } = await core.stays.checkInNow(owner, ada(), {});
    const until = Date.UTC(2026, 0, 18, 10); // 11:00 in Berlin
    expect(stay).toMatchObject({
      state: 'checked_in',
      doorIds: [door.id],
      fromAt: START_MS,
      toAt: until,
      source: 'desk',
    });
    const key = { notAfter: until, personId: stay.personId, methods: ['mobile_key'], operations: ['unlock', 'lock'] };
    expect(grants.map(shape)).toEqual([
      { ...key, doors: [door.id], series: 1 },
      { ...key, doors: [lobby], series: 5 },
    ]);
    const person = await core.persons.get(owner, stay.personId);
    expect(person).toMatchObject({ name: 'Ada', email: 'ada@example.net', role: 'guest' });
  });

  it('knows a guest again by the address, and asks when the name is another', async () => {
    const { core, owner } = await hotel();
    const first = await core.stays.checkInNow(owner, ada(), {});
    await core.stays.checkOut(owner, first.stay.id);
    const again = await core.stays.checkInNow(owner, ada({ guest: { name: ' ada', contact: 'ADA@example.net' } }), {});
    expect(again.stay.personId).toBe(first.stay.personId);
    const other = ada({ rooms: { room: '102' }, guest: { name: 'Bo', contact: 'ada@example.net' } });
    await expect(core.stays.checkInNow(owner, other, {})).rejects.toMatchObject({ code: 'conflict', field: 'contact' });
  });

  it('takes a guest without an address', async () => {
    const { core, owner } = await hotel();
    const { stay } = await core.stays.checkInNow(owner, ada({ guest: { name: 'Cy', contact: null } }), {
      methods: ['pin'],
    });
    expect((await core.persons.get(owner, stay.personId)).email).toMatch(/@guest\.invalid$/);
    expect((await core.grants.list(owner, { stayId: stay.id }, page)).map(({ methods }) => methods)).toEqual([
      ['pin'],
      ['pin'],
    ]);
  });

  it('refuses a room that somebody has for longer, and takes it only when told to', async () => {
    const { core, owner } = await hotel();
    const first = await core.stays.checkInNow(owner, ada(), {});
    const bo = ada({ guest: { name: 'Bo', contact: null }, until: date('2026-01-16') });
    await expect(core.stays.checkInNow(owner, bo, {})).rejects.toMatchObject({ code: 'conflict', field: 'room' });
    const second = await core.stays.checkInNow(owner, bo, { replace: true });
    expect(second.stay.state).toBe('checked_in');
    expect((await core.stays.get(owner, first.stay.id)).state).toBe('checked_out');
    const states = (await core.grants.list(owner, { stayId: first.stay.id }, page)).map(({ state }) => state);
    expect(states).toEqual(['revoked', 'revoked']);
  });

  it.each([
    ['a room that is not there', { rooms: { room: '999' } }, 'room'],
    ["staff's door", { rooms: { room: 'Linen' } }, 'room'],
    ['no room at all', { rooms: { doorIds: [] } }, 'door_ids'],
    ['an end that has passed', { until: date('2026-01-14') }, 'until'],
    ['more than a year', { until: date('2027-06-01') }, 'until'],
    ['no name', { guest: { name: ' ', contact: null } }, 'name'],
    ['no address', { guest: { name: 'Ada', contact: 'ada' } }, 'contact'],
  ] as const)('refuses %s, and leaves nothing of it', async (_, change, field) => {
    const { core, owner } = await hotel();
    const before = await core.persons.list(owner, page);
    await expect(core.stays.checkInNow(owner, ada(change), {})).rejects.toMatchObject({ code: 'invalid', field });
    expect(await core.stays.list(owner, {}, page)).toEqual([]);
    expect(await core.persons.list(owner, page)).toEqual(before);
  });

  it('is for the desk and not for guests, cleaners or another organization', async () => {
    const { core, owner, store } = await hotel();
    const { stay } = await core.stays.checkInNow(owner, ada(), {});
    for (const role of ['guest', 'resident', 'cleaner', 'maintenance'] as const) {
      const actor = actorOf(owner.organizationId, owner.personId, role);
      await expect(core.stays.checkOut(actor, stay.id)).rejects.toMatchObject({ code: 'not_permitted' });
    }
    await expect(core.stays.checkOut(await stranger(store), stay.id)).rejects.toMatchObject({ code: 'not_found' });
    const desk = actorOf(owner.organizationId, owner.personId, 'front_desk');
    expect((await core.stays.checkOut(desk, stay.id)).stay.state).toBe('checked_out');
  });
});

describe('the other verbs', () => {
  it('duplicate gives the same key to another person, and nothing anew to one who has it', async () => {
    const { core, owner, door, lobby } = await hotel();
    const { stay, grants } = await core.stays.checkInNow(owner, ada(), { methods: ['mobile_key', 'card'] });
    const after = await core.stays.duplicate(owner, stay.id, { name: 'Bo', contact: null });
    expect(after.grants).toHaveLength(4);
    const [room, common] = after.grants.slice(2);
    expect(room && shape(room)).toMatchObject({ doors: [door.id], series: 1, methods: ['mobile_key', 'card'] });
    expect(common && shape(common)).toMatchObject({ doors: [lobby], series: 5, notAfter: stay.toAt });
    const own = await core.stays.duplicate(owner, stay.id, { personId: stay.personId });
    expect(own.grants.slice(0, 2)).toEqual(grants);
    expect(own.grants).toHaveLength(4);
  });

  it('extend moves the end of every key of the stay, unless the room is somebody else’s by then', async () => {
    const { core, owner } = await hotel();
    const { stay } = await core.stays.checkInNow(owner, ada(), {});
    await core.stays.duplicate(owner, stay.id, { name: 'Bo', contact: null });
    await core.stays.reserve(
      owner,
      ada({ from: date('2026-01-20'), until: date('2026-01-22'), guest: { name: 'Cy', contact: null } }),
    );
    const { grants } = await core.stays.extend(owner, stay.id, date('2026-01-20'));
    expect(new Set(grants.map(({ notAfter }) => notAfter))).toEqual(new Set([Date.UTC(2026, 0, 20, 10)]));
    await expect(core.stays.extend(owner, stay.id, date('2026-01-21'))).rejects.toMatchObject({ code: 'conflict' });
    const earlier = await core.stays.extend(owner, stay.id, date('2026-01-16'));
    expect(earlier.grants).toHaveLength(4);
    expect(earlier.stay.toAt).toBe(Date.UTC(2026, 0, 16, 10));
  });

  it('move ends the keys of the old room, gives everybody one to the new, and leaves the doors that are shared', async () => {
    const { core, owner, door, room2 } = await hotel();
    const { stay } = await core.stays.checkInNow(owner, ada(), { methods: ['card'] });
    const { grants: before } = await core.stays.duplicate(owner, stay.id, { name: 'Bo', contact: null });
    const after = await core.stays.move(owner, stay.id, { room: '102' });
    expect(after.stay.doorIds).toEqual([room2]);
    const common = before.filter(({ series }) => series === 5);
    const rooms = after.grants.filter(({ series }) => series === 1);
    expect(after.grants.filter(({ series }) => series === 5)).toEqual(common);
    expect(rooms.map(shape)).toMatchObject([
      { doors: [room2], personId: stay.personId, methods: ['card'] },
      { doors: [room2], methods: ['card'] },
    ]);
    expect((await core.grants.list(owner, { doorId: door.id }, page)).length).toBe(0);
    // The old room is free again.
    await core.stays.checkInNow(owner, ada({ guest: { name: 'Cy', contact: null } }), {});
    await expect(core.stays.move(owner, stay.id, { room: '101' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('check out ends every key at once; the same again is no mistake', async () => {
    const { core, owner } = await hotel();
    const { stay } = await core.stays.checkInNow(owner, ada(), {});
    await core.stays.duplicate(owner, stay.id, { name: 'Bo', contact: null });
    expect((await core.stays.checkOut(owner, stay.id)).grants).toEqual([]);
    expect((await core.stays.checkOut(owner, stay.id)).stay.state).toBe('checked_out');
    const all = await core.grants.list(owner, { stayId: stay.id }, page);
    expect(all.map(({ state }) => state)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
    await expect(core.stays.extend(owner, stay.id, date('2026-01-20'))).rejects.toMatchObject({
      code: 'precondition_failed',
    });
  });

  it('a reservation holds its room, is checked in early when the room is free, and cancelled while nobody came', async () => {
    const { core, owner } = await hotel();
    const guest = { name: 'Cy', contact: null };
    const soon = await core.stays.reserve(owner, ada({ from: date('2026-01-16'), guest }));
    expect(soon).toMatchObject({ state: 'reserved', fromAt: Date.UTC(2026, 0, 16, 14) });
    await expect(core.stays.reserve(owner, ada({ from: date('2026-01-17') }))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await core.grants.list(owner, { stayId: soon.id }, page)).toEqual([]);
    const { stay } = await core.stays.checkIn(owner, soon.id, {});
    expect(stay).toMatchObject({ state: 'checked_in', fromAt: START_MS, checkedInAt: START_MS });
    await expect(core.stays.cancel(owner, soon.id)).rejects.toMatchObject({ code: 'precondition_failed' });
    const later = await core.stays.reserve(owner, ada({ from: date('2026-02-01'), until: date('2026-02-03'), guest }));
    expect((await core.stays.cancel(owner, later.id)).state).toBe('cancelled');
    await core.stays.reserve(owner, ada({ from: date('2026-02-01'), until: date('2026-02-03'), guest }));
  });

  it('a stay ends by its time; who never came is cancelled', async () => {
    const { core, owner, clock, settled } = await hotel();
    const { stay } = await core.stays.checkInNow(owner, ada({ until: date('2026-01-16') }), {});
    const guest = { name: 'Cy', contact: null };
    const missed = await core.stays.reserve(owner, ada({ rooms: { room: '102' }, until: date('2026-01-16'), guest }));
    await clock.advance(23 * HOUR);
    await settled();
    expect((await core.stays.get(owner, stay.id)).state).toBe('checked_out');
    expect((await core.stays.get(owner, missed.id)).state).toBe('cancelled');
    expect((await core.grants.list(owner, { stayId: stay.id, state: 'active' }, page)).length).toBe(0);
    const told = await core.events.list(owner, { type: 'stay.cancelled' }, page);
    expect(told.map(({ detail }) => detail.no_show)).toEqual([true]);
  });

  it('one-shot opens a door once within its hours, whatever the door is for', async () => {
    const { core, owner, propertyId, linen } = await hotel();
    const grant = await core.stays.oneShot(owner, {
      propertyId,
      rooms: { room: 'Linen' },
      guest: { name: 'Laundry', contact: null },
      withinHours: 2,
    });
    expect(grant).toMatchObject({ uses: 1, series: 4, notAfter: START_MS + 2 * HOUR, stayId: null });
    expect(grant.scope).toEqual({ kind: 'doors', doorIds: [linen] });
  });

  it('events of stays hold ids alone', async () => {
    const { core, owner } = await hotel();
    const { stay } = await core.stays.checkInNow(owner, ada(), {});
    await core.stays.duplicate(owner, stay.id, { name: 'Bo Secret', contact: '+49301234567' });
    await core.stays.move(owner, stay.id, { room: '102' });
    await core.stays.checkOut(owner, stay.id);
    const events = JSON.stringify(await core.events.list(owner, {}, page));
    for (const word of ['Ada', 'ada@', 'Bo', '+49']) expect(events).not.toContain(word);
  });
});

describe('reservations of a file', () => {
  const HEADING = 'reference,room,name,arrival,departure,contact,status';
  const csv = (...rows: readonly string[]): string => [HEADING, ...rows].join('\n');
  const A = 'A,101,Ada,2026-01-20,2026-01-22,ada@example.net,';
  const B = 'B,102,Bo,2026-01-20,2026-01-22,,';

  const run = async (world: World, file: string, dryRun = false) =>
    (await world.core.stays.import(world.owner, { propertyId: undefined, format: 'csv', file, dryRun })).lines;
  const results = (lines: Awaited<ReturnType<typeof run>>) => lines.map(({ line, result }) => `${line} ${result}`);

  it('become stays once, however often the file comes', async () => {
    const world = await hotel();
    expect(results(await run(world, csv(A, B)))).toEqual(['2 added', '3 added']);
    expect(results(await run(world, csv(A, B)))).toEqual(['2 unchanged', '3 unchanged']);
    const stays = await world.core.stays.list(world.owner, {}, page);
    expect(stays).toMatchObject([
      {
        reference: 'A',
        state: 'reserved',
        source: 'csv',
        fromAt: Date.UTC(2026, 0, 20, 14),
        toAt: Date.UTC(2026, 0, 22, 10),
      },
      { reference: 'B', state: 'reserved' },
    ]);
  });

  it('a line that is refused leaves nobody behind, however often the file comes', async () => {
    const world = await hotel();
    const file = csv(A, 'C,101,Cy,2026-01-21,2026-01-23,,');
    for (let n = 0; n < 2; n++) expect(results(await run(world, file))[1]).toBe('3 refused');
    const names = (await world.core.persons.list(world.owner, page)).map(({ name }) => name);
    expect(names).toContain('Ada');
    expect(names).not.toContain('Cy');
  });

  it('a dry run tells the same and leaves nothing, not even an event', async () => {
    const world = await hotel();
    const { core, owner } = world;
    const before = [await core.persons.list(owner, page), await core.events.list(owner, {}, page)];
    const clash = 'C,101,Cy,2026-01-21,2026-01-23,,';
    // Beyond the lines that share a unit.
    const far = Array.from(
      { length: 40 },
      (_, n) =>
        `F${n},102,Fay,2026-03-${String((n % 28) + 1).padStart(2, '0')}T15:00,2026-03-${String((n % 28) + 1).padStart(2, '0')}T16:00,,`,
    );
    const file = csv(A, ...far.slice(0, 28), clash);
    const dry = await run(world, file, true);
    expect([await core.persons.list(owner, page), await core.events.list(owner, {}, page)]).toEqual(before);
    expect(await core.stays.list(owner, {}, page)).toEqual([]);
    expect(results(dry)).toEqual(results(await run(world, file)));
    expect(dry.at(-1)).toMatchObject({ result: 'refused', field: 'room' });
  });

  it('a moved date moves the stay, another room moves it too, a cancellation cancels it', async () => {
    const world = await hotel();
    const { core, owner, room2 } = world;
    await run(world, csv(A));
    expect(results(await run(world, csv('A,101,Ada,2026-01-20,2026-01-25,ada@example.net,')))).toEqual(['2 changed']);
    expect(results(await run(world, csv('A,102,Ada,2026-02-20,2026-02-25,ada@example.net,')))).toEqual(['2 changed']);
    expect(await core.stays.list(owner, {}, page)).toMatchObject([
      { doorIds: [room2], fromAt: Date.UTC(2026, 1, 20, 14), toAt: Date.UTC(2026, 1, 25, 10) },
    ]);
    expect(results(await run(world, csv('A,,,,,,cancelled', 'X,,,,,,cancelled')))).toEqual([
      '2 cancelled',
      '3 unchanged',
    ]);
    expect(results(await run(world, csv(A)))).toEqual(['2 added']);
    expect((await core.stays.list(owner, { state: 'reserved' }, page)).map(({ reference }) => reference)).toEqual([
      'A',
    ]);
  });

  it('a guest who is in the room keeps it: the end moves with the keys, the rest is for the desk', async () => {
    const world = await hotel();
    const { core, owner } = world;
    const file = (until: string, room = '101') => csv(`A,${room},Ada,2026-01-15T12:00,${until},ada@example.net,`);
    await run(world, file('2026-01-18'));
    const [stay] = await core.stays.list(owner, {}, page);
    await core.stays.checkIn(owner, stay?.id ?? '', {});
    expect(results(await run(world, file('2026-01-19')))).toEqual(['2 changed']);
    const grants = await core.grants.list(owner, { stayId: stay?.id ?? '' }, page);
    expect(new Set(grants.map(({ notAfter }) => notAfter))).toEqual(new Set([Date.UTC(2026, 0, 19, 10)]));
    expect(await run(world, file('2026-01-19', '102'))).toMatchObject([{ result: 'refused', field: 'room' }]);
    expect(await run(world, csv('A,,,,,,cancelled'))).toMatchObject([{ result: 'refused', field: 'status' }]);
  });

  it('names the line and field of what is refused, and does the rest', async () => {
    const world = await hotel();
    const lines = await run(
      world,
      csv(
        'A,999,Ada,2026-01-20,2026-01-22,,',
        '=1,101,Ada,2026-01-20,2026-01-22,,',
        B,
        'C,Lobby,Cy,2026-01-20,2026-01-22,,',
        'D,101,Di,2026-01-20,2026-01-19,,',
        'E,101,Ed,2026-01-20,2026-01-22,nonsense,',
      ),
    );
    expect(lines.map(({ line, result, field }) => [line, result, field])).toEqual([
      [2, 'refused', 'room'],
      [3, 'refused', 'reference'],
      [4, 'added', null],
      [5, 'refused', 'room'],
      [6, 'refused', 'until'],
      [7, 'refused', 'contact'],
    ]);
  });
});
