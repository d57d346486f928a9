import type { CommandCounts, StatisticsUseCases } from '@cardea/server-core';

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
