import { seededRandom } from '@cardea/kit-node';
import type { Random } from '@cardea/kit-runtime';
import type { Attempt } from '@cardea/server-core';
import { createDemoEstate, type Estate, type Meddler } from '@cardea/twin-building';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import { type Attack, resultOf, type Trial } from './attack.ts';
import { believingEstate } from './believing-ras.ts';
import { holderOfKeys } from './scpm/holder-of-keys.ts';

const COMMANDS = 60;
const TIME_TO_LIVE_S = 10;
const TOLERANCE_MS = 2000;
/** How often the bolts are looked at. */
const LOOK_EVERY_MS = 50;

/**
 * Attack 20: the gateway itself is hostile. It forges, alters, drops, delays, reorders, repeats and swaps between locks
 * whatever it carries in both directions, ignores expiry, and reports old states as new.
 */
export const hostileGateway: Attack = {
  id: 20,
  title: 'a hostile gateway: forges, drops, delays, reorders, replays, mixes makers, reports old states',
  weakDouble:
    'a server that takes the gateway for the lock, as hubs do that end the encryption themselves; a lock that takes the keys of SCPM for authority',
  async run({ weak, seed, effort }) {
    const trials = weak ? await gatewayIsBelieved(seed) : await gatewayIsNotBelieved(seed, effort);
    const result = resultOf([...trials, ...holderOfKeys(seed, weak)]);
    // Both doubles fall, or half of the attack shows nothing.
    return weak ? { ...result, succeeded: result.through === result.detail.length } : result;
  },
};

async function gatewayIsBelieved(seed: number): Promise<readonly Trial[]> {
  const { attempt, opens } = await believingEstate(seed);
  return [
    {
      name: 'the gateway says "unlocked" and no lock has moved',
      through: attempt.state === 'succeeded' && opens === 0,
    },
  ];
}

async function gatewayIsNotBelieved(seed: number, effort: number): Promise<readonly Trial[]> {
  const random = seededRandom(`attack 20 ${seed}`);
  const meddler = createHostileMeddler(random);
  const estate = await createDemoEstate({ seed, meddler, keep: (_, index) => index % 2 === 0 });
  try {
    await estate.enrolAll();
    for (const door of estate.doors) await estate.operate(door, 'unlock');
    meddler.turn(estate);
    const found = await watch(estate, random, COMMANDS * effort);
    const held = await holdsBackAndReplays(estate, meddler, random);
    meddler.repent();
    await estate.clock.advance(60_000);
    const recovered = await recovers(estate);
    return [
      {
        name: 'a bolt opens that nobody asked for, or after its time to live + 2 s',
        through: found.unasked > 0,
        tried: meddler.tricks,
      },
      { name: 'one command opens twice', through: found.twice > 0, tried: found.attempts },
      { name: 'an attempt succeeds and the bolt was never unlocked', through: found.lies > 0, tried: found.attempts },
      {
        name: 'a state is shown as proved after the gateway stopped delivering',
        through: held.provedLater > 0,
        tried: held.readings,
      },
      {
        name: 'a lock whose gateway delivers nothing is not shown as overdue or offline',
        through: held.shownFresh > 0,
        tried: held.readings,
      },
      { name: 'the estate does not recover when the gateway turns honest', through: !recovered },
      {
        name: 'the gateway did nothing (then the trials above show nothing)',
        through: meddler.tricks < COMMANDS || found.opened === 0,
      },
    ];
  } finally {
    await estate.stop();
  }
}

interface HostileMeddler extends Meddler {
  /** From now on it is hostile. */
  turn(estate: Estate): void;
  /** From now on it only replays what it has recorded. */
  holdBack(): void;
  repent(): void;
  /** How often it did what a gateway must not. */
  readonly tricks: number;
}

type Frame = Extract<ToGateway | FromGateway, { kind: 'frame' }>;

function createHostileMeddler(random: Random): HostileMeddler {
  const down: Extract<ToGateway, { kind: 'frame' }>[] = [];
  const up: Extract<FromGateway, { kind: 'frame' }>[] = [];
  let estate: Estate | undefined;
  let mode: 'honest' | 'hostile' | 'holding' = 'honest';
  let tricks = 0;
  const draw = (below: number): number => new DataView(random.octets(4).buffer).getUint32(0) % below;
  const pick = <T>(items: readonly T[]): T | undefined => items[draw(Math.max(1, items.length))];
  const later = (run: () => void, mostMs: number): void => void estate?.clock.after(draw(mostMs), run);

  const tricksWith = <T extends Frame>(message: T, recorded: readonly T[], pass: (message: T) => void): void => {
    tricks++;
    const other = pick(recorded) ?? message;
    const octets = message.octets.slice();
    switch (draw(9)) {
      case 0:
        return;
      case 1:
        later(() => pass(message), 30_000);
        return;
      case 2:
        pass(message);
        later(() => pass(message), 20_000);
        return;
      case 3:
        octets[draw(octets.length)] = draw(256);
        pass({ ...message, octets });
        return;
      case 4:
        pass({ ...message, octets: random.octets(octets.length) });
        pass(message);
        return;
      case 5:
        pass({ ...message, octets: other.octets });
        later(() => pass(message), 3_000);
        return;
      case 6:
        pass({ ...message, lock: other.lock });
        return;
      case 7:
        pass({ ...other, id: message.id });
        pass(message);
        return;
      default:
        pass(message);
    }
  };

  return {
    turn(at) {
      estate = at;
      mode = 'hostile';
    },
    holdBack() {
      mode = 'holding';
    },
    repent() {
      mode = 'honest';
    },
    get tricks() {
      return tricks;
    },
    down(message, pass) {
      if (message.kind !== 'frame') {
        if (message.kind === 'cancel' && mode !== 'honest') return;
        pass(message);
        return;
      }
      down.push(message);
      // It ignores the expiry that it was told.
      const forever = { ...message, expiresAtS: message.expiresAtS + 86_400 };
      if (mode === 'honest') pass(message);
      else if (mode === 'hostile') tricksWith(forever, down, pass);
    },
    up(report, pass) {
      if (report.kind === 'frame') up.push(report);
      if (mode === 'honest') pass(report);
      else if (mode === 'hostile') report.kind === 'frame' ? tricksWith(report, up, pass) : pass(report);
      else {
        tricks++;
        const old = pick(up);
        if (old !== undefined) pass(old);
      }
    },
  };
}

