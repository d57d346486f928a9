import type { Lock, LockReport } from '@cardea/wire-api';
import { ago } from './output/time.ts';

/** Why nothing newer than the last proof is known. */
const STALE: { readonly [Reason in NonNullable<Lock['stale_reason']>]: string } = {
  never_proved: 'it has never proved its state',
  restored: 'it has proved nothing since the record came back from a backup',
  gateway_offline: 'no gateway that reaches it is online',
  overdue: 'it has not answered when it was asked',
};

/** When a lock last proved its state, and if that is stale, since when and why: `12 min ago; stale since then: ...`. */
export function provedLine({ report, stale, stale_reason: reason }: Lock, nowMs: number): string {
  const proved = ago(report?.proved_at, nowMs);
  if (!stale) return proved;
  const since = report === null ? 'stale' : `stale since then (${report.proved_at})`;
  return `${proved}; ${since}${reason === null ? '' : `: ${STALE[reason]}`}`;
}

/** What a lock's clock is worth, by its last proof: `valid, 0.4 s ahead (± 0.7 s)`. */
export function clockLine({ clock, clock_offset_s: offset, clock_error_s: error }: LockReport): string {
  if (offset === null) return clock;
  const off = offset === 0 ? 'exact' : `${Math.abs(offset)} s ${offset > 0 ? 'ahead' : 'behind'}`;
  return `${clock}, ${off}${error === null ? '' : ` (± ${error} s)`}`;
}

/** The mode that a lock has confirmed: `passage until 2026-05-01T18:00:00.000Z`. */
export function modeLine({ mode, mode_until: until }: Lock): string {
  if (mode === null) return 'unknown since the record came back from a backup';
  return until === null ? mode : `${mode} until ${until}`;
}

/** The lines that follow an answered or unanswered `cardea status`: what the record knows of the lock now. */
export function knownLines(lock: Lock, nowMs: number): string {
  const clock = lock.report === null ? '' : `  clock   ${clockLine(lock.report)}\n`;
  return `${clock}  proved  ${provedLine(lock, nowMs)}\n`;
}
