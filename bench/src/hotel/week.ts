import { generateP256, type P256Pair, seededRandom, systemRandom } from '@cardea/kit-node';
import type { OfflineGrant } from '@cardea/wire-profile';
import { type HotelDoor, hotelDoor, type PhoneKeyAtDoor } from './door.ts';
import type { HotelPlan, PlannedOpening, Right } from './plan.ts';
import { type HotelPolicy, isUp, lastFetchMs, nextUpMs } from './policy.ts';

/** Which way a door was opened; `none`, or `turned_away` by a desk that could not check the guest in yet. */
export type Way = 'key' | 'afar' | 'pin' | 'none' | 'turned_away';

/** What came of the week's openings. */
export interface WeekScore {
  readonly openings: number;
  readonly worked: number;
  /** Of those the ones that fell into an outage. */
  readonly inOutage: number;
  readonly workedInOutage: number;
  readonly byWay: Readonly<Record<Way, number>>;
}

/** Series of keys: guests are replaced at check-in, staff are not. */
const SERIES = { guests: 1, staff: 3 } as const;
/** The RAS looks at each lock so often, if it is there. */
const POLL_MS = 6 * 3_600_000;
const DAY_S = 86_400;
const HOUR_S = 3_600;
/** Doors differ by up to this in how fast their clocks run. */
const DRIFT_PPM = 20;

/**
 * Lets the week pass under a policy. Whoever comes with a phone has the RAS open for him while it is there; else he
 * tries his key, then his PIN. What the lock says counts: its own machine decides by its own clock, under real seals.
 */
export function passWeek(plan: HotelPlan, policy: HotelPolicy): WeekScore {
  const hotel = furnish(plan, policy);
  const score = { openings: 0, worked: 0, inOutage: 0, workedInOutage: 0 };
  const byWay: Record<Way, number> = { key: 0, afar: 0, pin: 0, none: 0, turned_away: 0 };
  for (const opening of plan.openings) {
    const away = !isUp(plan.outages, opening.atMs);
    const way = open(hotel, opening);
    byWay[way]++;
    score.openings++;
    if (away) score.inOutage++;
    if (way === 'none' || way === 'turned_away') continue;
    score.worked++;
    if (away) score.workedInOutage++;
  }
  return { ...score, byWay };
}

interface Hotel {
  readonly plan: HotelPlan;
  readonly policy: HotelPolicy;
  readonly doors: readonly Room[];
  readonly phones: Map<number, P256Pair>;
  /** Keys that phones have, by right: with the moment of their fetch. */
  readonly keys: Map<number, { readonly fetchedMs: number; readonly key: PhoneKeyAtDoor }>;
}

interface Room {
  readonly door: HotelDoor;
  /** What is still to be done at this door by the desk, in order of time. */
  readonly desk: { readonly atMs: number; run(): void }[];
  /** Generation of each right's key, and its PINs once the desk has made them. */
  readonly generations: Map<number, number>;
  readonly pins: Map<number, string>;
}

function furnish(plan: HotelPlan, policy: HotelPolicy): Hotel {
  const random = seededRandom('clocks of the hotel');
  const doors = Array.from({ length: plan.doors }, (_, at): Room => {
    const drift = (((random.octets(1)[0] ?? 0) / 255) * 2 - 1) * DRIFT_PPM;
    const room: Room = { door: hotelDoor(drift), desk: [], generations: new Map(), pins: new Map() };
    planDesk(room, plan, policy, at);
    return room;
  });
  return { plan, policy, doors, phones: new Map(), keys: new Map() };
}

