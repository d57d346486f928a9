import type { DoorKey } from '@cardea/client-key';
import { alteredKey, type Guest, guestAt, settled } from '@cardea/twin-attacks';
import { createDemoEstate, type Estate } from '@cardea/twin-building';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// Each key is held by a phone that was altered: in its own copy nothing ends. The server is away, the lock decides.

const HOUR_MS = 3_600_000;
const page = { after: undefined, limit: 100 } as const;

let estate: Estate;
let guest: Guest;
let key: DoorKey;

beforeEach(async () => {
  let kept = 0;
  estate = await createDemoEstate({ seed: 12, keep: ({ maker }) => maker === 'cardea' && kept++ < 2 });
  await estate.enrolAll();
  await settled(estate);
  guest = await guestAt(estate, '101');
  key = await keyFor(guest, { notAfter: wholeS(estate.clock.now() + 24 * HOUR_MS) });
  expect(await opens(guest)).toBe(true);
});
afterEach(() => estate.stop());

const wholeS = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** A grant for the guest's door, and its key in the guest's phone. */
async function keyFor({ personId, door, phone }: Guest, more: object): Promise<DoorKey> {
  const { core, owner } = estate.ras;
  const notBefore = wholeS(estate.clock.now() - HOUR_MS);
  const scope = { kind: 'doors', doorIds: [estate.doorId(door)] } as const;
  await core.grants.create(owner, { personId, scope, notBefore, notAfter: null, ...more });
  await settled(estate);
  const { keys } = await core.phones.keys(owner, phone.phoneId ?? '');
  const newest = keys.at(-1);
  if (newest === undefined) throw new Error('no key was given');
  await phone.replaceKeys([alteredKey(newest)]);
  return alteredKey(newest);
}

/** Whether the bolt of the guest's door moves for a tap, with the server away. */
async function opens({ phone, door }: Pick<Guest, 'phone' | 'door'>, at = door): Promise<boolean> {
  const before = estate.lock(at).view().opens;
  let over = false;
  const end = (): void => {
    over = true;
  };
  phone.tap(door, 'unlock').then(end, end);
  await estate.clock.runUntil(() => over, HOUR_MS);
  await estate.clock.advance(15_000);
  return estate.lock(at).view().opens > before;
}

describe('a key that is presented at the door, the server away', () => {
  beforeEach(() => estate.cutUplink(true));

  it('copied to another phone: refused, and still good in its own', async () => {
    const thief = await estate.phone('thief');
    await thief.enrolled('phone_thief');
    await thief.replaceKeys([key]);
    expect(await opens({ phone: thief, door: '101' })).toBe(false);
    expect(await opens(guest)).toBe(true);
  });

  it('of the wrong phone, whose private key was stolen instead of the grant: refused without the presentation key', async () => {
    const stolen = await estate.phone('stolen', { key: guest.phone.key });
    await stolen.enrolled('phone_stolen');
    await stolen.replaceKeys([{ ...key, airGrantId: key.airGrantId.map((octet) => octet ^ 1) }]);
    expect(await opens({ phone: stolen, door: '101' })).toBe(false);
  });

  it('altered in any octet of the sealed grant: refused', async () => {
    for (let at = 0; at < key.grant.length; at += 19) {
      const grant = key.grant.slice();
      grant[at] = (grant[at] ?? 0) ^ 0x10;
      await guest.phone.replaceKeys([{ ...key, grant }]);
      expect(await opens(guest), `octet ${at}`).toBe(false);
    }
    await guest.phone.replaceKeys([key]);
    expect(await opens(guest)).toBe(true);
  });

  it('expired: refused once its lease is over by the lock', async () => {
    await estate.clock.advance(25 * HOUR_MS);
    expect(await opens(guest)).toBe(false);
  });

  it('at the wrong door: refused there, though the phone is told that it is this one', async () => {
    const neighbour = await guestAt(estate, '102');
    // The neighbour's own key tells how the lock of 102 is found; the grant in it is for 101.
    estate.mendUplink();
    await estate.clock.runUntil(() => estate.gateway.online, HOUR_MS);
    const found = await keyFor(neighbour, {});
    estate.cutUplink(true);
    expect(await opens(neighbour)).toBe(true);
    const { identifier, advertisementKey, presentationKey, doorId, doorName } = found;
    for (const more of [
      { identifier, advertisementKey },
      { identifier, advertisementKey, presentationKey },
    ]) {
      await guest.phone.replaceKeys([{ ...key, ...more, doorId, doorName }]);
      expect(await opens({ phone: guest.phone, door: '102' })).toBe(false);
    }
    expect(estate.lock('102').view().opens).toBe(1);
  });

  it('of an old generation: refused after the first use of a key of the new one', async () => {
    estate.mendUplink();
    await estate.clock.runUntil(() => estate.gateway.online, HOUR_MS);
    const { core, owner } = estate.ras;
    const [property] = await core.estate.listProperties(owner, page);
    const next = await guestAt(estate, '101', 'next guest of 101');
    const stay = await core.stays.checkInNow(
      owner,
      {
        propertyId: property?.id,
        rooms: { doorIds: [estate.doorId('101')] },
        guest: { personId: next.personId },
        from: undefined,
        until: { kind: 'date', date: '2026-02-01' },
      },
      { methods: ['mobile_key'], replace: true },
    );
    expect(stay).toBeDefined();
    const { keys } = await core.phones.keys(owner, next.phone.phoneId ?? '');
    const newest = keys.at(-1);
    if (newest === undefined) throw new Error('the next guest has no key');
    await next.phone.replaceKeys([alteredKey(newest)]);
    estate.cutUplink(true);
    expect(await opens(next)).toBe(true);
    expect(await opens(guest)).toBe(false);
    expect(await opens(next)).toBe(true);
  });
});
