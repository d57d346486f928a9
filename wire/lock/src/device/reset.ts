import { bootKeypad, EMPTY_ACCESS } from '@cardea/wire-access';
import { NO_DENIALS } from '@cardea/wire-profile';
import { openWindow } from './binding.ts';
import { FACTORY_STATE } from './durable.ts';
import { recordEvent } from './events.ts';
import { configureBody } from './mode.ts';
import type { Target } from './state.ts';
import type { Work } from './work.ts';

/**
 * Back to the factory state: Kdev counts again, everything else goes, the reset count goes up and stays. The window
 * opens only when it was done at the lock. `target`: the command that asked for it, answered once it is durable.
 */
export function factoryReset(work: Work, target: Target | undefined): void {
  const { record, run, legacyRun } = work.state;
  if (run?.kind === 'waiting' || legacyRun?.kind === 'waiting')
    work.emit({ kind: 'confirmation-wanted', wanted: false });
  const factory = {
    ...FACTORY_STATE.record,
    resetCount: Math.min(0xffff_ffff, record.resetCount + 1),
    beaconReserve: record.beaconReserve,
  };
  work.update({
    record: factory,
    access: EMPTY_ACCESS,
    keypad: bootKeypad(0, work.nowMs),
    exchanges: [],
    ring: [],
    denials: NO_DENIALS,
    run: undefined,
    legacyRun: undefined,
    clock: { setMs: undefined, errorMs: 0, rasTimeMs: 0 },
  });
  const id = work.persist({ kind: 'reset', record: factory }, { kind: 'reset', target });
  // Until it is durable nothing is answered: the old key must not work and then be gone, or the other way round.
  work.update({ barrier: id });
}

/** The factory state is durable. The caller has answered the command, if there was one. */
export function resetDone(work: Work, atTheLock: boolean): void {
  work.update({ session: undefined, acting: undefined });
  if (atTheLock) openWindow(work);
  work.emit({ kind: 'cleared' });
  configureBody(work);
  recordEvent(work, 'reset', 0, atTheLock ? 0 : 1);
}
