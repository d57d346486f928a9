import type { Random } from '@cardea/kit-runtime';
import { type Attack, resultOf, type Trial } from './attack.ts';
import { type LockPoint, type Recorded, ReplayBench, type Subject } from './replay/replay-bench.ts';
import { hardened, legacy, maker2 } from './replay/subjects.ts';

const DELAYS = 1_000;
/** Whole sessions are played again this often of those times. */
const WHOLE_EVERY = 10;
const FINE_STEP_MS = 100;
const FINE_DELAYS = 600;
const LONGEST_MS = 30 * 86_400_000;

/**
 * Attack 1: whoever listened sends again what went to the lock. Two sessions of a lock with its server are recorded; then
 * each frame, and each whole recording, goes to the lock as it was left, to the lock after a power cut, and to the lock
 * with which its owner has made a new session since.
 */
export const replay: Attack = {
  id: 1,
  title: 'replay of a captured frame, in and out of the time window, same and rebooted lock',
  weakDouble:
    'the same three locks without what makes a frame count once: a counter (which a power cut leaves), a challenge used up',
  async run({ weak, seed }) {
    const trials = [against(hardened(weak), seed), against(legacy(weak), seed), against(maker2(weak), seed)];
    const result = resultOf(trials.flat());
    // Each double has to fall by itself, or one that stands would hide behind the others.
    return weak ? { ...result, succeeded: trials.every((each) => each.some(({ through }) => through)) } : result;
  },
};

/** Delays after the recording: each tenth of a second of the first minute, then ever longer, up to 30 days. */
function delaysMs(): readonly number[] {
  const growth = (LONGEST_MS / (FINE_DELAYS * FINE_STEP_MS)) ** (1 / (DELAYS - FINE_DELAYS));
  return Array.from({ length: DELAYS }, (_, at) =>
    at < FINE_DELAYS ? at * FINE_STEP_MS : Math.round(FINE_DELAYS * FINE_STEP_MS * growth ** (at - FINE_DELAYS)),
  );
}

function against<State, Durable, Change>(subject: Subject<State, Durable, Change>, seed: number): readonly Trial[] {
  const bench = new ReplayBench(subject, seed);
  bench.bind();
  for (const operation of ['unlock', 'lock', 'status'] as const) bench.operate(operation);
  const first = bench.heard.length;
  bench.restartServer();
  for (const operation of ['status', 'unlock', 'lock', 'unlock'] as const) bench.operate(operation);
  const frames = [...bench.heard];
  const second = frames.slice(first);
  const endMs = bench.nowMs;
  const lockOf = { left: bench.point, rebooted: bench.rebooted(endMs) };
  // Its randomness as it was when the second session was made: only what is in flash is left between the two.
  const drawn = new Map(bench.drawn);
  const again: Random = { octets: (size) => drawn.get(size) ?? new Uint8Array(size) };
  const repeating = bench.rebooted(endMs, again);
  const renewed = newSession(bench, endMs);

  const name = (what: string): string => `${subject.name}: ${what}`;
  const tried = frames.length * DELAYS;
  const same = each(bench, frames, lockOf.left, endMs);
  const rebooted = each(bench, frames, lockOf.rebooted, endMs);
  const later = each(bench, frames, renewed, endMs);
  const whole = [frames, second].flatMap((recording) =>
    [lockOf.left, lockOf.rebooted, renewed].map((point) => all(bench, recording, point, endMs)),
  );
  const repeated = all(bench, second, repeating, endMs, again);
  return [
    { name: name(`${frames.length} frames x ${DELAYS} delays, at the same lock`), through: same.opens > 0, tried },
    { name: name('the same, after a power cut'), through: rebooted.opens > 0, tried },
    { name: name('one of them verifies after a power cut'), through: rebooted.receipts > 0, tried },
    { name: name('the same, with a new session since'), through: later.opens > 0, tried },
    { name: name('one of them verifies in the new session'), through: later.receipts > 0, tried },
    {
      name: name('everything in its order, and the second session alone, at each of the three'),
      through: whole.some(({ opens }) => opens > 0),
      tried: (3 * (frames.length + second.length) * DELAYS) / WHOLE_EVERY,
    },
    ...(subject.name === 'legacy'
      ? [
          {
            name: name('the second session, after a power cut, at a lock whose randomness repeats'),
            through: repeated.opens > 0,
            tried: (second.length * DELAYS) / WHOLE_EVERY,
          },
        ]
      : []),
  ];
}

/** The lock after a power cut and a new session with its owner. */
function newSession<State, Durable, Change>(
  bench: ReplayBench<State, Durable, Change>,
  endMs: number,
): LockPoint<State, Durable> {
  bench.point = bench.rebooted(endMs);
  bench.restartServer();
  bench.operate('status');
  return bench.point;
}

interface Seen {
  readonly opens: number;
  readonly receipts: number;
}

/** Each frame by itself after each delay. */
function each<State, Durable, Change>(
  bench: ReplayBench<State, Durable, Change>,
  frames: readonly Recorded[],
  point: LockPoint<State, Durable>,
  endMs: number,
): Seen {
  let opens = 0;
  let receipts = 0;
  for (const delayMs of delaysMs()) {
    const atMs = Math.max(endMs, bench.nowMs) + delayMs;
    const reached = bench.connected(point, atMs);
    for (const frame of frames) {
      const reaction = bench.give(reached, atMs, frame);
      opens += reaction.opens;
      receipts += reaction.sent.filter((message) => bench.subject.isReceipt(message)).length;
    }
  }
  return { opens, receipts };
}

/** Everything, one after the other, as it was recorded; a new connection for each, or wrong tags would end the one. */
function all<State, Durable, Change>(
  bench: ReplayBench<State, Durable, Change>,
  frames: readonly Recorded[],
  start: LockPoint<State, Durable>,
  endMs: number,
  random?: Random,
): Seen {
  let opens = 0;
  let receipts = 0;
  const delays = delaysMs().filter((_, at) => at % WHOLE_EVERY === 0);
  for (const delayMs of delays) {
    const atMs = Math.max(endMs, bench.nowMs) + delayMs;
    let point = start;
    for (const frame of frames) {
      const reaction = bench.give(bench.connected(point, atMs), atMs, frame, random);
      point = reaction.point;
      opens += reaction.opens;
      receipts += reaction.sent.filter((message) => bench.subject.isReceipt(message)).length;
    }
  }
  return { opens, receipts };
}
