import { equal } from '@cardea/kit-octets';
import type { FromGateway } from '@cardea/wire-route';

/** Reports of a gateway's locks, each recorded once though it comes again over another session. */
export interface RecentReports {
  /** Records the report, or waits for the recording of the same one. */
  once(report: FromGateway, record: () => Promise<void>): Promise<void>;
}

type LockReport = Extract<FromGateway, { kind: 'frame' }>;

/**
 * Remembers `most` reports: twice what a gateway has on its way at a time. One that comes again under its id with the
 * same content is not recorded again: its sender could not know whether the first was.
 */
export function createRecentReports(most = 32): RecentReports {
  const recent = new Map<string, { readonly report: LockReport; readonly recorded: Promise<void> }>();
  return {
    once(report, record) {
      if (report.kind !== 'frame') return record();
      const before = recent.get(report.id);
      if (before !== undefined && isSame(before.report, report)) return before.recorded;
      const recorded = record();
      recent.set(report.id, { report, recorded });
      for (const oldest of recent.keys()) {
        if (recent.size <= most) break;
        recent.delete(oldest);
      }
      // What failed may be tried again.
      recorded.catch(() => {
        if (recent.get(report.id)?.recorded === recorded) recent.delete(report.id);
      });
      return recorded;
    },
  };
}

function isSame(a: LockReport, b: LockReport): boolean {
  return a.lock === b.lock && a.channel === b.channel && equal(a.octets, b.octets);
}
