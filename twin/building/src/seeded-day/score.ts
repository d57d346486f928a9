import { seededRandom } from '@cardea/kit-node';
import type { Alert, AlertRule } from '@cardea/server-core';
import { passDay, prepareDay } from './day.ts';
import { someIncidents, type Truth } from './incidents.ts';
import { ordinaryLife } from './life.ts';

/** How well the monitor did on some days whose incidents are known. */
export interface MonitorScore {
  readonly days: number;
  readonly incidents: number;
  readonly alerts: number;
  /** Incidents that became their alert. */
  readonly found: number;
  /** Alerts that no incident stands behind. */
  readonly unfounded: number;
  /** Share of the alerts that are right, and of the incidents that were found; 1 when there were none. */
  readonly precision: number;
  readonly recall: number;
  readonly byRule: Readonly<Partial<Record<AlertRule, { incidents: number; found: number; unfounded: number }>>>;
  /** What was missed and what was unfounded, a line each, with the seed of its day. */
  readonly wrong: readonly string[];
}

/** How long after an incident its alert may come: a poll, the settling of an opening, and a grown alert's pause. */
const LATE_MS = 1_200_000;

/** Lets `days` days pass from this seed on, and compares the alerts of the product's monitor with what was done. */
export async function scoreMonitor(days: number, seed: number): Promise<MonitorScore> {
  const byRule: Partial<Record<AlertRule, { incidents: number; found: number; unfounded: number }>> = {};
  const of = (rule: AlertRule) => {
    const score = byRule[rule] ?? { incidents: 0, found: 0, unfounded: 0 };
    byRule[rule] = score;
    return score;
  };
  const wrong: string[] = [];
  let alerts = 0;
  for (let day = seed; day < seed + days; day++) {
    const seen = await oneDay(day);
    alerts += seen.alerts.length;
    for (const truth of seen.truths) {
      of(truth.rule).incidents++;
      if (seen.alerts.some((alert) => explains(truth, alert))) of(truth.rule).found++;
      else wrong.push(`seed ${day}: missed ${truth.rule} of ${truth.subjectId}`);
    }
    for (const alert of seen.alerts) {
      if (seen.truths.some((truth) => stands(truth, alert))) continue;
      of(alert.rule).unfounded++;
      wrong.push(`seed ${day}: unfounded ${alert.rule} of ${alert.subjectId}`);
    }
  }
  const all = Object.values(byRule);
  const incidents = all.reduce((sum, one) => sum + one.incidents, 0);
  const found = all.reduce((sum, one) => sum + one.found, 0);
  const unfounded = all.reduce((sum, one) => sum + one.unfounded, 0);
  return {
    days,
    incidents,
    alerts,
    found,
    unfounded,
    precision: alerts === 0 ? 1 : (alerts - unfounded) / alerts,
    recall: incidents === 0 ? 1 : found / incidents,
    byRule,
    wrong,
  };
}

async function oneDay(seed: number): Promise<{ truths: readonly Truth[]; alerts: readonly Alert[] }> {
  const day = await prepareDay(seed);
  const random = seededRandom(`what happens on day ${seed}`);
  const truths: Truth[] = [];
  try {
    await passDay(day, [...ordinaryLife(random), ...someIncidents(random, truths)]);
    const { core, owner } = day.estate.ras;
    return { truths, alerts: await core.alerts.list(owner, {}, { after: undefined, limit: 200 }) };
  } finally {
    await day.estate.stop();
  }
}

function explains(truth: Truth, alert: Alert): boolean {
  return alert.rule === truth.rule && stands(truth, alert);
}

/**
 * Whether the incident is what the alert is about. Another rule may rightly see the same deed: a stuffed list is also a
 * burst at one account, and a gateway that alters messages leaves a lock's chain with a gap.
 */
function stands(truth: Truth, alert: Alert): boolean {
  const inTime = alert.firstAt <= truth.toMs + LATE_MS && alert.lastAt >= truth.fromMs;
  if (!inTime) return false;
  if (alert.subjectId === truth.subjectId) return true;
  return truth.rule === 'sign_in_stuffing' || (truth.rule === 'sign_in_burst' && alert.rule === 'sign_in_stuffing');
}
