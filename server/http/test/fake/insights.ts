import type { CheckupUseCases, CommandCounts, GatewayRadio, StatisticsUseCases } from '@cardea/server-core';

const openings = { remote: 1, key: 2, card: 3, pin: 4, mode: 5, inside: 6, other: 0 };
const commands: CommandCounts = { total: 3, succeeded: 1, failed: 1, expired: 1, open: 0, p50Ms: 900, p95Ms: null };

/** Counts of every kind, of nothing that happened. */
export const fakeStatistics: StatisticsUseCases = {
  of: async (_, { propertyId, from = 0, to = 1, bucket }) => ({
    propertyId,
    timeZone: 'Europe/Berlin',
    from,
    to,
    bucket,
    openings,
    denials: [{ reason: 'privacy', count: 2 }],
    commands: [{ operation: 'unlock', ...commands }],
    commandFailures: [{ reason: 'jammed', count: 1 }],
    buckets: [{ start: from, openings, denials: 2, commands }],
    batteries: [
      {
        lockId: 'lock_1',
        doorId: 'door_1',
        doorName: '101',
        percent: 12,
        provedAt: 1,
        series: [{ start: 0, percent: 13 }],
      },
    ],
  }),
};

/** A finding of each level. */
export const fakeCheckup: CheckupUseCases = {
  run: async () => ({
    checkedAt: 1,
    findings: (['warning', 'advice', 'ok'] as const).map((level) => ({
      id: `rule_${level}`,
      level,
      detail: 'A sentence.',
      values: { count: 1 },
      subjects: [{ kind: 'person', id: 'per_1', name: 'Guest 1' }],
      where: 'people',
    })),
  }),
};

/** A radio that hears a lock at a door and one at none, and was away twice. */
export const fakeRadio = (gatewayId: string): GatewayRadio => ({
  gatewayId,
  heard: [
    { lockId: 'lock_1', identifier: '0A0B0C0D0E0F', doorId: 'door_1', doorName: '101', rssiDbm: -60, heardAt: 1 },
    { lockId: 'lock_2', identifier: '0A0B0C0D0E10', doorId: null, doorName: null, rssiDbm: null, heardAt: 2 },
  ],
  connections: { made: 3, failed: 1, p50Ms: 400, p95Ms: null, failures: [{ reason: 'out_of_range', count: 1 }] },
  offline: [
    { from: 5, to: null },
    { from: 1, to: 2 },
  ],
});
