import type { Evidence } from '../evidence.ts';
import { checkBolts } from './bolts.ts';
import type { Finding } from './finding.ts';
import { checkRecord } from './record.ts';

/** The next receipt comes within this of a fault's end. */
export const RECOVERY_MOST_MS = 10_000;

/** What a run has shown. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** How much was looked at: without it no findings would say nothing. */
  readonly counts: {
    readonly facts: number;
    readonly attempts: number;
    readonly succeeded: number;
    readonly events: number;
    readonly motions: number;
    readonly faults: number;
  };
  readonly recovery: { readonly p50Ms: number; readonly p99Ms: number; readonly worstMs: number };
}

/** Judges a run by its evidence alone. */
export function check(evidence: Evidence): Verdict {
  const slow = evidence.recoveries.filter(({ tookMs }) => tookMs === undefined || tookMs > RECOVERY_MOST_MS);
  const { asked, seenOver, streamed, acknowledged, recorded, truth, recoveries } = evidence;
  const took = recoveries.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const quantile = (part: number): number => took[Math.min(took.length - 1, Math.floor(part * took.length))] ?? 0;
  return {
    findings: [
      ...checkRecord(evidence),
      ...checkBolts(evidence),
      ...slow.map(
        ({ what, tookMs }): Finding => ({ rule: 'slow', detail: `${what}: ${tookMs ?? 'no'} ms to a receipt` }),
      ),
    ],
    counts: {
      facts:
        asked.filter(({ answer }) => typeof answer !== 'string').length +
        seenOver.length +
        streamed.length +
        acknowledged.length,
      attempts: recorded.attempts.length,
      succeeded: recorded.attempts.filter(({ state }) => state === 'succeeded').length,
      events: recorded.events.length,
      motions: truth.filter(({ kind }) => kind === 'moving').length,
      faults: recoveries.length,
    },
    recovery: { p50Ms: quantile(0.5), p99Ms: quantile(0.99), worstMs: took.at(-1) ?? 0 },
  };
}
