import type { CheckFacts } from './facts.ts';
import { about, type Rule, whole } from './finding.ts';

const HOUR_S = 3_600;
/** A lock that decides for longer by itself hears of what was taken back late. */
const LONG_LEASE_HOURS = 72;

/** Properties whose locks decide by themselves for long. */
export const offlineLeases: Rule<CheckFacts> = ({ properties }) =>
  about(
    { id: 'offline_leases', where: 'properties', level: 'advice' },
    properties
      .filter(({ offlineLeaseS }) => offlineLeaseS !== null && offlineLeaseS > LONG_LEASE_HOURS * HOUR_S)
      .map(({ id, name }) => ({ kind: 'property', id, name })),
    {
      ok: `No key opens for more than ${LONG_LEASE_HOURS} hours after it was taken back.`,
      found: (count) =>
        `Properties where a key that was taken back may open for more than ${LONG_LEASE_HOURS} hours, where no gateway reaches its lock: ${count}.`,
    },
  );

/** Gateways without a session. */
export const offlineGateways: Rule<CheckFacts> = ({ gateways }) =>
  about(
    { id: 'offline_gateways', where: 'gateways', level: 'warning' },
    gateways
      .filter(({ online, state }) => state === 'enrolled' && !online)
      .map(({ id, name }) => ({ kind: 'gateway', id, name })),
    {
      ok: 'Every gateway is online.',
      found: (count) => `Gateways that are offline, so that nothing that is taken back reaches their locks: ${count}.`,
    },
  );

/** Alerts that nobody has looked at. */
export const openAlerts: Rule<CheckFacts> = ({ openAlerts: count }) =>
  count === 0
    ? whole({ id: 'open_alerts', where: 'alerts' }, 'ok', 'No alert is open.', { count })
    : whole({ id: 'open_alerts', where: 'alerts' }, 'warning', `Alerts that nobody has acknowledged: ${count}.`, {
        count,
      });

/** Whether anybody outside would notice that the record was changed. */
export const auditWitness: Rule<CheckFacts> = ({ witnesses }) => {
  const rule = { id: 'audit_witness', where: 'audit' } as const;
  const reached = witnesses.filter(({ newestAt }) => newestAt !== undefined).length;
  const values = { count: witnesses.length, reached };
  if (witnesses.length === 0) {
    return whole(rule, 'advice', 'No witness outside has the heads of the audit log: configure one.', values);
  }
  return reached === 0
    ? whole(rule, 'warning', 'No witness has taken a head of the audit log yet.', values)
    : whole(rule, 'ok', 'Heads of the audit log are with a witness outside.', values);
};

/** Whether events are kept for ever. */
export const eventRetention: Rule<CheckFacts> = ({ retentionDays }) =>
  retentionDays === undefined
    ? whole(
        { id: 'event_retention', where: 'configuration' },
        'advice',
        'Events are kept without end: what is not needed should not be held of people (event_retention_days).',
      )
    : whole(
        { id: 'event_retention', where: 'configuration' },
        'ok',
        `Events are removed when they are old (days: ${retentionDays}).`,
        { days: retentionDays },
      );
