import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connectTcp, nodeDh, nodeKeyAgreement, nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import type { CardContact } from '@cardea/kit-radio';
import { type Clock, type Log, silentLog } from '@cardea/kit-runtime';
import { type Air, AirError, joinAir, parseHubAddress } from '@cardea/wire-air';
import { VirtualLockError } from '../errors.ts';
import { openFileFlash } from '../flash/file-flash.ts';
import { SCPM_FLASH } from '../flash/flash.ts';
import { simulateAtLock } from '../simulation.ts';
import { runVirtualLock, type VirtualLock, type VirtualLockIdentity } from '../virtual-lock.ts';

/** What a virtual lock in a process of its own is told. */
export interface LockProcessOptions {
  /** hub.json of the simulated air. */
  readonly hubFile: string;
  readonly identity: VirtualLockIdentity;
  /** Its flash, and beside it, with `.scpm` after the name, what it keeps of SCPM; the folder is made when it does not exist. */
  readonly flashFile: string;
  readonly log?: Log;
  readonly clock?: Clock;
}

/** A virtual lock on another process's air. */
export interface LockProcess {
  readonly lock: VirtualLock;
  /** Resolves with the reason once the hub is gone: nothing reaches the lock any more. */
  readonly hubGone: Promise<string>;
  /** Ends with the flash synced. */
  stop(): Promise<void>;
}

/**
 * Runs one virtual lock that joins a hub's air; simulation commands for it come the same way.
 * @throws VirtualLockError `hub_unreachable`, `flash_corrupt`, `flash_unreadable`
 */
export async function runLockProcess(options: LockProcessOptions): Promise<LockProcess> {
  const { identity, log = silentLog, clock = systemClock() } = options;
  await mkdir(dirname(options.flashFile), { recursive: true, mode: 0o700 });
  let lock: VirtualLock | undefined;
  const air = await join(options.hubFile, identity.identifier, {
    control(fault, value) {
      if (lock === undefined) throw new VirtualLockError('invalid', 'the lock is still starting');
      simulateAtLock(lock, fault, value);
    },
    card: (contact) => lock?.presentCard(contact),
  });
  const hubGone = new Promise<string>((resolve) => air.onClose(resolve));
  try {
    const flash = await openFileFlash(options.flashFile);
    const scpmFlash = await openFileFlash(`${options.flashFile}.scpm`, SCPM_FLASH);
    const running = runVirtualLock({
      identity,
      flash,
      radio: air.radio,
      clock,
      random: systemRandom,
      primitives: nodePrimitives,
      agreement: nodeKeyAgreement,
      scpm: { flash: scpmFlash, dh: nodeDh },
      log,
    });
    lock = running;
    log.info('lock on the air', { lock: identity.identifier });
    return {
      lock: running,
      hubGone,
      async stop() {
        running.close();
        air.close();
        await flash.close();
        await scpmFlash.close();
      },
    };
  } catch (error) {
    air.close();
    throw error;
  }
}

/** What comes to this process's lock over the hub beside its radio. */
interface AtLock {
  control(fault: string, value: string): void;
  card(contact: CardContact): void;
}

async function join(hubFile: string, name: string, atLock: AtLock): Promise<Air> {
  try {
    const address = parseHubAddress(JSON.parse(await readFile(hubFile, 'utf8')));
    const pipe = await connectTcp(address.host, address.port);
    return await joinAir(pipe, {
      token: address.token,
      name,
      onControl({ fault, identifier, value }) {
        if (identifier !== name) throw new VirtualLockError('invalid', 'another lock is meant');
        atLock.control(fault, value);
      },
      onCard(reader, contact) {
        if (reader === name) atLock.card(contact);
      },
    });
  } catch (error) {
    // The reason alone: a hub file holds a token.
    const reason =
      error instanceof SyntaxError
        ? 'it is not JSON'
        : error instanceof AirError || (error instanceof Error && 'code' in error)
          ? error.message
          : 'it names no hub';
    throw new VirtualLockError('hub_unreachable', `no hub by ${hubFile} (${reason}); is the building running?`);
  }
}
