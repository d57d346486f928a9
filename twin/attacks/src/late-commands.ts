import { seededRandom } from '@cardea/kit-node';
import { CHANNEL } from '@cardea/wire-lock';
import { type Attack, type AttackResult, resultOf } from './attack.ts';
import { boundLock } from './bench-lock.ts';
import { LiteralLock } from './literal-lock.ts';

const NOW_S = 1_767_225_600;
const TIME_TO_LIVE_S = 10;
/** The lock's tolerance: no bolt moves later than time to live + 2 s. */
const TOLERANCE_S = 2;
const LONGEST_DELAY_S = 300;

/** Attack 29: whoever carries a command delivers it twice, out of order, or after its time. */
export const lateCommands: Attack = {
  id: 29,
  title: 'a command delivered twice, out of order or late',
  weakDouble: 'a lock that takes the literal frame: a 30 s window, no counter and no time to live',
  async run({ weak, seed }) {
    return weak ? literal(seed) : hardened(seed);
  },
};

function literal(seed: number): AttackResult {
  const random = seededRandom(`attack 29 ${seed}`);
  const key = random.octets(16);
  const frame = new LiteralLock(key, NOW_S).ask('unlock', random.octets(16));
  const late = new LiteralLock(key, NOW_S + TIME_TO_LIVE_S + TOLERANCE_S + 10);
  return resultOf([
    { name: 'UNLOCK delivered 22 s late', through: late.act(frame) === 'unlock' },
    { name: 'and again', through: late.act(frame) === 'unlock' },
  ]);
}

function hardened(seed: number): AttackResult {
  return resultOf([...heldBack(seed), ...repeated(seed), ...reordered(seed), ...nonceFresh(seed)]);
}

/** Each delay up to five minutes: it opens while it lives, and never after. */
function heldBack(seed: number) {
  const lock = boundLock(seed);
  let late = 0;
  let inTime = 0;
  for (let delayS = 0; delayS <= LONGEST_DELAY_S; delayS++) {
    const held = lock.operate('unlock', TIME_TO_LIVE_S);
    lock.pass(delayS * 1000);
    const before = lock.opened;
    lock.give(CHANNEL.lock, held);
    if (lock.opened === before) continue;
    if (delayS > TIME_TO_LIVE_S + TOLERANCE_S) late++;
    else inTime++;
  }
  return [
    { name: `UNLOCK held back by 0 to ${LONGEST_DELAY_S} s`, through: late > 0, tried: LONGEST_DELAY_S + 1 },
    {
      name: 'and delivered in time it does not open (else the trial above shows nothing)',
      through: inTime < TIME_TO_LIVE_S,
    },
  ];
}

function repeated(seed: number) {
  const lock = boundLock(seed);
  const frames = (['unlock', 'lock', 'unlock', 'status', 'unlock'] as const).map((operation) => {
    const frame = lock.operate(operation, 255);
    lock.give(CHANNEL.lock, frame);
    return frame;
  });
  const before = lock.bolt.length;
  let tried = 0;
  for (const delayMs of [0, 0, 500, 3_000, 30_000]) {
    lock.pass(delayMs);
    for (const frame of frames) {
      tried++;
      lock.give(CHANNEL.lock, frame);
    }
  }
  const moved = lock.bolt.length > before;
  lock.restart();
  for (const message of [...lock.heard]) if (message.toLock) lock.give(message.channel, message.octets);
  return [
    { name: 'a delivered command again, at once and later', through: moved, tried },
    {
      name: 'everything ever sent, again, after a restart of the lock',
      through: lock.bolt.length > before,
      tried: lock.heard.length,
    },
  ];
}

/** Every order of four commands: what is older than one that was taken no longer acts, and nothing acts twice. */
function reordered(seed: number) {
  let wrong = 0;
  let tried = 0;
  for (const order of permutations([0, 1, 2, 3])) {
    const lock = boundLock(seed + 1);
    const frames = (['unlock', 'lock', 'unlock', 'lock'] as const).map((operation) => ({
      operation,
      frame: lock.operate(operation),
    }));
    const expected: string[] = [];
    let newest = -1;
    const before = lock.bolt.length;
    for (const at of order) {
      const sent = frames[at];
      if (sent === undefined) continue;
      tried++;
      lock.give(CHANNEL.lock, sent.frame);
      if (at > newest) expected.push(sent.operation);
      newest = Math.max(newest, at);
    }
    if (lock.bolt.slice(before).join() !== expected.join()) wrong++;
  }
  return [{ name: 'four commands in every order', through: wrong > 0, tried }];
}

/** The nonce-fresh form: a nonce counts once, within 30 s, and only the newest. */
function nonceFresh(seed: number) {
  const trials: { name: string; delaysMs: readonly number[]; twice: boolean; older: boolean }[] = [
    { name: 'a nonce-fresh UNLOCK after its time to live', delaysMs: [13_000, 29_000], twice: false, older: false },
    {
      name: 'a nonce-fresh UNLOCK after 30 s, with a longer time to live',
      delaysMs: [31_000, 120_000],
      twice: false,
      older: false,
    },
    { name: 'a nonce used twice', delaysMs: [0], twice: true, older: false },
    { name: 'a nonce that is not the newest', delaysMs: [0], twice: false, older: true },
  ];
  return trials.map(({ name, delaysMs, twice, older }) => {
    let through = false;
    for (const delayMs of delaysMs) {
      const lock = boundLock(seed + 2);
      const answer = lock.ask(lock.command({ name: 'get_nonce' }));
      if (answer?.kind !== 'time') throw new Error('the lock gave no nonce');
      if (older) lock.ask(lock.command({ name: 'get_nonce' }));
      const timeToLiveS = delayMs > 30_000 ? 255 : TIME_TO_LIVE_S;
      const body = { name: 'nonce_fresh_lock_control', operation: 'unlock', nonce: answer.nonce, timeToLiveS } as const;
      if (twice) lock.give(CHANNEL.lock, lock.command(body));
      const before = lock.opened;
      const held = lock.command(body);
      lock.pass(delayMs);
      lock.give(CHANNEL.lock, held);
      through ||= lock.opened > before;
    }
    return { name, through, tried: delaysMs.length };
  });
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
