import {
  cardeaMachine,
  runVirtualLock,
  runVirtualLockOf,
  type VirtualLock,
  type VirtualLockOptions,
  type Witnessed,
} from '@cardea/lock';
import { createDemoEstate, type Estate } from '@cardea/twin-building';
import type { Trial } from '../attack.ts';
import { type Loss, losableRecord, losses } from './losses.ts';

/** One lock of each maker; the weak double is of the first maker alone. */
const LOCKS = { product: [4, 9], weak: [4] } as const;
const TIME_TO_LIVE_MS = 10_000;
const TOLERANCE_MS = 2_000;
const LOST_FOR_MS = 10 * 60_000;
const AFTERWARDS_MS = 5 * 60_000;

/** How a lock is when it happens. */
const STATES: Readonly<Record<string, (lock: VirtualLock) => void>> = {
  locked: () => {},
  'locked, privacy set inside': (lock) => lock.privacy(true),
  'locked, the bolt held': (lock) => lock.jam(true),
  'locked, the door open': (lock) => lock.door(true),
  'locked, tampered with': (lock) => lock.tamper(true),
  'locked, the battery empty': (lock) => lock.battery(0),
  'locked, an unlock on its way': () => {},
};
const ON_ITS_WAY = 'locked, an unlock on its way';

interface Seen {
  readonly lock: string;
  readonly atMs: number;
  readonly what: Witnessed;
}

/** The weak double: it lets go when its power comes back, as a strike does that is built to fail open. */
function failSafeLock(options: VirtualLockOptions): VirtualLock {
  const letGo = { kind: 'act', operation: 'unlock', token: 0xfff_ffff } as const;
  return runVirtualLockOf(
    {
      ...cardeaMachine,
      step(context, state, input) {
        const step = cardeaMachine.step(context, state, input);
        return input.kind === 'powered-on' ? { ...step, effects: [...step.effects, letGo] } : step;
      },
    },
    options,
  );
}

/** Each dependency is lost in each state, for ten minutes, and comes back: no bolt moves, and the knob inside always does. */
export async function failOpenMatrix(weak: boolean, seed: number): Promise<readonly Trial[]> {
  const record = losableRecord();
  const seen: Seen[] = [];
  let nowMs = (): number => 0;
  const kept: readonly number[] = weak ? LOCKS.weak : LOCKS.product;
  const estate = await createDemoEstate({
    seed,
    keep: (_, index) => kept.includes(index),
    throughStore: record.through,
    runLock: (options) =>
      (weak ? failSafeLock : runVirtualLock)({
        ...options,
        witness: (what) => seen.push({ lock: options.identity.identifier, atMs: nowMs(), what }),
      }),
  });
  nowMs = () => estate.clock.now();
  try {
    await estate.enrolAll();
    await estate.clock.advance(60_000);
    const trials: Trial[] = [];
    for (const loss of losses(record)) trials.push(...(await lose(estate, loss, seen)));
    trials.push({ name: 'no bolt obeyed before (then the trials above show nothing)', through: !obeyed(seen) });
    return trials;
  } finally {
    await estate.stop();
  }
}

const obeyed = (seen: readonly Seen[]): boolean =>
  seen.some(({ what }) => what.kind === 'rest' && what.cause === 'command' && !what.boltOut);

async function lose(estate: Estate, loss: Loss, seen: Seen[]): Promise<readonly Trial[]> {
  let opened = 0;
  let shutIn = 0;
  let tried = 0;
  for (const [name, bring] of Object.entries(STATES)) {
    for (const door of estate.doors) settleDown(estate.lock(door));
    await estate.clock.advance(30_000);
    if (!obeyed(seen)) await estate.operate('101', 'unlock');
    for (const door of estate.doors) settleDown(estate.lock(door));
    for (const door of estate.doors) bring(estate.lock(door));
    const from = seen.length;
    const deadlineMs = estate.clock.now() + TIME_TO_LIVE_MS + TOLERANCE_MS;
    if (name === ON_ITS_WAY) {
      for (const door of estate.doors)
        await estate.begin(door, 'unlock', TIME_TO_LIVE_MS / 1000).catch(() => undefined);
    }
    await loss.lose(estate);
    await estate.clock.advance(LOST_FOR_MS);
    for (const door of estate.doors) {
      tried++;
      estate.lock(door).knob('unlock');
      if (estate.lock(door).view().boltOut) shutIn++;
      estate.lock(door).knob('lock');
    }
    await loss.restore?.(estate);
    await estate.clock.advance(AFTERWARDS_MS);
    for (const door of estate.doors) {
      const { identifier } = estate.identity(door);
      const moves = seen
        .slice(from)
        .filter(({ lock, what }) => lock === identifier && what.kind === 'moving' && what.operation === 'unlock');
      const asked = name === ON_ITS_WAY ? 1 : 0;
      if (moves.length > asked || moves.some(({ atMs }) => atMs > deadlineMs)) opened++;
    }
  }
  return [
    { name: `a door opens by itself when ${loss.name} is lost and comes back`, through: opened > 0, tried },
    { name: `somebody inside cannot leave while ${loss.name} is lost`, through: shutIn > 0, tried },
  ];
}

/** Shut and whole, as a person at the door leaves it. */
function settleDown(lock: VirtualLock): void {
  lock.jam(false);
  lock.privacy(false);
  lock.door(false);
  lock.tamper(false);
  lock.battery(100);
  lock.knob('lock');
}
