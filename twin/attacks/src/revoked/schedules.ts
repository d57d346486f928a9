import type { DoorKey } from '@cardea/client-key';
import { seededRandom } from '@cardea/kit-node';
import { type Random, Secret } from '@cardea/kit-runtime';
import { enrolmentSigned, type Grant, type KeyBundle } from '@cardea/server-core';
import { createDemoEstate, type Estate, type VirtualPhone } from '@cardea/twin-building';
import type { ToGateway } from '@cardea/wire-route';

/** What came of many schedules. */
export interface Revoked {
  readonly schedules: number;
  readonly taps: number;
  /** Schedules whose key opened while it was good. */
  readonly before: number;
  /** Opens by taps after the revocation and before T. */
  readonly between: number;
  /** Opens by taps at T or later. */
  readonly after: number;
  /** How long after T the latest of them was. */
  readonly latestAfterMs: number;
  /** Locks that said that they know before T came, and opens after that. */
  readonly acknowledged: number;
  readonly afterAcknowledged: number;
}

export interface RevokedOptions {
  readonly seed: number;
  /** How many: a schedule is a grant, a lease, a moment at which the lock goes offline, one of the revocation, and taps. */
  readonly schedules: number;
  /** T is shown as the end of the lease. */
  readonly weak: boolean;
}

/** Doors of an estate, each with a schedule of its own at once. */
const DOORS = 8;
/** Rounds of an estate: the next has other clocks. */
const ROUNDS = 10;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LEASES_S = [900, 1_200, 1_800, 1_800, 2_700, 3_600, 3_600, 7_200];
/** One round of so many has a lease of a day. */
const LONG_EVERY = 20;
/** What a lock's crystal may run off at most, either way. */
const DRIFT_PPM = 20;
/** Longest that a message waits on its way to a lock: what a SET_TIME may wait and still count, nearly. */
const HELD_MOST_MS = 4_000;

type Counts = { -readonly [Key in keyof Revoked]: number };

/** The way between server and gateway. */
interface Way {
  /** How long each message to a lock waits. */
  heldMs: number;
  /** Nothing that a gateway reports arrives. */
  deaf: boolean;
  after: ((delayMs: number, run: () => void) => unknown) | undefined;
}

/** Runs them, in as many estates as it takes. */
export async function revokedOffline({ seed, schedules, weak }: RevokedOptions): Promise<Revoked> {
  const counts: Counts = {
    ...{ schedules: 0, taps: 0, before: 0, between: 0, after: 0, latestAfterMs: 0 },
    ...{ acknowledged: 0, afterAcknowledged: 0 },
  };
  for (let estates = 0; counts.schedules < schedules; estates++) {
    await oneEstate(`${seed} ${estates}`, seed + estates, schedules, weak, counts);
  }
  return counts;
}

async function oneEstate(name: string, seed: number, most: number, weak: boolean, counts: Counts): Promise<void> {
  const random = seededRandom(`attack 17 ${name}`);
  let kept = 0;
  const way: Way = { heldMs: 0, deaf: false, after: undefined };
  const estate = await createDemoEstate({
    seed,
    keep: ({ maker }) => maker === 'cardea' && kept++ < DOORS,
    // The extremes of the bound, and what lies between them.
    lockClock: (_, index) => ({
      offsetMs: below(random, 2 * HOUR_MS) - HOUR_MS,
      driftPpm: index < 2 ? (index === 0 ? -DRIFT_PPM : DRIFT_PPM) : below(random, 2 * DRIFT_PPM + 1) - DRIFT_PPM,
    }),
    // One way is slower than the other: the worst for a clock that is set by half of the round trip.
    meddler: {
      down(message: ToGateway, pass) {
        if (way.heldMs === 0) pass(message);
        else way.after?.(way.heldMs, () => pass(message));
      },
      up(report, pass) {
        if (!way.deaf) pass(report);
      },
    },
  });
  way.after = (delayMs, run) => estate.clock.after(delayMs, run);
  try {
    await estate.enrolAll();
    const guests = await Promise.all(estate.doors.map((door) => guestAt(estate, door)));
    for (let round = 0; round < ROUNDS && counts.schedules < most; round++) {
      await settled(estate);
      await setClocks(estate, way, below(random, HELD_MOST_MS), false);
      await oneRound(estate, way, guests.slice(0, most - counts.schedules), random, weak, counts);
    }
  } finally {
    await estate.stop();
  }
}

