import type { Moment, Stay, StayAnswer } from '@cardea/server-core';
import { afterEach, expect, it } from 'vitest';
import { createDemoEstate, type Estate, phoneDesk, phoneKeyOf, type VirtualPhone } from '../src/index.ts';

const MINUTE_MS = 60_000;
const everything = { after: undefined, limit: 200 } as const;

let estate: Estate;
afterEach(() => estate?.stop());

/** A hotel of rooms 101 and 102 and the lobby 103, its locks bound and told where they are. */
async function openHotel(seed = 11): Promise<Estate> {
  let kept = 0;
  estate = await createDemoEstate({ seed, keep: ({ maker }) => maker === 'cardea' && kept++ < 3 });
  const { core, owner } = estate.ras;
  await core.estate.changeDoor(owner, estate.doorId('103'), { kind: 'common' });
  await estate.enrolAll();
  await settled();
  return estate;
}

/** Lets the server bring everything to the locks that it has for them. */
const settled = (): Promise<void> => estate.clock.advance(10 * MINUTE_MS);

const inDays = (days: number): Moment => ({
  kind: 'utc',
  ms: estate.clock.now() - (estate.clock.now() % 1000) + days * 86_400_000,
});

async function checkIn(name: string, room: string, replace = false): Promise<StayAnswer> {
  const { core, owner } = estate.ras;
  const input = { propertyId: undefined, rooms: { room }, guest: { name, contact: null }, from: undefined };
  return core.stays.checkInNow(owner, { ...input, until: inDays(2) }, { replace });
}

async function phoneOf(personId: string): Promise<VirtualPhone> {
  const phone = await estate.phone(`phone of ${personId}`);
  await phoneDesk(() => estate.ras.core, estate.ras.owner).enrol(phone, 'phone', personId);
  return phone;
}

/** Fetches the phone's keys, without the orders that they would carry to the lock. */
async function fetchKeys(phone: VirtualPhone): Promise<void> {
  const { keys } = await estate.ras.core.phones.keys(estate.ras.owner, phone.phoneId!);
  await phone.replaceKeys(keys.map((key) => ({ ...phoneKeyOf(key), order: undefined })));
}

/** What the lock says to the phone's key, and `nothing` where it does not know it at all. */
async function tap(phone: VirtualPhone, door: string, operation: 'unlock' | 'override' = 'unlock'): Promise<string> {
  let opening: Awaited<ReturnType<VirtualPhone['tap']>> | undefined;
  phone.tap(door, operation).then((one) => {
    opening = one;
  });
  await estate.clock.runUntil(() => opening !== undefined, MINUTE_MS);
  await estate.clock.advance(15_000);
  return opening?.kind === 'answered' ? opening.receipt.result : 'nothing';
}

async function guestWithPhone(name: string, room: string) {
  const answer = await checkIn(name, room);
  const phone = await phoneOf(answer.stay.personId);
  await fetchKeys(phone);
  return { stay: answer.stay, phone };
}

it("check in: the new guest's key, used once, ends the former guest's at a lock that nobody else can reach", async () => {
  await openHotel();
  const { core, owner } = estate.ras;
  const ada = await guestWithPhone('Ada', '101');
  const cy = await guestWithPhone('Cy', '102');
  expect([await tap(ada.phone, '101'), await tap(ada.phone, '103'), await tap(cy.phone, '103')]).toEqual([
    'done',
    'done',
    'done',
  ]);
  expect(await tap(ada.phone, '102')).toBe('nothing');
  // From here on the locks hear nothing of the server.
  estate.cutUplink(true);
  await estate.clock.advance(MINUTE_MS);
  const out = await core.stays.checkOut(owner, ada.stay.id);
  const room = out.endings.find(({ doorId }) => doorId === estate.doorId('101'));
  // What is shown is the truth: until then it may still open.
  expect(room?.ending).toMatchObject({ why: 'lease' });
  expect(room?.ending.at).toBeGreaterThan(estate.clock.now());
  const bo = await guestWithPhone('Bo', '101');
  expect(await tap(ada.phone, '101')).toBe('done');
  expect(await tap(bo.phone, '101')).toBe('done');
  expect(await tap(ada.phone, '101')).toBe('revoked');
  expect(await tap(bo.phone, '101')).toBe('done');
  // A check-in touches the room alone: who stays in another one goes on through the lobby.
  expect([await tap(bo.phone, '103'), await tap(cy.phone, '103'), await tap(cy.phone, '102')]).toEqual([
    'done',
    'done',
    'done',
  ]);
});

