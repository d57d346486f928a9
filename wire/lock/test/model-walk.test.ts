import { createHash } from 'node:crypto';
import { agreeP256, importP256, nodePrimitives } from '@cardea/kit-node';
import { fromAscii, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { BindingRecord, ControllerEffect, ControllerInput, DeviceInput } from '@cardea/wire-profile';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  applyChange,
  type ControllerState,
  type DeviceEffect,
  type DeviceState,
  type DurableState,
  FACTORY_STATE,
  initialDevice,
  lockController,
  stepDevice,
} from '../src/index.ts';
import { FACTORY_KEY, IDENTIFIER, identity, START_UNIX_S } from './device-bench.ts';

/** Steps away from the fault-free run that are tried in every order, from each of its states: breadth-first, complete. */
const DEPTH = Number(process.env.MODEL_WALK_DEPTH ?? 3);
/** Messages under way in each direction; older ones are lost when it overflows. */
const NETWORK_MAX = 4;
/** Power cuts of either side in one history. */
const CUTS_MAX = 2;
/** Time-outs in one history of the complete walk; the random ones have as many as come. */
const TIME_OUTS_MAX = 1;
const LIFE_MS = 3_600_000;
const STATUS = {
  bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
  batteryPercent: 90,
};
/** Random histories from power-on, and how long each is at most. */
const HISTORIES = Number(process.env.MODEL_WALK_HISTORIES ?? 150);
const HISTORY_STEPS_MAX = 40;

type Store = Extract<ControllerEffect, { kind: 'store' }>;
type Persist = Extract<DeviceEffect, { kind: 'persist' }>;
interface Message {
  readonly channel: number;
  readonly octets: Uint8Array;
}

/** The whole world: both machines, both flashes, the writes not done yet, and what is on the air. */
interface World {
  readonly ras: ControllerState;
  readonly record: BindingRecord | undefined;
  readonly stores: readonly Store[];
  readonly lock: DeviceState;
  readonly flash: DurableState;
  readonly writes: readonly Persist[];
  readonly down: readonly Message[];
  readonly up: readonly Message[];
  readonly cuts: number;
  readonly timeOuts: number;
  /** Time since the beginning; the lock's monotonic clock began at its last power-on. */
  readonly ms: number;
  readonly bootedMs: number;
  readonly opened: boolean;
  readonly proved: boolean;
}

/** Entropy by what it is for: the same history draws the same, so that equal states hash equal. */
function entropy(who: string, id: number, cuts: number, sizeOctets: number): Uint8Array {
  const seed = nodePrimitives.sha256(fromAscii(`${who} ${id} ${cuts}`));
  return Uint8Array.from({ length: sizeOctets }, (_, i) => (seed[i % 32]! + 31 * i) & 0xff);
}
const pairs = new Map<string, ReturnType<typeof importP256>>();
function pairOf(who: string, id: number, cuts: number): ReturnType<typeof importP256> {
  const name = `${who} ${id} ${cuts}`;
  const pair = pairs.get(name) ?? importP256(nodePrimitives.sha256(fromAscii(`pair ${name}`)));
  pairs.set(name, pair);
  return pair;
}

/** The air holds so much while the walk goes on, and everything in a fault-free end. */
const onAir = (world: World, messages: readonly Message[]): readonly Message[] =>
  (world.cuts > CUTS_MAX ? messages : messages.slice(-NETWORK_MAX)).map(({ channel, octets }) => ({ channel, octets }));

const contextAt = ({ ms }: World, sinceMs: number) => ({
  primitives: nodePrimitives,
  now: { unixMs: START_UNIX_S * 1000 + ms, monotonicMs: ms - sinceMs },
});

