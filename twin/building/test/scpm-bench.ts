import { nodeKeyAgreement, nodePrimitives, seededDh, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, silentLog, type VirtualClock } from '@cardea/kit-runtime';
import {
  createNorFlash,
  type NorFlash,
  runVirtualLock,
  SCPM_FLASH,
  type VirtualLock,
  type VirtualLockIdentity,
} from '@cardea/lock';
import { createMedium, type Medium } from '@cardea/twin-radio';
import { CHANNEL, MESSAGE } from '@cardea/wire-lock';
import { buildDemo } from '../src/index.ts';
import { RadioKsn } from './radio-ksn.ts';

/** Answered once by the lock each time that it is heard: it belongs to no session. */
export const STRAY = {
  channel: CHANNEL.lock,
  octets: Uint8Array.of(MESSAGE.command, ...new Uint8Array(28)),
} as const;

/** A new lock, bound to nobody, and a key setting node on one air. */
export interface ScpmBench {
  readonly clock: VirtualClock;
  readonly medium: Medium;
  /** Where the lock keeps its keys of SCPM. */
  readonly flash: NorFlash;
  readonly lock: VirtualLock;
  readonly ksn: RadioKsn;
  readonly identity: VirtualLockIdentity;
}

const demo = buildDemo({ random: seededRandom('demo'), issuedAtMs: 0 });

/** The same at each call. */
export async function createScpmBench(): Promise<ScpmBench> {
  const [identity] = (await demo).locks.filter(({ maker }) => maker === 'cardea');
  if (identity === undefined) throw new Error('the demo has no lock of this maker');
  const clock = createVirtualClock(Date.UTC(2026, 0, 5), settle);
  const medium = createMedium({ clock, random: seededRandom('air') });
  const flash = createNorFlash(SCPM_FLASH);
  const random = seededRandom('lock');
  const lock = runVirtualLock({
    ...{ identity, flash: createNorFlash(), clock, random, primitives: nodePrimitives, agreement: nodeKeyAgreement },
    radio: medium.radioFor(identity.identifier),
    scpm: { flash, dh: seededDh(random) },
    log: silentLog,
  });
  const ksn = new RadioKsn({ clock, random: seededRandom('ksn'), radio: medium.radioFor('ksn'), lock: identity });
  return { clock, medium, flash, lock, ksn, identity };
}

/** From a new lock to one that has answered inside SCPM. Ends early when the lock has no power. */
export async function joinAndAsk({ clock, lock, ksn }: ScpmBench): Promise<void> {
  const until = (done: () => boolean) => clock.runUntil(() => done() || !lock.view().powered, 30 * 60_000);
  ksn.on();
  ksn.join();
  await until(() => ksn.joined && lock.view().hasUserKey);
  if (!lock.view().powered) return;
  ksn.say(STRAY);
  await until(() => ksn.inside.length > 0 && ksn.arrived.length > 0);
  // The lock hears that its answer has arrived.
  await clock.advance(1_000);
}
