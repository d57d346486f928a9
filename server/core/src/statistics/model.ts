import type { Actor } from '../actor.ts';
import type { Attempt } from '../model.ts';
import type { Bucket } from './buckets.ts';
import type { OpeningWay } from './ways.ts';

/** What is asked: a property, a range (Unix ms, the end excluded; left out: until now, the seven days before). */
export interface StatisticsQuestion {
  readonly propertyId: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly bucket: Bucket;
}

/** Openings by way. */
export type OpeningCounts = Readonly<Record<OpeningWay, number>>;

/** How commands ended, and how long those that succeeded took from being asked to their receipt (nearest rank, ms). */
export interface CommandCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly expired: number;
  /** Not over yet. */
  readonly open: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** A local day or hour. */
export interface StatisticsBucket {
  /** When it begins, Unix ms. */
  readonly start: number;
  readonly openings: OpeningCounts;
  readonly denials: number;
  readonly commands: CommandCounts;
}

/** A lock's battery as it was proved last. */
export interface BatteryState {
  readonly lockId: string;
  readonly doorId: string;
  readonly doorName: string;
  readonly percent: number;
  readonly provedAt: number;
  /** The lowest of each bucket in which the lock proved a change; of the lowest batteries alone, else empty. */
  readonly series: readonly { readonly start: number; readonly percent: number }[];
}

/** What a property tells of its use. */
export interface Statistics {
  readonly propertyId: string;
  readonly timeZone: string;
  readonly from: number;
  readonly to: number;
  readonly bucket: Bucket;
  readonly openings: OpeningCounts;
  /** Most frequent first. */
  readonly denials: readonly { readonly reason: string; readonly count: number }[];
  /** By operation, most frequent first. */
  readonly commands: readonly (CommandCounts & { readonly operation: Attempt['operation'] })[];
  /** Why commands failed or expired, most frequent first. */
  readonly commandFailures: readonly { readonly reason: string; readonly count: number }[];
  readonly buckets: readonly StatisticsBucket[];
  /** Lowest first. */
  readonly batteries: readonly BatteryState[];
}

/** Counts of what happened. */
export interface StatisticsUseCases {
  /** @throws CoreError `invalid` for a range that is none or too long, `not_found` for the property */
  of(actor: Actor, question: StatisticsQuestion): Promise<Statistics>;
}