/** Check-ins, check-outs and polls of one door: each as soon as the RAS is there. */
function planDesk(room: Room, plan: HotelPlan, policy: HotelPolicy, door: number): void {
  const { desk } = room;
  let guests = 0;
  for (const [at, right] of plan.rights.entries()) {
    if (right.door !== door) continue;
    room.generations.set(at, right.staff ? 1 : ++guests);
    if (right.staff) continue;
    const generation = guests;
    if (policy.offlinePins) {
      // A PIN of 28 days from the day of the check-in; check-out ends it by the next generation of offline PINs.
      desk.push({
        atMs: nextUpMs(plan.outages, right.fromMs),
        run: () => void room.pins.set(at, room.door.offlinePin(0, 2, Math.floor(right.fromMs / 1_000 / DAY_S) * DAY_S)),
      });
    } else if (right.phone === undefined) {
      const slot = 1 + (generation % 100);
      const pin = String(100_000 + ((generation * 7_919) % 900_000));
      desk.push({
        atMs: nextUpMs(plan.outages, right.fromMs),
        run() {
          room.door.setPin(slot, pin, secondsOf(right));
          room.pins.set(at, pin);
        },
      });
      desk.push({ atMs: nextUpMs(plan.outages, right.toMs), run: () => room.door.removePin(slot) });
    }
  }
  for (let atMs = plan.beginMs; atMs < plan.endMs; atMs += POLL_MS) {
    desk.push({
      atMs,
      run: () => {
        if (isUp(plan.outages, atMs)) room.door.poll();
      },
    });
  }
  desk.sort((a, b) => a.atMs - b.atMs);
}

function open(hotel: Hotel, opening: PlannedOpening): Way {
  const right = hotel.plan.rights[opening.right];
  const room = hotel.doors[right?.door ?? -1];
  if (right === undefined || room === undefined) throw new Error('the plan names a door that is not there');
  for (let due = room.desk[0]; due !== undefined && due.atMs <= opening.atMs; due = room.desk[0]) {
    room.desk.shift();
    room.door.until(due.atMs);
    due.run();
  }
  room.door.until(opening.atMs);
  // The desk of a hotel whose RAS is away can let nobody in who was not let in before.
  const known = right.staff || nextUpMs(hotel.plan.outages, right.fromMs) <= opening.atMs;
  if (!known) return 'turned_away';
  if (right.phone !== undefined && isUp(hotel.plan.outages, opening.atMs)) return 'afar';
  if (openByKey(hotel, room, opening, right)) return 'key';
  const pin = room.pins.get(opening.right);
  return pin !== undefined && room.door.enter(pin) ? 'pin' : 'none';
}

function openByKey(hotel: Hotel, room: Room, { right: at, atMs }: PlannedOpening, right: Right): boolean {
  const { leaseMs } = hotel.policy;
  if (leaseMs === undefined || right.phone === undefined) return false;
  const fetchedMs = lastFetchMs(right, leaseMs, hotel.plan.outages, atMs);
  if (fetchedMs === undefined) return false;
  const phone = hotel.phones.get(right.phone) ?? generateP256();
  hotel.phones.set(right.phone, phone);
  let held = hotel.keys.get(at);
  if (held?.fetchedMs !== fetchedMs) {
    const grant = grantOf(room, right, at, phone.publicKey, fetchedMs, leaseMs);
    held = { fetchedMs, key: room.door.sealKey(grant) };
    hotel.keys.set(at, held);
  }
  return room.door.tap(held.key, phone);
}

function grantOf(
  room: Room,
  right: Right,
  at: number,
  phoneKey: Uint8Array,
  fetchedMs: number,
  leaseMs: number,
): OfflineGrant {
  const window = secondsOf(right);
  return {
    noClock: false,
    grantId: systemRandom.octets(16),
    phoneKey,
    operations: ['unlock'],
    ...window,
    leaseEndS: Math.min(window.notAfterS, Math.floor((fetchedMs + leaseMs) / 1_000)),
    issuedAtS: Math.floor(fetchedMs / 1_000),
    series: right.staff ? SERIES.staff : SERIES.guests,
    generation: room.generations.get(at) ?? 0,
    uses: 0,
    scheduleNumber: 0,
  };
}

/** The window of a right: from the check-in on, so that a slow clock does not turn the guest away at the first minute. */
function secondsOf({ fromMs, toMs }: Right): { notBeforeS: number; notAfterS: number } {
  return { notBeforeS: Math.floor(fromMs / 1_000) - HOUR_S, notAfterS: Math.floor(toMs / 1_000) };
}
