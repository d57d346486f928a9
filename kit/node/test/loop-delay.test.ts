import { expect, it } from 'vitest';
import { type LoopHands, probeLoop } from '../src/index.ts';

/** A thread whose every turn takes what the test says. */
function fakeThread() {
  let nowMs = 1000;
  let cpuUs = 7000;
  let tick: (() => void) | undefined;
  let periodMs = 0;
  const hands: LoopHands = {
    now: () => nowMs,
    cpu: () => cpuUs,
    every(each, run) {
      periodMs = each;
      tick = run;
      return () => {
        tick = undefined;
      };
    },
  };
  return {
    hands,
    running: () => tick !== undefined,
    /** A turn that takes `busyMs` of the processor while other processes take `othersMs`; then the timer comes. */
    turn(busyMs: number, othersMs = 0) {
      nowMs += Math.max(periodMs, busyMs + othersMs);
      cpuUs += busyMs * 1000;
      tick?.();
    },
  };
}

it('an idle loop is not held', () => {
  const thread = fakeThread();
  const probe = probeLoop(thread.hands);
  for (let i = 0; i < 5; i++) thread.turn(0);
  expect(probe.read()).toEqual({ heldMs: 0, busyMs: 0 });
});

it('tells the longest turn since the last reading, by the clock less the tick that was due, and by the processor', () => {
  const thread = fakeThread();
  const probe = probeLoop(thread.hands);
  for (const busyMs of [5, 60, 20]) thread.turn(busyMs);
  expect(probe.read()).toEqual({ heldMs: 58, busyMs: 60 });
  thread.turn(5);
  expect(probe.read(), 'what was read is forgotten').toEqual({ heldMs: 3, busyMs: 5 });
});

it("other processes' share of the machine holds the loop, but is not its own work", () => {
  const thread = fakeThread();
  const probe = probeLoop(thread.hands);
  thread.turn(10, 40);
  expect(probe.read()).toEqual({ heldMs: 48, busyMs: 10 });
});

it('a turn that is not over when it is read counts', () => {
  const thread = fakeThread();
  const probe = probeLoop(thread.hands);
  probe.stop();
  expect(thread.running()).toBe(false);
  thread.turn(30);
  expect(probe.read()).toEqual({ heldMs: 28, busyMs: 30 });
});
