import { type AccessDelta, applyDeltas, type GateClock } from '@cardea/wire-access';
import { moveBolt, takeBolt } from './bolt.ts';
import { clockState, floorMs, lockTimeS } from './clock.ts';
import { recordEvent } from './events.ts';
import type { AfterWrite, Mover } from './state.ts';
import type { Work } from './work.ts';

/**
 * The lock's time as decisions over keys and PINs see it: never before what has passed for certain since the RAS's time, so
 * that a hardware clock that is turned back keeps no key alive.
 */
export function gateClock(work: Work): GateClock {
  const timeS = Math.max(lockTimeS(work), Math.floor(floorMs(work) / 1000));
  return { state: clockState(work), timeS, floorS: work.state.record.timeFloorS };
}

/** Changes what the lock enforces by itself, here and in flash: all of it or nothing. */
export function saveAccess(work: Work, deltas: readonly AccessDelta[], then: AfterWrite): void {
  work.update({ access: applyDeltas(work.state.access, deltas) });
  work.persist({ kind: 'access', deltas }, then);
}

/** What the gate admits: who, what is stored before the bolt moves, and which generation that raises. */
interface Admitted {
  readonly deltas: readonly AccessDelta[];
  readonly raised: { readonly series: number; readonly generation: number } | undefined;
}

/** Moves the bolt for a key or PIN that was admitted, once what it uses up is in flash. The bolt has to be free. */
export function letIn(work: Work, operation: 'unlock' | 'lock' | 'override', by: Mover, admitted: Admitted): void {
  const { deltas, raised } = admitted;
  if (!takeBolt(work, operation, by)) return;
  const token = work.state.acting?.token;
  if (deltas.length === 0 || token === undefined) {
    moveBolt(work);
    return;
  }
  saveAccess(work, deltas, { kind: 'move', token });
  if (raised !== undefined) recordEvent(work, 'generation_raised', raised.generation, raised.series);
}

/** What a bolt waited for is in flash. */
export function letInStored(work: Work, token: number): void {
  if (work.state.acting?.token === token) moveBolt(work);
}
