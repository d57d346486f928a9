import { seededRandom } from '@cardea/kit-node';
import { CHANNEL } from '@cardea/wire-lock';
import { type Attack, type AttackOptions, resultOf, type Trial } from './attack.ts';
import { type BenchLock, boundLock } from './bench-lock.ts';
import { BenchPhone } from './bench-phone.ts';

/** From one message of the exchange to the next, at phone and lock alike. */
const BOUND_MS = 2_000;
const STEP_MS = 100;
const LONGEST_MS = 5_000;

/**
 * Attack 14: two boxes carry what phone and lock say from the one to the other. Without a measure of distance this is not
 * beaten: it is bounded by the round trip, and nothing is there to be carried unless the phone's owner taps that very door
 * in that moment (docs/threat-model.md).
 */
export const relay: Attack = {
  id: 14,
  title: 'BLE relay: beyond the bound on the round trip, without an act of the user, to another door, kept for later',
  weakDouble: 'a phone and a lock that take an answer whenever it comes, as car keys did',
  async run({ weak, seed }: AttackOptions) {
    if (weak) return resultOf(everyDelay(seed, true));
    return resultOf([...everyDelay(seed, false), ...withoutAct(seed), ...toAnotherDoor(seed), keptForLater(seed)]);
  },
};

/**
 * Each delay of each message: past the bound nothing opens; within it, it does, and that is what is not beaten. `weak`: the
 * boxes need as long, and neither end's clock sees it.
 */
function everyDelay(seed: number, weak: boolean): readonly Trial[] {
  const { lock, phone } = world(seed);
  const key = phone.bundle(lock);
  let late = 0;
  let within = 0;
  let tried = 0;
  for (let delayMs = 0; delayMs <= LONGEST_MS; delayMs += STEP_MS) {
    tried++;
    const opened = countOpens(lock, () => void phone.tap(lock, key, 'unlock', weak ? {} : { delayMs }));
    // There and back is twice the delay, at either end.
    if (2 * delayMs >= BOUND_MS) late += opened;
    else within += opened;
  }
  return [
    { name: 'an exchange that was carried for longer than the bound', through: late > 0, tried },
    { name: 'nothing opened within the bound (then the trial above shows nothing)', through: within === 0 },
  ];
}

/** The phone speaks only while its owner taps: whatever else is said to it is answered by nothing. */
function withoutAct(seed: number): readonly Trial[] {
  const { lock, phone } = world(seed);
  const said: number[] = [];
  const key = phone.bundle(lock);
  const link = lock.connect();
  let opened = 0;
  // The grant's id can be heard on the air, so that the boxes can begin; they have no signature to go on with.
  const hello = Uint8Array.of(0x20, ...key.grantId, ...lock.random.octets(16));
  const [proof] = lock.giveOver(link, CHANNEL.mobileKey, hello);
  for (const octets of proof === undefined ? [] : [proof, hello]) {
    const answer = phone.hear(octets);
    said.push(answer.length);
    for (const each of answer) opened += countOpens(lock, () => void lock.giveOver(link, CHANNEL.mobileKey, each));
  }
  return [
    {
      name: 'a phone that nobody taps answers the boxes',
      through: opened > 0 || proof === undefined || said.some((count) => count > 0),
      tried: said.length,
    },
  ];
}

/** The owner taps one door; the boxes carry it to another, of the same guest even. */
function toAnotherDoor(seed: number): readonly Trial[] {
  const { lock, phone } = world(seed);
  const other = boundLock(seed + 1, 'C0FFEE000002');
  const here = phone.bundle(lock);
  phone.bundle(other, { grantId: here.grantId });
  const link = other.connect();
  const opened = countOpens(other, () => {
    phone.tap(lock, here, 'unlock', {
      toLock: (octets) => {
        other.giveOver(link, CHANNEL.mobileKey, octets);
        return [];
      },
    });
    phone.tap(lock, here, 'unlock', {
      toLock: (octets) => [octets],
      toPhone: (octets) => {
        other.giveOver(link, CHANNEL.mobileKey, octets);
        return [octets];
      },
    });
  });
  const before = lock.opened;
  phone.tap(other, here);
  return [
    { name: 'carried to another door', through: opened > 0, tried: 2 },
    {
      name: 'the phone goes on with a lock that is not the one tapped',
      through: other.opened > 1 || lock.opened > before,
    },
  ];
}

/** A presentation that never reached its lock is kept, and delivered when the guest has gone. */
function keptForLater(seed: number): Trial {
  const { lock, phone } = world(seed);
  const key = phone.bundle(lock);
  const kept: Uint8Array[] = [];
  phone.tap(lock, key, 'unlock', {
    toLock: (octets) => {
      if (octets[0] !== 0x22) return [octets];
      kept.push(octets);
      return [];
    },
  });
  const opened = countOpens(lock, () => {
    for (const octets of kept) {
      const link = lock.connect();
      lock.giveOver(link, CHANNEL.mobileKey, octets);
      lock.giveOver(link, CHANNEL.mobileKey, Uint8Array.of(0x20, ...key.grantId, ...lock.random.octets(16)));
      lock.giveOver(link, CHANNEL.mobileKey, octets);
      lock.disconnect(link);
    }
  });
  return { name: 'a presentation kept for later', through: opened > 0 || kept.length !== 1, tried: kept.length };
}

function world(seed: number): { readonly lock: BenchLock; readonly phone: BenchPhone } {
  return { lock: boundLock(seed), phone: new BenchPhone(seededRandom(`attack 14 ${seed}`)) };
}

function countOpens(lock: BenchLock, run: () => void): number {
  const before = lock.opened;
  run();
  return lock.opened - before;
}
