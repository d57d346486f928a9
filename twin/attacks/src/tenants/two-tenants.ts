import { generateP256, seededRandom, settle, signP256 } from '@cardea/kit-node';
import { concat, fromAscii, toHex } from '@cardea/kit-octets';
import { createVirtualClock, type Random, Secret, type VirtualClock } from '@cardea/kit-runtime';
import type { Actor, Core, Store, Transaction } from '@cardea/server-core';
import { createTwinRas, type TwinRas } from '@cardea/twin-building';
import { openTwinDoor, type TwinDoor } from '../twin-door.ts';
import { makersParcel } from './makers-parcel.ts';
import { type WatchedStore, watchStore, withoutOwners } from './watched-store.ts';

/** One organization with something of every noun. */
export interface Tenant {
  readonly actor: Actor;
  readonly token: string;
  readonly email: string;
  readonly password: string;
  /** An id of each noun that a request can name. */
  readonly ids: Readonly<Record<string, string>>;
  /** Words that only this organization's things hold. */
  readonly words: readonly string[];
}

/** The installation's own organization and a second one, behind one HTTP door over one record. */
export interface TwoTenants {
  readonly ras: TwinRas;
  readonly clock: VirtualClock;
  readonly app: TwinDoor;
  readonly store: WatchedStore;
  /** Faults that reached the virtual locks. */
  readonly faults: unknown[];
  readonly first: Tenant;
  readonly second: Tenant;
  close(): Promise<void>;
}

/** Longer than any attempt lives. */
const ALL_OVER_MS = 180_000;

/** Builds both. With `forgetful` the store does not ask whose a row is. */
export async function twoTenants(seed: number, forgetful: boolean): Promise<TwoTenants> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1), settle);
  const random = seededRandom(`attack 36 ${seed}`);
  let watched: WatchedStore | undefined;
  const ras = await createTwinRas({
    clock,
    random,
    throughStore(store) {
      watched = watchStore(store, forgetful ? withoutOwners : undefined);
      return watched.store;
    },
  });
  if (watched === undefined) throw new Error('the RAS did not take the store');
  const store = watched;
  const faults: unknown[] = [];
  const app = openTwinDoor(ras, { clock, random, sim: { apply: async (command) => void faults.push(command) } });
  const first = await furnish(ras.core, ras.store, random, ras.owner, 'Alder', 'C0FFEE0000A');
  const founded = await ras.core.organizations.add(ras.owner, {
    name: 'Second Inn',
    ownerName: 'Owner',
    ownerEmail: 'owner@birch.invalid',
  });
  const actor = await signedIn(ras.core, 'owner@birch.invalid', founded.password, founded.organization.id);
  const second = await furnish(ras.core, ras.store, random, actor, 'Birch', 'C0FFEE0000B');
  await clock.advance(ALL_OVER_MS);
  // The first POST of an organization counts the keys that are kept of it.
  for (const { token } of [first, second]) {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'the-first' };
    await app.inject({ method: 'POST', url: '/v1/tokens', headers, payload: {} });
    const payload = { name: 'first', scopes: ['estate:read'], expires_in_s: 60 };
    await app.inject({ method: 'POST', url: '/v1/tokens', headers, payload });
  }
  return {
    ras,
    clock,
    app,
    store,
    faults,
    first,
    second,
    async close() {
      await app.close();
      await ras.stop();
    },
  };
}

/** Signs in, changes the password that somebody else chose, and signs in again. */
async function signedIn(core: Core, email: string, given: Secret<string>, organizationId: string): Promise<Actor> {
  const session = await core.access.signIn(email, given, 'home', organizationId);
  const own = new Secret(`own passphrase of ${organizationId}`);
  await core.access.changePassword(await core.access.authenticate(session.token), given, own);
  return core.access.authenticate((await core.access.signIn(email, own, 'home', organizationId)).token);
}

