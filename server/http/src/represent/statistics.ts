import type { CommandCounts, Statistics } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** Counts as the API shows them. */
export function statistics(counted: Statistics): api.Statistics {
  return {
    property_id: counted.propertyId,
    time_zone: counted.timeZone,
    from: time(counted.from),
    to: time(counted.to),
    bucket: counted.bucket,
    openings: { ...counted.openings },
    denials: [...counted.denials],
    commands: counted.commands.map(({ operation, ...counts }) => ({ operation, ...commands(counts) })),
    command_failures: [...counted.commandFailures],
    buckets: counted.buckets.map((one) => ({
      start: time(one.start),
      openings: { ...one.openings },
      denials: one.denials,
      commands: commands(one.commands),
    })),
    batteries: counted.batteries.map((one) => ({
      lock_id: one.lockId,
      door_id: one.doorId,
      door_name: one.doorName,
      percent: one.percent,
      proved_at: time(one.provedAt),
      series: one.series.map(({ start, percent }) => ({ start: time(start), percent })),
    })),
  };
}

function commands({ p50Ms, p95Ms, ...counts }: CommandCounts): api.CommandCounts {
  return { ...counts, p50_ms: p50Ms, p95_ms: p95Ms };
}
