import { setTimeout as delay } from 'node:timers/promises';
import { type BenchEstate, startBenchEstate } from './estate.ts';
import { type Figure, figure, quantile } from './measure.ts';
import { type Reference, startReference } from './reference.ts';

const WARM_UP = 20;
/** Without a new commit for so long the server has done all that the unlock caused. */
const QUIET_MS = 15;

/**
 * An unlock end to end without radio time, against the sum of what it cannot do without: one HTTP round trip, two TLS
 * echoes and as many durable commits as that unlock made until its caller knew. The two sides take turns. Left out on our
 * side: radio time, bolt travel, and the start of a connection (the link stands, as within seconds of the last unlock).
 */
export async function unlock({
  iterations = 480,
  warmUp = WARM_UP,
}: {
  readonly iterations?: number;
  readonly warmUp?: number;
} = {}): Promise<readonly Figure[]> {
  const estate = await startBenchEstate();
  const reference = await startReference(estate);
  try {
    const ours: number[] = [];
    const sums: number[] = [];
    const commits: number[] = [];
    const parts: number[][] = [[], [], []];
    // One door after the other, not in turn: how long the one radio stays with a lock belongs to the air.
    const doorAt = (i: number): string => {
      const at = Math.floor((i * estate.doorIds.length) / (warmUp + iterations));
      return estate.doorIds[at] ?? '';
    };
    for (const doorId of estate.doorIds) for (let i = 0; i < warmUp; i++) await estate.client.unlock(doorId);
    for (let i = 0; i < warmUp + iterations; i++) {
      const unlocked = await timedUnlock(estate, doorAt(i));
      const sum = await timedReference(reference, unlocked.commits);
      if (i < warmUp) continue;
      ours.push(unlocked.tookMs);
      sums.push(sum.reduce((a, b) => a + b));
      commits.push(unlocked.commits);
      for (const [at, part] of sum.entries()) parts[at]?.push(part);
    }
    const [http = [], tls = [], disk = []] = parts;
    const of = {
      unlocks: iterations,
      commits_p50: quantile(commits, 0.5),
      commits_max: Math.max(...commits),
      unlock_p50_ms: quantile(ours, 0.5),
      unlock_p99_ms: quantile(ours, 0.99),
      sum_p50_ms: quantile(sums, 0.5),
      sum_p99_ms: quantile(sums, 0.99),
      http_p50_ms: quantile(http, 0.5),
      tls_p50_ms: quantile(tls, 0.5),
      commits_p50_ms: quantile(disk, 0.5),
    };
    const name = 'unlock without radio time / (HTTP round trip + 2 TLS echoes + N durable commits)';
    const p50 = of.unlock_p50_ms / of.sum_p50_ms;
    const p99 = of.unlock_p99_ms / of.sum_p99_ms;
    return [figure(`${name}, p50`, p50, 'ratio', '<= 3', of), figure(`${name}, p99`, p99, 'ratio', '<= 5', of)];
  } finally {
    reference.close();
    await estate.stop();
  }
}

async function timedUnlock(
  { client, commits }: BenchEstate,
  doorId: string,
): Promise<{ readonly tookMs: number; readonly commits: number }> {
  await untilQuiet(commits);
  const commitsBefore = commits();
  const beganMs = performance.now();
  const attempt = await client.unlock(doorId);
  const tookMs = performance.now() - beganMs;
  if (attempt.state !== 'succeeded' || attempt.receipt === null) {
    throw new Error(`the door was not unlocked: ${attempt.state} ${attempt.reason}`);
  }
  return { tookMs, commits: commits() - commitsBefore };
}

async function timedReference(reference: Reference, commits: number): Promise<readonly [number, number, number]> {
  const atMs = [performance.now()];
  await reference.roundTrip();
  atMs.push(performance.now());
  await reference.echo();
  await reference.echo();
  atMs.push(performance.now());
  for (let i = 0; i < commits; i++) reference.commit();
  atMs.push(performance.now());
  const [a = 0, b = 0, c = 0, d = 0] = atMs;
  return [b - a, c - b, d - c];
}

async function untilQuiet(commits: () => number): Promise<void> {
  for (let before = -1; before !== commits(); await delay(QUIET_MS)) before = commits();
}
