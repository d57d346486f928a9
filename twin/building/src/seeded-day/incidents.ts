import type { Random } from '@cardea/kit-runtime';
import { Secret } from '@cardea/kit-runtime';
import type { AlertRule } from '@cardea/server-core';
import { type DayEstate, type Happening, pick, someTime } from './day.ts';
import { anyDoor, anyStaff, signIn } from './life.ts';

/** Something done to the hotel, and the alert that has to come of it. */
export interface Incident extends Happening {
  readonly rule: AlertRule;
}

/** What was done and to whom: known once it has been done. */
export interface Truth {
  readonly rule: AlertRule;
  readonly subjectId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const WRONG = new Secret('a password from a list');

/** Who does what, and to whom: each answers the id of what it was done to. */
type Deed = (day: DayEstate, random: Random) => Promise<string>;

const DEEDS: Readonly<Partial<Record<AlertRule, { readonly what: string; readonly run: Deed }>>> = {
  denied_burst: {
    what: 'somebody tries one thing after another that is not theirs',
    async run(day, random) {
      const { actor } = anyStaff(day, random);
      for (let i = 0; i < 8; i++) {
        await day.estate.ras.core.access.denied(actor, 'addPerson');
        await day.estate.clock.advance(20_000);
      }
      return actor.personId;
    },
  },
  sign_in_burst: {
    what: "somebody guesses at one person's password from many addresses",
    async run(day, random) {
      const { email, actor } = anyStaff(day, random);
      for (let i = 0; i < 9; i++) {
        await signIn(day, email, WRONG, `198.51.100.${i + 1}`);
        await day.estate.clock.advance(45_000);
      }
      return actor.personId;
    },
  },
  sign_in_stuffing: {
    what: 'a list of passwords is tried over all accounts',
    async run(day) {
      for (let round = 0; round < 4; round++) {
        for (const { email } of day.staff) {
          await signIn(day, email, WRONG, `203.0.113.${10 * round + pick(day.random, 10)}`);
          await day.estate.clock.advance(20_000);
        }
      }
      return day.estate.ras.owner.organizationId;
    },
  },
  forged_messages: {
    what: 'the gateway alters what a lock sends',
    async run(day, random) {
      const door = anyDoor(hardened(day), random);
      for (let i = 0; i < 6; i++) {
        day.wire.treat = 'alter';
        const attempt = await day.estate.begin(door, 'status', 5);
        await day.estate.end(attempt);
        day.wire.treat = 'honest';
        await day.estate.clock.advance(75_000);
      }
      return lockIdOf(day, door);
    },
  },
  clock_jump: {
    what: "a lock's clock is moved",
    async run(day, random) {
      const door = anyDoor(hardened(day), random);
      await day.estate.operate(door, 'unlock');
      await day.estate.clock.advance(60_000);
      day.estate.lock(door).stepClock(-600 - pick(random, 3000));
      await day.estate.operate(door, 'status');
      return lockIdOf(day, door);
    },
  },
  gateway_flapping: {
    what: 'the gateway comes and goes',
    async run(day) {
      for (let i = 0; i < 6; i++) {
        day.estate.cutUplink();
        await day.estate.clock.advance(90_000);
      }
      const { core, owner } = day.estate.ras;
      const [gateway] = await core.gateways.list(owner, { after: undefined, limit: 1 });
      return gateway?.id ?? '';
    },
  },
  tamper: {
    what: 'a lock is taken off its door',
    async run(day, random) {
      const door = anyDoor(day.estate.doors, random);
      day.estate.lock(door).tamper(true);
      await day.estate.clock.advance(120_000);
      day.estate.lock(door).tamper(false);
      return lockIdOf(day, door);
    },
  },
  unasked_open: {
    what: 'somebody at the database opens a door and takes the attempt out of the record',
    async run(day, random) {
      const door = anyDoor(hardened(day), random);
      const attempt = await day.estate.operate(door, 'unlock');
      if (attempt.state !== 'succeeded') throw new Error(`the door did not open: ${attempt.state} ${attempt.reason}`);
      await day.estate.ras.store.unit((tx) => tx.attempts.remove(attempt.organizationId, attempt.id));
      return attempt.lockId;
    },
  },
};

/** Some of the incidents, each at its own time, at least an hour apart. */
export function someIncidents(random: Random, truths: Truth[]): readonly Incident[] {
  const chosen = (Object.keys(DEEDS) as AlertRule[]).filter(() => pick(random, 2) === 0);
  const times: number[] = [];
  return chosen.flatMap((rule) => {
    const deed = DEEDS[rule];
    if (deed === undefined) return [];
    let atMs = someTime(random);
    while (times.some((other) => Math.abs(other - atMs) < 3_600_000)) atMs = someTime(random);
    times.push(atMs);
    const run = async (day: DayEstate): Promise<void> => {
      const fromMs = day.estate.clock.now();
      const subjectId = await deed.run(day, random);
      truths.push({ rule, subjectId, fromMs, toMs: day.estate.clock.now() });
    };
    return [{ atMs, what: deed.what, rule, run }];
  });
}

/** Doors whose locks have a clock and sign what they send by the hardened protocol. */
function hardened({ estate }: DayEstate): readonly string[] {
  return estate.doors.filter((door) => estate.identity(door).maker === 'cardea');
}

async function lockIdOf({ estate }: DayEstate, door: string): Promise<string> {
  const { core, owner } = estate.ras;
  return (await core.estate.getDoor(owner, estate.doorId(door))).lockId ?? '';
}
