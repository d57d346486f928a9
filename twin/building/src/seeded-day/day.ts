import { seededRandom } from '@cardea/kit-node';
import type { Random } from '@cardea/kit-runtime';
import { Secret } from '@cardea/kit-runtime';
import { type Actor, localActor } from '@cardea/server-core';
import { DEFAULT_TIMING } from '@cardea/twin-radio';
import { createDemoEstate, type Estate, type Meddler } from '../estate.ts';

/** Locks of a seeded day's hotel: three of each maker. */
const LOCKS = 6;
const DAY_MS = 24 * 3_600_000;
const PASSWORD = new Secret('a good password of the twin');

/** A hotel on which a day passes, and whoever is in it. */
export interface DayEstate {
  readonly estate: Estate;
  readonly random: Random;
  /** Staff with a password each, by e-mail. */
  readonly staff: readonly Staff[];
  /** Drops, alters and repeats what the gateway reports; honest unless told otherwise. */
  readonly wire: Wiretap;
}

export interface Staff {
  readonly email: string;
  readonly actor: Actor;
}

/** What the gateway's reports go through. */
export interface Wiretap {
  /** How a report to come is treated; answers what is passed on in its place. */
  treat: 'honest' | 'drop-events' | 'alter';
  /** Alters the next report alone, as noise on the air would. */
  once: boolean;
}

/** Something that happens at a time of the day. */
export interface Happening {
  readonly atMs: number;
  readonly what: string;
  run(day: DayEstate): Promise<void>;
}

/** Builds the hotel and binds its locks; the day has not begun. */
export async function prepareDay(seed: number): Promise<DayEstate> {
  const wire: Wiretap = { treat: 'honest', once: false };
  const estate = await createDemoEstate({
    seed,
    meddler: tapped(wire),
    // A day has 86,400 seconds, and nothing here is about how soon a lock is found.
    timing: { ...DEFAULT_TIMING, advertisingIntervalMs: 1_000 },
    keep: (_, index) => index < LOCKS / 2 || (index >= 6 && index < 6 + LOCKS / 2),
  });
  await estate.enrolAll();
  const { core, owner } = estate.ras;
  const staff: Staff[] = [];
  for (const role of ['front_desk', 'maintenance', 'cleaner', 'manager'] as const) {
    const email = `${role.replace('_', '.')}@twin.example`;
    const person = await core.persons.add(owner, { name: role, email, role, password: PASSWORD });
    staff.push({ email, actor: localActor(person) });
  }
  return { estate, random: seededRandom(`day ${seed}`), staff, wire };
}

/** Lets the day pass: each happening at its time, in order. */
export async function passDay(day: DayEstate, happenings: readonly Happening[]): Promise<void> {
  const { clock } = day.estate;
  const beganMs = clock.monotonic();
  for (const { atMs, run } of [...happenings].sort((a, b) => a.atMs - b.atMs)) {
    await clock.advance(Math.max(0, beganMs + atMs - clock.monotonic()));
    await run(day);
  }
  await clock.advance(Math.max(0, beganMs + DAY_MS + 600_000 - clock.monotonic()));
}

/** A whole number from 0 to `below` - 1. */
export function pick(random: Random, below: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.octets(4);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % below;
}

/** Somewhere in the day, the evening's end excepted, so that an incident ends with it. */
export function someTime(random: Random): number {
  return 600_000 + pick(random, DAY_MS - 7_200_000);
}

function tapped(wire: Wiretap): Meddler {
  return {
    down: (message, pass) => pass(message),
    up(report, pass) {
      if (report.kind !== 'frame') return pass(report);
      const event = report.octets[0] === EVENT_KIND;
      if (wire.treat === 'drop-events' && event) return;
      if (wire.treat === 'alter' || wire.once) {
        wire.once = false;
        const octets = report.octets.slice();
        octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 0x55;
        return pass({ ...report, octets });
      }
      pass(report);
    },
  };
}

/** Kind of a message of the hardened protocol that carries an event. */
const EVENT_KIND = 3;