interface Asked {
  readonly door: string;
  readonly attempt: Attempt;
  readonly atMs: number;
  /** How often the bolt opened for it. */
  opened: number;
  /** When the bolt was first seen unlocked since: one that is unlocked already need not move. */
  unlockedAtMs: number | undefined;
}

/** Commands at random doors and moments; every movement of a bolt is held against what was asked for. */
async function watch(estate: Estate, random: Random, commands: number) {
  const asked: Asked[] = [];
  const opens = new Map(estate.doors.map((door) => [door, estate.lock(door).view().opens]));
  const found = { unasked: 0, twice: 0, lies: 0, attempts: 0, opened: 0 };
  const look = (): void => {
    for (const door of estate.doors) {
      const { opens: now, boltOut } = estate.lock(door).view();
      if (!boltOut) for (const one of asked) if (one.door === door) one.unlockedAtMs ??= estate.clock.now();
      const moved = now - (opens.get(door) ?? 0);
      opens.set(door, now);
      if (moved === 0) continue;
      found.opened += moved;
      const atMs = estate.clock.now();
      const live = asked.filter(
        (one) => one.door === door && atMs <= one.atMs + TIME_TO_LIVE_S * 1000 + TOLERANCE_MS + BOLT_TRAVEL_MS,
      );
      const one = live.find((each) => each.opened === 0) ?? live[0];
      if (one === undefined) found.unasked += moved;
      else {
        one.opened += moved;
        if (one.opened > 1) found.twice++;
      }
    }
  };
  const pass = async (durationMs: number): Promise<void> => {
    for (let left = durationMs; left > 0; left -= LOOK_EVERY_MS) {
      await estate.clock.advance(Math.min(LOOK_EVERY_MS, left));
      look();
    }
  };
  for (let i = 0; i < commands; i++) {
    const octets = random.octets(4);
    const door = estate.doors[(octets[0] ?? 0) % estate.doors.length] ?? '101';
    const attempt = await estate.begin(door, 'unlock', TIME_TO_LIVE_S);
    asked.push({ door, attempt, atMs: estate.clock.now(), opened: 0, unlockedAtMs: undefined });
    look();
    await pass(500 + ((octets[1] ?? 0) * 8_000) / 256);
  }
  await pass(60_000);
  for (const one of asked) {
    const over = await estate.ras.core.attempts.get(estate.ras.owner, one.attempt.id);
    found.attempts++;
    const unlockedAtMs = one.unlockedAtMs ?? Number.POSITIVE_INFINITY;
    if (over.state === 'succeeded' && unlockedAtMs > (over.endedAt ?? 0) + LOOK_EVERY_MS) found.lies++;
  }
  return found;
}

/** The body's own time, between taking a command and the bolt's coming to rest, with the step of this test's looking. */
const BOLT_TRAVEL_MS = 500;

/** From now on only old reports arrive, while the doors change: none may be shown as proved later than that. */
async function holdsBackAndReplays(estate: Estate, meddler: HostileMeddler, random: Random) {
  const sinceMs = estate.clock.now();
  meddler.holdBack();
  const found = { provedLater: 0, shownFresh: 0, readings: 0 };
  for (let minute = 0; minute < 40; minute++) {
    const door = estate.doors[(random.octets(1)[0] ?? 0) % estate.doors.length] ?? '101';
    estate.lock(door).knob(minute % 2 === 0 ? 'unlock' : 'lock');
    await estate.begin(door, 'status').catch(() => undefined);
    await estate.clock.advance(60_000);
    for (const lock of await estate.ras.core.locks.list(estate.ras.owner, {}, { after: undefined, limit: 100 })) {
      found.readings++;
      if ((lock.report?.provedAt ?? 0) > sinceMs) found.provedLater++;
      if (minute === 39 && !lock.stale) found.shownFresh++;
    }
  }
  return found;
}

async function recovers(estate: Estate): Promise<boolean> {
  for (const door of estate.doors) {
    let state = 'failed';
    // A first attempt may find that the session has to be made anew.
    for (let i = 0; i < 3 && state !== 'succeeded'; i++) {
      await estate.clock.advance(30_000);
      state = (await estate.operate(door, 'unlock')).state;
    }
    if (state !== 'succeeded') return false;
  }
  return true;
}