/** Sets every lock's clock over a way that is slow in one direction; `unheard`: no receipt of it arrives. */
async function setClocks(estate: Estate, way: Way, heldMs: number, unheard: boolean): Promise<void> {
  const { core, owner } = estate.ras;
  for (const lock of await core.locks.list(owner, {}, { after: undefined, limit: 100 })) {
    if (lock.doorId === null) continue;
    way.heldMs = heldMs;
    const attempt = await core.locks.setTime(owner, lock.id, false);
    if (unheard) {
      // The nonce comes back and the time goes out; its receipt is the first report that is lost.
      await estate.clock.advance(heldMs + 1_500);
      way.deaf = true;
      await estate.clock.advance(heldMs + 5_000);
      way.deaf = false;
    } else await estate.end(attempt);
    way.heldMs = 0;
  }
}

/** A guest of a door. */
export interface Guest {
  readonly door: string;
  readonly personId: string;
  readonly phone: VirtualPhone;
}

/** A guest with an enrolled phone, who is to have a door. */
export async function guestAt(estate: Estate, door: string, name = `guest ${door}`): Promise<Guest> {
  const { core, owner } = estate.ras;
  const email = `${name.replaceAll(' ', '-')}@hotel.invalid`;
  const input = { name, email, role: 'guest', password: new Secret('a long passphrase') } as const;
  const person = await core.persons.add(owner, input);
  const phone = await estate.phone(`phone of ${name}`);
  const { challenge } = await core.phones.challenge(owner);
  const signature = await phone.key.sign(enrolmentSigned(challenge, phone.publicKey));
  if (signature === undefined) throw new Error('a key in memory always signs');
  const enrolled = await core.phones.enrol(owner, {
    ...{ kind: 'phone', name: 'phone', publicKey: phone.publicKey, challenge, signature, personId: person.id },
  });
  await phone.enrolled(enrolled.id);
  return { door, personId: person.id, phone };
}

/** One schedule a door: they run side by side. */
interface Schedule extends Guest {
  readonly grant: Grant;
  readonly revokeAt: number;
  readonly leaseEndAt: number;
  /** What the server shows once the grant is taken back. */
  shownAt: number | undefined;
  opened: boolean;
}

async function oneRound(
  estate: Estate,
  way: Way,
  guests: readonly Guest[],
  random: Random,
  weak: boolean,
  counts: Counts,
): Promise<void> {
  const { core, owner } = estate.ras;
  const { clock } = estate;
  const [property] = await core.estate.listProperties(owner, { after: undefined, limit: 1 });
  if (property === undefined) throw new Error('the estate has no property');
  const leaseS = below(random, LONG_EVERY) === 0 ? 86_400 : (LEASES_S[below(random, LEASES_S.length)] ?? 3_600);
  await core.estate.changeProperty(owner, property.id, { offlineLeaseS: leaseS });
  const schedules: Schedule[] = [];
  for (const guest of guests) {
    const { grant } = await core.grants.create(owner, {
      personId: guest.personId,
      scope: { kind: 'doors', doorIds: [estate.doorId(guest.door)] },
      notBefore: wholeS(clock.now() - HOUR_MS),
      notAfter: wholeS(clock.now() + 30 * DAY_MS),
    });
    const bundle = await core.phones.keys(owner, guest.phone.phoneId ?? '');
    const [key] = bundle.keys;
    if (key === undefined) throw new Error(`no key for door ${guest.door}: ${JSON.stringify(bundle.without)}`);
    await guest.phone.replaceKeys([alteredKey(key)]);
    const offlineMs = key.leaseEndAt - clock.now();
    // Late enough for everybody to have tapped once: the phones take turns.
    const revokeAt = clock.now() + 5 * MINUTE_MS + below(random, Math.floor(offlineMs * 0.6));
    schedules.push({ ...guest, grant, revokeAt, leaseEndAt: key.leaseEndAt, shownAt: undefined, opened: false });
  }
  await clock.advance(below(random, 20_000));
  // In some rounds the clocks are set once more, as late as may be, and the server never hears of it.
  if (below(random, 3) === 0) await setClocks(estate, way, HELD_MOST_MS, true);
  estate.cutUplink(true);
  way.deaf = false;
  const plan: { readonly at: number; run(): Promise<void> }[] = [];
  const then = (at: number, run: () => Promise<void>): void => {
    const index = plan.findIndex((each) => each.at > at);
    plan.splice(index < 0 ? plan.length : index, 0, { at, run });
  };
  for (const schedule of schedules) {
    counts.schedules++;
    const tapAt = (at: number): void => then(at, () => tapped(estate, schedule, counts));
    const from = clock.now();
    tapAt(from + below(random, Math.max(1, Math.floor((schedule.revokeAt - from) * 0.4))));
    then(schedule.revokeAt, async () => {
      await core.grants.revoke(owner, schedule.grant.id);
      const [view] = await core.methods.ofGrant(owner, schedule.grant.id);
      const shown = weak ? schedule.leaseEndAt : view?.ending.at;
      if (shown === undefined || shown === null) throw new Error('the server shows no T');
      schedule.shownAt = shown;
      for (let taps = 0; taps < 2; taps++) tapAt(clock.now() + below(random, Math.max(1, shown - clock.now())));
      tapAt(shown - 2_000);
      for (const lateMs of [0, 500, 1_000, 2_000, 4_000, 8_000, 60_000, HOUR_MS]) tapAt(shown + lateMs);
    });
  }
  for (let next = plan.shift(); next !== undefined; next = plan.shift()) {
    if (next.at > clock.now()) await clock.advance(next.at - clock.now());
    await next.run();
  }
  counts.before += schedules.filter(({ opened }) => opened).length;
  await knownToLocks(estate, guests, random, counts);
}