function stepRas(world: World, input: ControllerInput): World {
  const step = lockController.step(contextAt(world, 0), world.ras, input);
  let next: World = { ...world, ras: step.state };
  for (const effect of step.effects) {
    if (effect.kind === 'send') next = { ...next, down: onAir(next, [...next.down, effect]) };
    else if (effect.kind === 'store') next = { ...next, stores: [...next.stores, effect] };
    else if (effect.kind === 'outcome' && effect.outcome.kind === 'succeeded') next = { ...next, proved: true };
    else if (effect.kind === 'make-ephemeral') {
      const random = entropy('ras', effect.id, next.cuts, effect.sizeOctets);
      next = stepRas(next, { kind: 'ephemeral', id: effect.id, random, ...pairOf('ras', effect.id, next.cuts) });
    } else if (effect.kind === 'agree') {
      next = stepRas(next, { kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
    }
  }
  return next;
}

function stepLock(world: World, input: DeviceInput): World {
  const step = stepDevice(contextAt(world, world.bootedMs), world.lock, input);
  let next: World = { ...world, lock: step.state };
  for (const effect of step.effects) {
    if (effect.kind === 'send') next = { ...next, up: onAir(next, [...next.up, effect]) };
    else if (effect.kind === 'persist') next = { ...next, writes: [...next.writes, effect] };
    else if (effect.kind === 'act') next = { ...next, opened: true };
    else if (effect.kind === 'make-random') {
      const random = entropy('lock', effect.id, next.cuts, effect.sizeOctets);
      next = stepLock(next, { kind: 'random', id: effect.id, random });
    } else if (effect.kind === 'make-ephemeral') {
      const random = entropy('lock', effect.id, next.cuts, effect.sizeOctets);
      next = stepLock(next, { kind: 'ephemeral', id: effect.id, random, ...pairOf('lock', effect.id, next.cuts) });
    } else if (effect.kind === 'agree') {
      next = stepLock(next, { kind: 'agreed', id: effect.id, z: agreeP256(effect.privateKey, effect.peer) });
    }
  }
  return next;
}

const who = { identifier: IDENTIFIER, factoryKey: new Secret(FACTORY_KEY) };
const expiryOf = ({ ms }: World): number => START_UNIX_S * 1000 + ms + LIFE_MS;

function powerLock(world: World): World {
  const off: World = { ...world, lock: initialDevice(identity, world.flash), writes: [], bootedMs: world.ms };
  const on = stepLock(off, { kind: 'powered-on', status: STATUS });
  return stepLock(on, { kind: 'connected', link: 1 });
}

function startRas(world: World): World {
  const started: World = { ...world, ras: lockController.initial(who, world.record), stores: [] };
  return stepRas(started, { kind: 'events-durable', sequence: 0 });
}

function begin(): World {
  const empty: World = {
    ras: lockController.initial(who, undefined),
    record: undefined,
    stores: [],
    lock: initialDevice(identity, FACTORY_STATE),
    flash: FACTORY_STATE,
    writes: [],
    down: [],
    up: [],
    cuts: 0,
    timeOuts: 0,
    ms: 0,
    bootedMs: 0,
    opened: false,
    proved: false,
  };
  return ask(startRas(powerLock(empty)));
}

/** The RAS wants this lock: bound if it has no key that is proved, else asked for its status. */
function ask(world: World): World {
  const attempt = `a${world.ras.nextId}`;
  const expiresAtMs = expiryOf(world);
  // The machine's own jobs make room for an attempt; one attempt at a time, as the core does it.
  if (world.ras.jobs.some((job) => job.attempt !== undefined)) return world;
  if (world.record?.active === undefined) return stepRas(world, { kind: 'bind', attempt, expiresAtMs });
  return stepRas(world, {
    kind: 'operate',
    attempt,
    operation: 'status',
    class: 'operate',
    timeToLiveS: 30,
    expiresAtMs,
  });
}

const toLock = (world: World, message: Message): World => stepLock(world, { kind: 'message', link: 1, ...message });
const toRas = (world: World, message: Message): World => stepRas(world, { kind: 'message', ...message });
const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

function writeLock(world: World): World {
  const [write, ...writes] = world.writes;
  if (write === undefined) return world;
  return stepLock(
    { ...world, writes, flash: applyChange(world.flash, write.change) },
    { kind: 'persisted', id: write.id },
  );
}

function writeRas(world: World): World {
  const [store, ...stores] = world.stores;
  if (store === undefined) return world;
  return stepRas({ ...world, stores, record: store.record }, { kind: 'stored', id: store.id });
}

/** The core gives up the attempt that was under way. */
function giveUp(from: World): World {
  let world = from;
  for (const { attempt } of from.ras.jobs)
    if (attempt !== undefined) world = stepRas(world, { kind: 'abandon', attempt });
  return world;
}

/** Time passes until one of the two wants to be woken: whatever it waited for has not come. */
function timeOut(world: World, whom: 'ras' | 'lock'): World | undefined {
  const dueMs = whom === 'ras' ? world.ras.wakeMonotonicMs : (world.lock.wakeMs ?? Number.NaN) + world.bootedMs;
  if (dueMs === undefined || Number.isNaN(dueMs) || dueMs <= world.ms) return undefined;
  const later = { ...world, ms: dueMs, timeOuts: world.timeOuts + 1 };
  return whom === 'ras' ? stepRas(later, { kind: 'wake' }) : stepLock(later, { kind: 'wake' });
}

/** Everything that may happen next. */
function* moves(world: World, timeOutsMax = TIME_OUTS_MAX): Generator<World> {
  for (const [at, message] of world.down.entries()) {
    const rest = { ...world, down: without(world.down, at) };
    yield rest;
    yield toLock(rest, message);
    yield toLock(world, message);
  }
  for (const [at, message] of world.up.entries()) {
    const rest = { ...world, up: without(world.up, at) };
    yield rest;
    yield toRas(rest, message);
    yield toRas(world, message);
  }
  if (world.writes.length > 0) yield writeLock(world);
  if (world.stores.length > 0) yield writeRas(world);
  yield stepLock(world, { kind: 'button' });
  yield ask(giveUp(world));
  for (const whom of ['ras', 'lock'] as const) {
    const later = world.timeOuts < timeOutsMax ? timeOut(world, whom) : undefined;
    if (later !== undefined) yield later;
  }
  if (world.cuts < CUTS_MAX) {
    const cut = { ...world, cuts: world.cuts + 1 };
    yield powerLock(cut);
    yield ask(startRas(cut));
    // A write that was under way when the power went may have been done.
    const [write] = world.writes;
    if (write !== undefined) yield powerLock({ ...cut, flash: applyChange(world.flash, write.change) });
    const [store] = world.stores;
    if (store !== undefined) yield ask(startRas({ ...cut, record: store.record }));
  }
}

function hash(world: World): string {
  const plain = JSON.stringify(world, (_, value) => {
    if (value instanceof Secret) return { secret: value.reveal() };
    if (value instanceof Uint8Array) return toHex(value);
    return value;
  });
  return createHash('sha256').update(plain).digest('base64');
}

/** From here on nothing is lost and somebody presses the button: it must end with a receipt and one key. */
function finishes(from: World): boolean {
  let world: World = { ...from, down: [], up: [], cuts: CUTS_MAX + 1, proved: false };
  // The core gives up what was under way, the window is opened again, and it asks anew.
  while (world.writes.length > 0) world = writeLock(world);
  while (world.stores.length > 0) world = writeRas(world);
  world = powerLock(giveUp(world));
  world = { ...world, down: [], up: [], proved: false };
  for (let round = 0; round < 60 && !world.proved; round++) {
    world = ask(world);
    const { down } = world;
    world = { ...world, down: [] };
    for (const message of down) world = toLock(world, message);
    world = stepLock(world, { kind: 'button' });
    while (world.writes.length > 0) world = writeLock(world);
    const { up } = world;
    world = { ...world, up: [] };
    for (const message of up) world = toRas(world, message);
    while (world.stores.length > 0) world = writeRas(world);
  }
  const [mine, theirs] = [world.record?.active, world.flash.record.active?.key];
  return world.proved && mine !== undefined && theirs !== undefined && toHex(mine.reveal()) === toHex(theirs.reveal());
}

/** The next step when nothing goes wrong. */
function faultless(world: World): World {
  if (world.writes.length > 0) return writeLock(world);
  if (world.stores.length > 0) return writeRas(world);
  const [up, ...ups] = world.up;
  if (up !== undefined) return toRas({ ...world, up: ups }, up);
  const [down, ...downs] = world.down;
  if (down !== undefined) return toLock({ ...world, down: downs }, down);
  return stepLock(world, { kind: 'button' });
}

/** Every state of a binding that goes well, and of a session after a restart of the RAS. */
function faultlessRun(): World[] {
  const states = [begin()];
  const follow = (): void => {
    for (let steps = 0; !states.at(-1)!.proved; steps++) {
      if (steps > 60) throw new Error('the fault-free run does not end');
      states.push(faultless(states.at(-1)!));
    }
  };
  follow();
  states.push(ask(startRas({ ...states.at(-1)!, proved: false, down: [], up: [] })));
  follow();
  return states;
}

it(`4: binding and session set-up under loss, copies, reordering, time-outs and power cuts, all histories ${DEPTH} steps off the fault-free run`, {
  timeout: 300_000,
}, () => {
  let frontier = faultlessRun();
  const runStates = frontier.length;
  const seen = new Set(frontier.map(hash));
  let provedStates = 0;
  for (let depth = 0; depth < DEPTH; depth++) {
    const next: World[] = [];
    for (const world of frontier) {
      for (const reached of moves(world)) {
        const key = hash(reached);
        if (seen.has(key)) continue;
        seen.add(key);
        if (reached.opened) throw new Error('the bolt was moved without a command');
        if (reached.proved) provedStates++;
        if (!finishes(reached)) throw new Error(`a state at depth ${depth + 1} from which both never agree again`);
        next.push(reached);
      }
    }
    frontier = next;
  }
  console.log(`model walk: ${seen.size} states to depth ${DEPTH} from ${runStates}, ${provedStates} with a receipt`);
  expect(seen.size).toBeGreaterThan(1_000);
  expect(provedStates).toBeGreaterThan(0);
});

it('4: long random histories from power-on, with time-outs, end with a receipt and one key', {
  timeout: 300_000,
}, () => {
  let steps = 0;
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 10, maxLength: HISTORY_STEPS_MAX }), (choices) => {
      let world = begin();
      for (const choice of choices) {
        const reachable = [...moves(world, HISTORY_STEPS_MAX)];
        world = reachable[choice % reachable.length] ?? world;
        steps++;
        if (world.opened) throw new Error('the bolt was moved without a command');
      }
      expect(finishes(world)).toBe(true);
    }),
    { numRuns: HISTORIES },
  );
  console.log(`model walk: ${HISTORIES} histories from power-on, ${steps} steps`);
});