/** Gives an organization one thing of every noun, with `word` in every name. */
async function furnish(
  core: Core,
  store: Store,
  random: Random,
  actor: Actor,
  word: string,
  mac: string,
): Promise<Tenant> {
  const property = await core.estate.addProperty(actor, {
    name: `${word} House`,
    timeZone: 'Europe/Berlin',
    region: 'eu',
    geofence: null,
  });
  const propertyId = property.id;
  const floor = await core.estate.addFloor(actor, { propertyId, name: `${word} ground`, level: 0 });
  const door = await core.estate.addDoor(actor, { propertyId, floorId: floor.id, name: `${word} 101` });
  await core.locks.importManifest(actor, await makersParcel(random, [`${mac}1`, `${mac}2`]));
  const [lock, spare] = await core.locks.list(actor, {}, { after: undefined, limit: 2 });
  if (lock === undefined || spare === undefined) throw new Error('the manifest brought no locks');
  // An attempt at the door, which no gateway carries: it expires before anything is tried.
  const attempt = await core.locks.enrol(actor, { doorId: door.id, identifier: spare.identifier });
  const { gateway, enrolmentToken } = await core.gateways.add(actor, { propertyId, name: `${word} hall` });
  await core.gateways.enrol(enrolmentToken);
  const email = `desk@${word.toLowerCase()}.invalid`;
  const given = new Secret('a first passphrase');
  const person = await core.persons.add(actor, { name: `${word} Desk`, email, role: 'owner', password: given });
  const desk = await signedIn(core, email, given, actor.organizationId);
  const created = await core.access.createToken(desk, {
    name: `${word} program`,
    scopes: desk.scopes,
    expiresInS: 86_400,
  });
  const [event] = await core.events.list(actor, {}, { after: undefined, limit: 1 });
  // A gateway that comes and goes is an alert.
  for (let times = 0; times < 5; times++) {
    await core.uplink.online(gateway.id);
    core.uplink.lost(gateway.id, 'timeout');
    core.uplink.offline(gateway.id, 'timeout');
    for (let turns = 0; turns < 10; turns++) await settle();
  }
  const [alert] = await core.alerts.list(actor, {}, { after: undefined, limit: 1 });
  if (alert === undefined) throw new Error('the monitor did not see a gateway flap');
  const access = await furnishAccess(core, store, random, { desk, owner: actor }, word, {
    propertyId,
    doorId: door.id,
  });
  return {
    actor: desk,
    token: created.token.reveal(),
    email,
    password: `own passphrase of ${actor.organizationId}`,
    ids: {
      organization: actor.organizationId,
      property: propertyId,
      floor: floor.id,
      door: door.id,
      lock: lock.id,
      identifier: lock.identifier,
      gateway: gateway.id,
      person: person.id,
      token: created.stored.id,
      attempt: attempt.id,
      event: event?.id ?? '',
      // A notice is an event.
      notice: event?.id ?? '',
      alert: alert.id,
      head: (await core.audit.head(desk)).id,
      ...access,
    },
    words: [word, word.toLowerCase()],
  };
}

