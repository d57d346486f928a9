import { slowMs } from '../method/last-opening.ts';
import type { Door, Lock, LockModeReport, LockReport } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { type Finding, finding } from './rule.ts';
import { durationText, localText } from './words.ts';

/** What is known of a door's lock when somebody wants to open it. */
export interface DoorLock {
  readonly lock: Lock | undefined;
  readonly report: LockReport | undefined;
  readonly mode: LockModeReport | undefined;
  /** The gateway that would reach it now. */
  readonly gatewayId: string | undefined;
  /** Whether its maker's locks enforce grants by themselves. */
  readonly enforces: boolean;
}

/** Reads it. */
export async function doorLockOf(
  tx: Transaction,
  door: Door,
  world: {
    reach(organizationId: string, identifier: string, propertyId: string): string | undefined;
    supports(maker: string): boolean;
  },
): Promise<DoorLock> {
  const lock = door.lockId === null ? undefined : await tx.locks.get(door.organizationId, door.lockId);
  if (lock === undefined) {
    return { lock, report: undefined, mode: undefined, gatewayId: undefined, enforces: false };
  }
  return {
    lock,
    report: await tx.locks.report(lock.id),
    mode: await tx.modes.get(lock.id),
    gatewayId: world.reach(lock.organizationId, lock.identifier, door.propertyId),
    enforces: world.supports(lock.maker),
  };
}

/** What the lock itself has to say, from afar or at the door. */
export function lockFindings(
  known: DoorLock,
  asked: {
    readonly where: 'afar' | 'door';
    readonly override: boolean;
    /** Whether a window or a schedule is judged by the lock's clock. */
    readonly timeBound: boolean;
    readonly at: number;
    readonly timeZone: string;
  },
): readonly Finding[] {
  return [
    bound(known, asked.where),
    mode(known, asked),
    clock(known, asked),
    proof(known, asked),
    gateway(known, asked),
  ];
}

function bound({ lock, enforces }: DoorLock, where: 'afar' | 'door'): Finding {
  if (lock?.state !== 'bound') return finding('lock', false, () => 'the door has no lock that belongs to it');
  if (where === 'door' && !enforces) {
    return finding('lock', false, () => `locks of the maker ${lock.maker} only open from afar`);
  }
  return finding('lock', true, () => `the lock ${lock.identifier} belongs to the door`);
}

function mode(
  { mode: report, report: state }: DoorLock,
  { override, at, timeZone }: { override: boolean; at: number; timeZone: string },
): Finding {
  const over = report !== undefined && report.untilAt !== null && report.untilAt <= at;
  if (report === undefined || over || report.mode === 'normal') {
    if (state?.attributes.privacy === true) {
      return finding('mode', override, () => 'somebody inside has turned privacy on: only an override opens');
    }
    return finding('mode', true, () => 'the lock is in its normal mode');
  }
  const until = report.untilAt === null ? 'until it is ended' : `until ${localText(timeZone, report.untilAt)}`;
  if (report.mode === 'lockdown') return finding('mode', override, () => `lockdown ${until}: only an override opens`);
  return finding('mode', true, () => `the door stands open to everybody (passage) ${until}`);
}

function clock(
  { report }: DoorLock,
  { where, timeBound, at }: { where: 'afar' | 'door'; timeBound: boolean; at: number },
): Finding {
  if (report === undefined) return finding('clock', null, () => "the lock's clock was never read");
  const { clock: state } = report.attributes;
  const offset = report.clockOffsetS;
  const words = (): string => {
    if (offset === null || Math.abs(offset) < 1) return `the lock's clock is right to the second`;
    return `the lock's clock is ${durationText(offset)} ${offset > 0 ? 'fast' : 'slow'}`;
  };
  // From afar a fresh command needs no clock; only what is judged at the lock by time does.
  if (where === 'afar') return finding('clock', null, words);
  if (state === 'valid') {
    return finding('clock', true, () => `${words()}; at most ${durationText(slowMs(report, at) / 1000)} slow by now`);
  }
  return finding('clock', !timeBound, () => `the lock's clock is ${state}: nothing that has a time opens by it`);
}

function proof({ report }: DoorLock, { at, timeZone }: { at: number; timeZone: string }): Finding {
  if (report === undefined) return finding('last_proof', null, () => 'the lock has proved nothing yet');
  const { provedAt, attributes } = report;
  return finding('last_proof', null, () => {
    const ago = durationText(Math.max(0, at - provedAt) / 1000);
    return `${attributes.bolt}, door ${attributes.door}: proved at ${localText(timeZone, provedAt)}, ${ago} before`;
  });
}

function gateway({ gatewayId }: DoorLock, { where }: { where: 'afar' | 'door' }): Finding {
  if (where === 'door') return finding('gateway', null, () => 'at the door none is needed');
  if (gatewayId === undefined) return finding('gateway', false, () => 'no gateway reaches the lock now');
  return finding('gateway', true, () => `the gateway ${gatewayId} reaches the lock`);
}
