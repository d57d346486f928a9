import { join } from 'node:path';
import {
  nodeDh,
  nodeKeyAgreement,
  nodePrimitives,
  systemClock,
  systemRandom,
  writeFileDurably,
} from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { type Clock, type Log, silentLog } from '@cardea/kit-runtime';
import {
  openFileFlash,
  openMechanicsFile,
  runVirtualLock,
  SCPM_FLASH,
  simulateAtLock,
  type VirtualLock,
  VirtualLockError,
  type VirtualLockOptions,
} from '@cardea/lock';
import { createMedium, type Medium, runHub } from '@cardea/twin-radio';
import { TOKEN_OCTETS } from '@cardea/wire-air';
import { loadDemo } from './demo-files.ts';
import { openTruthFile } from './truth-file.ts';

/** What a building is made of. */
export interface BuildingOptions {
  /** Everything of it is kept under `twin/` in here. */
  readonly dataDir: string;
  readonly log?: Log;
  readonly clock?: Clock;
  /** Where to write what the bolts really do ({@link openTruthFile}), for tests of the whole. */
  readonly truthFile?: string;
}

/** A building in this process. */
export interface Building {
  /** The hub's port on 127.0.0.1; its token is in twin/hub.json. */
  readonly port: number;
  readonly medium: Medium;
  readonly locks: ReadonlyMap<string, VirtualLock>;
  /** Locks that could not start, and why: they are not on the air, and nothing of theirs is changed. */
  readonly leftOut: readonly { readonly identifier: string; readonly reason: string }[];
  stop(): Promise<void>;
}

/**
 * Starts the radio hub and the virtual locks of a data folder; a second start finds yesterday's flash, bolts and doors. A
 * lock whose flash is damaged is left out and reported: one broken lock does not shut the building.
 */
export async function runBuilding({
  dataDir,
  log = silentLog,
  clock = systemClock(),
  truthFile,
}: BuildingOptions): Promise<Building> {
  const folder = join(dataDir, 'twin');
  const identities = await loadDemo(folder, clock.now());
  const medium = createMedium({ clock, random: systemRandom });
  const truth = truthFile === undefined ? undefined : openTruthFile(truthFile);
  const files: { close(): Promise<void> }[] = [];
  const locks = new Map<string, VirtualLock>();
  const leftOut: { identifier: string; reason: string }[] = [];
  for (const identity of identities) {
    const { identifier } = identity;
    const path = join(folder, 'locks', identifier);
    try {
      const mechanics = await openMechanicsFile(`${path}.mechanics.json`);
      const flash = await openFileFlash(`${path}.flash`);
      files.push(mechanics, flash);
      const scpmFlash = identity.maker === 'cardea' ? await openFileFlash(`${path}.scpm.flash`, SCPM_FLASH) : undefined;
      if (scpmFlash !== undefined) files.push(scpmFlash);
      const scpm = scpmFlash && { scpm: { flash: scpmFlash, dh: nodeDh } };
      const radio = medium.radioFor(identifier);
      const parts = { random: systemRandom, primitives: nodePrimitives, agreement: nodeKeyAgreement };
      const witness: VirtualLockOptions['witness'] = (seen) =>
        truth?.write({ ...seen, atMs: Math.floor(clock.now()), lock: identifier });
      locks.set(
        identifier,
        runVirtualLock({ identity, flash, mechanics, radio, clock, log, witness, ...parts, ...scpm }),
      );
    } catch (error) {
      if (!(error instanceof VirtualLockError)) throw error;
      leftOut.push({ identifier, reason: error.message });
      log.error('a lock was left out', { lock: identifier, reason: error.message });
    }
  }
  const token = systemRandom.octets(TOKEN_OCTETS);
  const hub = await runHub({
    host: '127.0.0.1',
    port: 0,
    token,
    medium,
    async simulate({ fault, identifier, value }) {
      const lock = locks.get(identifier);
      if (lock === undefined) return false;
      simulateAtLock(lock, fault, value);
      return true;
    },
    card(reader, contact) {
      const lock = locks.get(reader);
      lock?.presentCard(contact);
      return lock !== undefined;
    },
  });
  const address = { host: '127.0.0.1', port: hub.port, token: toHex(token) };
  await writeFileDurably(join(folder, 'hub.json'), JSON.stringify(address));
  return {
    port: hub.port,
    medium,
    locks,
    leftOut,
    async stop() {
      await hub.close();
      for (const lock of locks.values()) lock.close();
      for (const file of files) await file.close();
    },
  };
}