/** Adds one of each noun of access and of a person's own. */
async function furnishAccess(
  core: Core,
  store: Store,
  random: Random,
  { desk: actor, owner }: { readonly desk: Actor; readonly owner: Actor },
  word: string,
  { propertyId, doorId }: { readonly propertyId: string; readonly doorId: string },
): Promise<Readonly<Record<string, string>>> {
  const { organizationId, personId } = actor;
  const lists = { weekly: [], holidays: [], exceptions: [] };
  const { schedule } = await core.schedules.add(actor, { propertyId, name: `${word} hours`, ...lists });
  const notBefore = Date.UTC(2026, 0, 1);
  const { grant } = await core.grants.create(actor, {
    personId,
    scope: { kind: 'doors', doorIds: [doorId] },
    notBefore,
    notAfter: null,
    methods: ['mobile_key', 'pin'],
  });
  const { visitor } = await core.visitors.invite(actor, {
    name: `${word} visitor`,
    doorIds: [doorId],
    notBefore,
    notAfter: notBefore + 30 * 86_400_000,
  });
  const stay = await core.stays.reserve(actor, {
    propertyId,
    rooms: { doorIds: [doorId] },
    guest: { personId },
    from: undefined,
    until: { kind: 'date', date: '2026-03-01' },
  });
  await core.stays.checkIn(actor, stay.id, { methods: ['mobile_key'] });
  const [stayGrant] = await core.grants.list(actor, { stayId: stay.id }, { after: undefined, limit: 1 });
  const pair = generateP256();
  const { challenge } = await core.phones.challenge(actor);
  const signature = signP256(pair.privateKey, concat(fromAscii('cardea-phone-1'), challenge, pair.publicKey));
  const phone = await core.phones.enrol(actor, {
    kind: 'phone',
    name: `${word} phone`,
    publicKey: pair.publicKey,
    challenge,
    signature,
  });
  // What it takes mail or an authenticator to get is put into the record as it would be.
  const id = (prefix: string): string => `${prefix}_${toHex(random.octets(16))}`;
  const address = { channel: 'email', address: `${word.toLowerCase()}@own.invalid` } as const;
  const mine = { organizationId, personId, createdAt: notBefore };
  const ids = { contact: id('con'), passkey: id('pk'), verification: id('ver'), step: id('step') };
  const expiresAt = notBefore + 30 * 86_400_000;
  await store.unit(async (tx) => {
    await tx.contacts.insert({ id: ids.contact, ...mine, ...address, verifiedAt: notBefore });
    await tx.passkeys.insert({
      // Another's of the same organization: who has one signs in by two steps.
      ...{
        id: ids.passkey,
        ...mine,
        personId: owner.personId,
        name: `${word} key`,
        credentialId: ids.passkey,
        publicKey: random.octets(77),
      },
      ...{ counter: 0, transports: [], lastUsedAt: null },
    });
    await tx.verifications.insert({
      ...{ id: ids.verification, ...mine, ...address, purpose: 'recovery', name: null, codeHash: random.octets(32) },
      ...{ triesLeft: 5, expiresAt },
    });
    await tx.signInSteps.insert({
      ...{ id: ids.step, ...mine, purpose: 'passkey-registration', hash: actor.tokenId, challenge: ids.step },
      ...{ account: '', device: 'home', triesLeft: 5, expiresAt },
    });
  });
  const sessions = await core.sessions.list(actor);
  const session = sessions.find(({ token }) => token.id !== actor.tokenId) ?? sessions[0];
  return {
    ...ids,
    schedule: schedule.id,
    grant: stayGrant?.id ?? grant.id,
    stay: stay.id,
    phone: phone.id,
    visitor: visitor.id,
    session: session?.token.id ?? '',
  };
}

/**
 * Everything that the record holds of an organization, as text, to compare before and after; but not that somebody failed
 * to sign in to it, which it is meant to learn.
 */
export async function recordOf({ ras }: TwoTenants, { actor }: Tenant): Promise<string> {
  const { organizationId } = actor;
  return ras.store.read(async (tx) =>
    JSON.stringify([
      ...(await thingsOf(tx, organizationId)),
      (await tx.events.list(organizationId, {}, ALL)).filter(({ type }) => type !== 'person.sign_in_failed'),
      await tx.tokens.list(organizationId, actor.personId),
    ]),
  );
}

/** The same without events and tokens: what nobody changes by being refused, or by signing in. */
export async function thingsIn({ ras }: TwoTenants, { actor }: Tenant): Promise<string> {
  return ras.store.read(async (tx) => JSON.stringify(await thingsOf(tx, actor.organizationId)));
}

const ALL = { after: undefined, limit: 10_000 };

async function thingsOf(tx: Transaction, organizationId: string): Promise<readonly unknown[]> {
  return [
    await tx.properties.list(organizationId, {}, ALL),
    await tx.floors.list(organizationId, {}, ALL),
    await tx.doors.list(organizationId, {}, ALL),
    await tx.gateways.list(organizationId, {}, ALL),
    await tx.persons.list(organizationId, {}, ALL),
    await tx.locks.list(organizationId, {}, ALL),
    await tx.attempts.list(organizationId, {}, ALL),
    await tx.grants.list(organizationId, {}, ALL),
    await tx.schedules.list(organizationId, {}, ALL),
    await tx.access.phones.list(organizationId, {}, ALL),
    await tx.visitors.list(organizationId, {}, ALL),
  ];
}
