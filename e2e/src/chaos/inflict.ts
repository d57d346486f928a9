import { setTimeout as delay } from 'node:timers/promises';
import type { ActorName, Fault } from '@cardea/twin-faults';
import type { FailingCall } from './actor-process.ts';
import type { Site } from './site.ts';

const EIO = 5;
const ENOSPC = 28;
/** SQLite and the locks' flash write at a place; logs, sockets and pipes do not. */
const NO_ROOM: readonly FailingCall[] = ['pwrite', 'pwrite64'].map((call) => ({
  point: `posix/io/rw/${call}`,
  errno: ENOSPC,
}));
const NO_SYNC: readonly FailingCall[] = ['fsync', 'fdatasync'].map((call) => ({
  point: `posix/io/sync/${call}`,
  errno: EIO,
}));
/** A process that has lost its disk ends by itself within this. */
const ENDS_WITHIN_MS = 5_000;

/** What a fault has done. */
export interface Inflicted {
  /** From when on the next receipt is waited for. */
  readonly sinceMs: number;
  /** The process ended by itself. */
  readonly ended: boolean;
}

/** Makes one fault happen, lets it last, and mends it: a process that has gone is started again. */
export async function inflict(site: Site, fault: Fault): Promise<Inflicted> {
  await delay(fault.afterMs);
  switch (fault.kind) {
    case 'kill': {
      const sinceMs = Date.now();
      await site.actors[fault.actor].kill();
      await delay(fault.lastsMs);
      await site.restart(fault.actor);
      return { sinceMs, ended: false };
    }
    case 'pause': {
      const actor = site.actors[fault.actor];
      actor.pause();
      await delay(fault.lastsMs);
      actor.resume();
      return { sinceMs: Date.now(), ended: false };
    }
    case 'cut': {
      const link = site.links[fault.link];
      link.set(fault.how === 'slow' ? { kind: 'slow', delayMs: fault.delayMs } : { kind: fault.how });
      await delay(fault.lastsMs);
      link.set({ kind: 'whole' });
      return { sinceMs: Date.now(), ended: false };
    }
    case 'disk':
      return failDisk(site, fault.actor, NO_ROOM, fault.lastsMs);
    case 'fsync':
      return failDisk(site, fault.actor, NO_SYNC, fault.lastsMs);
  }
}

async function failDisk(
  site: Site,
  name: ActorName,
  calls: readonly FailingCall[],
  lastsMs: number,
): Promise<Inflicted> {
  const actor = site.actors[name];
  const endsBefore = actor.ends.length;
  await actor.failCalls(calls);
  await delay(lastsMs);
  if (name === 'building') {
    // A lock whose flash has failed is dead until its power was gone and came back.
    await actor.kill();
    const sinceMs = Date.now();
    await site.restart(name);
    return { sinceMs, ended: false };
  }
  if (calls === NO_SYNC) await Promise.race([actor.ended(), delay(ENDS_WITHIN_MS)]);
  const ended = actor.ends.length > endsBefore;
  const sinceMs = Date.now();
  if (ended) await site.restart(name);
  else await actor.failCalls([]);
  return { sinceMs, ended };
}
