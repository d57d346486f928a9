import type { Event } from '../model.ts';
import type { Finding } from './finding.ts';
import { BURST_RULES, type BurstRule, subjectOf } from './rules.ts';

/** Subjects remembered under all rules; the one that was quiet for longest is forgotten first. */
const WINDOWS_MOST = 20_000;
/** Facts remembered of one subject under one rule. */
const HITS_MOST = 64;

/** Finds bursts in a stream of facts. No clock of its own: time is when the server received a fact. */
export interface Bursts {
  /** Takes the next fact, in the order in which they were recorded. */
  see(event: Event): readonly Finding[];
}

/** Counts by these rules. */
export function createBursts(rules: readonly BurstRule[] = BURST_RULES): Bursts {
  const byType = new Map<Event['type'], BurstRule[]>();
  for (const rule of rules) {
    for (const type of rule.types) byType.set(type, [...(byType.get(type) ?? []), rule]);
  }
  const windows = new Map<string, Event[]>();

  const hit = (rule: BurstRule, subjectId: string, event: Event): Finding | undefined => {
    const key = `${rule.name} ${event.organizationId} ${subjectId}`;
    const since = event.receivedAt - rule.withinMs;
    const hits = [...(windows.get(key) ?? []).filter(({ receivedAt }) => receivedAt > since), event].slice(-HITS_MOST);
    windows.delete(key);
    windows.set(key, hits);
    if (windows.size > WINDOWS_MOST) for (const quietest of windows.keys()) if (windows.delete(quietest)) break;
    if (hits.length < rule.atLeast) return undefined;
    return { rule: rule.name, subject: rule.subject, subjectId, organizationId: event.organizationId, events: hits };
  };

  return {
    see: (event) =>
      (byType.get(event.type) ?? []).flatMap((rule) => {
        const subjectId = subjectOf(rule.subject, event);
        return (subjectId === undefined ? undefined : hit(rule, subjectId, event)) ?? [];
      }),
  };
}
