import type { Event, Lock, LockMode, LockReport, StreamProof } from '@cardea/wire-api';

/**
 * What a door is shown as. `forced`: it stands open although its lock says that the bolt is out. `unknown`: its lock has
 * never proved anything. `no_lock`: there is none.
 */
export type DoorSign = 'locked' | 'unlocked' | 'open' | 'forced' | 'jammed' | 'unknown' | 'no_lock';

/** Why what is shown may not be what is. */
export type StaleReason = NonNullable<Lock['stale_reason']>;

/** A door as every app shows it: what its lock proved last, and whether that can be taken as the present state. */
export interface DoorState {
  readonly sign: DoorSign;
  /** Null: proved lately. The sign is then what was true at `provedAt`, not what is. */
  readonly stale: StaleReason | null;
  /** When the lock was asked for what is shown; RFC 3339. */
  readonly provedAt: string | null;
  readonly batteryPercent: number | null;
  readonly batteryLow: boolean;
  /** Null: not known. */
  readonly mode: LockMode | null;
  readonly privacy: boolean;
  readonly tamper: boolean;
}

/** The server asks a lock every 15 minutes; one minute later without an answer, its state is stale (docs/core.md, 7). */
const STALE_AFTER_MS = 16 * 60_000;
/** At and below it, percent, a battery wants changing soon. */
export const LOW_BATTERY_PERCENT = 20;

/** What to show of a door whose lock is `lock`, at `nowMs`: a state that was fresh when it was fetched goes stale by itself. */
export function doorStateOf(lock: Lock | undefined, nowMs: number): DoorState {
  const report = lock?.report ?? null;
  return {
    sign: lock === undefined ? 'no_lock' : report === null ? 'unknown' : signOf(report),
    stale: lock === undefined ? null : staleOf(lock, nowMs),
    provedAt: report?.proved_at ?? null,
    batteryPercent: report?.battery_percent ?? null,
    batteryLow: report !== null && report.battery_percent <= LOW_BATTERY_PERCENT,
    mode: lock === undefined ? null : modeOf(lock, nowMs),
    privacy: report?.privacy ?? false,
    tamper: report?.tamper ?? false,
  };
}

/**
 * The lock after an event of the stream: the very same object where the event says nothing of its state, `undefined` where
 * the event says that something changed but not what (the lock is then to be fetched).
 */
export function lockAfter(lock: Lock, event: Event): Lock | undefined {
  if (event.type === 'door.state_changed') {
    const report = reportOf(event);
    return report && reported(lock, report);
  }
  return SAYS_NOT_WHAT.test(event.type) ? undefined : lock;
}

/** The lock after a proof that changed nothing: the very same object where what is known of it was proved later. */
export function lockProved(lock: Lock, { report }: StreamProof): Lock {
  return reported(lock, report);
}

function reported(lock: Lock, report: LockReport): Lock {
  if (lock.report !== null && Date.parse(lock.report.proved_at) > Date.parse(report.proved_at)) return lock;
  return { ...lock, report, stale: false, stale_reason: null };
}

/** Its end gives a receipt, hence a later proof or another mode. */
const SAYS_NOT_WHAT =
  /^(?:attempt\.(?:succeeded|failed)|alarm\.late_receipt|door\.lock_[a-z]+|lock\.bound|lock\.reset)$/;

/** What `door.state_changed` tells; undefined where it is not what it should be. */
function reportOf({ detail }: Event): LockReport | undefined {
  const { bolt, door, battery_percent: batteryPercent, tamper, privacy, clock, proved_at: provedAt } = detail;
  const { clock_offset_s: clockOffsetS, clock_error_s: clockErrorS } = detail;
  if (bolt !== 'locked' && bolt !== 'unlocked' && bolt !== 'jammed') return undefined;
  if (door !== 'open' && door !== 'closed') return undefined;
  if (clock !== 'valid' && clock !== 'uncertain' && clock !== 'unset') return undefined;
  if (typeof batteryPercent !== 'number' || typeof provedAt !== 'string' || Number.isNaN(Date.parse(provedAt)))
    return undefined;
  return {
    bolt,
    door,
    battery_percent: batteryPercent,
    tamper: tamper === true,
    privacy: privacy === true,
    clock,
    proved_at: provedAt,
    // Events of before these were told hold neither.
    clock_offset_s: typeof clockOffsetS === 'number' ? clockOffsetS : null,
    clock_error_s: typeof clockErrorS === 'number' ? clockErrorS : null,
  };
}

function signOf({ bolt, door }: LockReport): DoorSign {
  if (bolt === 'jammed') return 'jammed';
  if (door === 'open') return bolt === 'locked' ? 'forced' : 'open';
  return bolt;
}

function staleOf({ report, stale, stale_reason: reason }: Lock, nowMs: number): StaleReason | null {
  if (report === null) return reason ?? 'never_proved';
  if (stale) return reason ?? 'overdue';
  return nowMs - Date.parse(report.proved_at) > STALE_AFTER_MS ? 'overdue' : null;
}

/** A mode that the lock ends by its own clock is over when that time has come. */
function modeOf({ mode, mode_until: until }: Lock, nowMs: number): LockMode | null {
  return mode !== null && until !== null && Date.parse(until) <= nowMs ? 'normal' : mode;
}