/** New grants, and the way is open: the lock says that it knows, long before the lease is over, and that is T. */
async function knownToLocks(estate: Estate, guests: readonly Guest[], random: Random, counts: Counts): Promise<void> {
  const { core, owner } = estate.ras;
  estate.mendUplink();
  await estate.clock.runUntil(() => estate.gateway.online, HOUR_MS);
  const grants: Grant[] = [];
  for (const { personId, door, phone } of guests) {
    const { grant } = await core.grants.create(owner, {
      ...{ personId, scope: { kind: 'doors', doorIds: [estate.doorId(door)] } as const },
      ...{ notBefore: wholeS(estate.clock.now() - HOUR_MS), notAfter: wholeS(estate.clock.now() + 30 * DAY_MS) },
    });
    const { keys } = await core.phones.keys(owner, phone.phoneId ?? '');
    await phone.replaceKeys(keys.map(alteredKey));
    grants.push(grant);
  }
  await estate.clock.advance(below(random, MINUTE_MS));
  for (const grant of grants) await core.grants.revoke(owner, grant.id);
  await settled(estate);
  for (const [index, grant] of grants.entries()) {
    const guest = guests[index];
    const [view] = await core.methods.ofGrant(owner, grant.id);
    if (guest === undefined || view?.ending.why !== 'acknowledged') continue;
    counts.acknowledged++;
    const before = estate.lock(guest.door).view().opens;
    await tap(estate, guest);
    counts.afterAcknowledged += estate.lock(guest.door).view().opens - before;
  }
}

async function tapped(estate: Estate, schedule: Schedule, counts: Counts): Promise<void> {
  const at = estate.clock.now();
  const before = estate.lock(schedule.door).view().opens;
  await tap(estate, schedule);
  counts.taps++;
  if (estate.lock(schedule.door).view().opens === before) return;
  if (schedule.shownAt === undefined) schedule.opened = true;
  else if (at < schedule.shownAt) counts.between++;
  else {
    counts.after++;
    counts.latestAfterMs = Math.max(counts.latestAfterMs, at - schedule.shownAt);
  }
}

async function tap(estate: Estate, { door, phone }: Guest): Promise<void> {
  let over = false;
  phone.tap(door, 'unlock').then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  await estate.clock.runUntil(() => over, MINUTE_MS);
}

/** The key as the altered phone keeps it: in its own copy nothing ever ends. */
export function alteredKey(key: KeyBundle['keys'][number]): DoorKey {
  return {
    ...{ doorId: key.doorId, doorName: key.doorName, identifier: key.identifier, grantId: key.grantId },
    ...{ airGrantId: key.keyId, grant: key.sealed, operations: key.operations, order: undefined },
    ...{ presentationKey: key.presentationKey, advertisementKey: key.advertisementKey },
    ...{ issuedAtS: key.issuedAt / 1000, notBeforeS: 0, notAfterS: 0xffff_ffff, leaseEndS: 0xffff_ffff },
  };
}

/** Runs until nothing is to be brought to any lock. */
export async function settled(estate: Estate): Promise<void> {
  let due: number | undefined = 0;
  await estate.clock.runUntil(() => {
    estate.ras.store
      .read((tx) => tx.access.nextDue())
      .then((next) => {
        due = next;
      });
    return due === undefined || due > estate.clock.now() + DAY_MS;
  }, 6 * HOUR_MS);
}

const wholeS = (ms: number): number => Math.floor(ms / 1000) * 1000;

function below(random: Random, end: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.octets(4);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % Math.max(1, end);
}