it('check out and move: by gateway the old keys end at the locks, and the answer says when', async () => {
  await openHotel(12);
  const { core, owner } = estate.ras;
  const ada = await guestWithPhone('Ada', '101');
  const also = await core.stays.duplicate(owner, ada.stay.id, { name: 'Al', contact: null });
  const second = also.grants.find(({ personId }) => personId !== ada.stay.personId)!;
  const phone = await phoneOf(second.personId);
  await fetchKeys(phone);
  expect([await tap(ada.phone, '101'), await tap(phone, '101')]).toEqual(['done', 'done']);
  await core.stays.move(owner, ada.stay.id, { room: '102' });
  await settled();
  expect([await tap(ada.phone, '101'), await tap(phone, '101')]).toEqual(['revoked', 'revoked']);
  await fetchKeys(ada.phone);
  await fetchKeys(phone);
  expect([await tap(ada.phone, '102'), await tap(phone, '102'), await tap(phone, '103')]).toEqual([
    'done',
    'done',
    'done',
  ]);
  await core.stays.checkOut(owner, ada.stay.id);
  await settled();
  const { endings } = await core.stays.checkOut(owner, ada.stay.id);
  expect(endings).toEqual([]);
  for (const at of ['102', '103']) expect(await tap(ada.phone, at)).toBe('revoked');
  expect((await stayOf(ada.stay.id)).state).toBe('checked_out');
});

it('passage stays unlocked and lockdown opens for nobody, by the word of the lock; the override does', async () => {
  await openHotel(13);
  const { core, owner } = estate.ras;
  const ada = await guestWithPhone('Ada', '101');
  const set = async (mode: 'normal' | 'passage' | 'lockdown') =>
    (await estate.end(await core.modes.set(owner, estate.doorId('101'), mode, null))).state;
  const bolt = async () => (await estate.operate('101', 'status')).receipt?.attributes.bolt;
  expect(await set('passage')).toBe('succeeded');
  await estate.clock.advance(10 * MINUTE_MS);
  expect(await bolt()).toBe('unlocked');
  expect(await set('lockdown')).toBe('succeeded');
  await estate.clock.advance(MINUTE_MS);
  expect(await bolt()).toBe('locked');
  expect(await tap(ada.phone, '101')).toBe('lockdown');
  expect(await estate.operate('101', 'unlock')).toMatchObject({ state: 'failed', reason: 'lockdown' });
  const over = await estate.end(await core.modes.override(owner, estate.doorId('101'), 'smoke', undefined));
  expect(over).toMatchObject({ state: 'succeeded', receipt: { attributes: { bolt: 'unlocked' } } });
  await estate.clock.advance(10 * MINUTE_MS);
  const told = await core.events.list(owner, { type: 'lock.override_unlocked' }, everything);
  expect(told).toHaveLength(1);
  // Passage opened by itself, and nobody takes that for an opening that nobody asked for.
  const alerts = await core.alerts.list(owner, {}, everything);
  expect(alerts.map(({ rule }) => rule)).toEqual(['override_used']);
  expect(await set('normal')).toBe('succeeded');
  expect(await tap(ada.phone, '101')).toBe('done');
});

it('privacy keeps staff out by every way but the override', async () => {
  await openHotel(14);
  const { core, owner } = estate.ras;
  estate.lock('101').privacy(true);
  expect(await estate.operate('101', 'unlock')).toMatchObject({ state: 'failed', reason: 'privacy' });
  const over = await estate.end(await core.modes.override(owner, estate.doorId('101'), 'a call for help', undefined));
  expect(over).toMatchObject({ state: 'succeeded', receipt: { attributes: { bolt: 'unlocked' } } });
});

it('lockdown of the property: each door by its own lock, and one that cannot be reached is shown as such', async () => {
  await openHotel(15);
  const { core, owner } = estate.ras;
  const [property] = await core.estate.listProperties(owner, everything);
  const range = (value: 'in' | 'out') => estate.medium.setFaults(estate.identity('102').identifier, { range: value });
  range('out');
  await estate.clock.advance(MINUTE_MS);
  const started = await core.modes.setAll(owner, property!.id, 'lockdown', null);
  await estate.clock.advance(6 * MINUTE_MS);
  const modes = await core.modes.list(owner, property!.id, everything);
  expect(started.map(({ attempt }) => attempt?.operation)).toEqual(['set_lockdown', 'set_lockdown', 'set_lockdown']);
  expect(modes.map(({ door, known }) => [door.name, known?.mode])).toEqual([
    ['101', 'lockdown'],
    ['102', 'normal'],
    ['103', 'lockdown'],
  ]);
  expect(modes[1]?.asked).toMatchObject({ mode: 'lockdown', attempt: { receipt: null } });
  // Back in range, the same again asks the missing door alone.
  range('in');
  await estate.clock.advance(MINUTE_MS);
  const again = await core.modes.setAll(owner, property!.id, 'lockdown', null);
  expect(again.map(({ reason }) => reason)).toEqual(['confirmed', null, 'confirmed']);
  await estate.clock.advance(MINUTE_MS);
  const after = await core.modes.list(owner, property!.id, everything);
  expect(after.map(({ known }) => known?.mode)).toEqual(['lockdown', 'lockdown', 'lockdown']);
});

const stayOf = (id: string): Promise<Stay> => estate.ras.core.stays.get(estate.ras.owner, id);
