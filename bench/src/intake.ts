import { systemClock } from '@cardea/kit-node';
import { MESSAGE } from '@cardea/wire-lock';
import type { FromGateway } from '@cardea/wire-route';
import { type PocketGateway, signInFleet } from './fleet/gateways.ts';
import { planFleet } from './fleet/plan.ts';
import { type Figure, figure, quantile } from './measure.ts';
import { clientOf } from './ras/client.ts';
import { type MeasuredRas, startMeasuredRas } from './ras/measured-ras.ts';
import type { StoreKind } from './ras/store-kinds.ts';

const KINDS = ['durable', 'none', 'commit-each'] as const satisfies readonly StoreKind[];

/** What one server did in one of its turns. */
interface Slice {
  readonly events: number;
  readonly perS: number;
  readonly cpuUs: number;
  readonly commits: number;
  readonly tookMs: readonly number[];
}

/** One server with its gateways, each with one lock that has a session. */
interface Side {
  readonly ras: MeasuredRas;
  run(sliceMs: number): Promise<Slice>;
  stop(): Promise<void>;
}

/**
 * Events of locks taken in through 64 gateways: sealed by the lock, carried in a stanza, opened, checked and recorded with
 * their audit leaf, and acknowledged when that is durable; each gateway tells its next event when the last is
 * acknowledged. Against the same server whose writes are forgotten, and against one whose every unit has its own commit.
 * The three take turns.
 */
export async function intake({
  connections = 64,
  rounds = 9,
  sliceMs = 1500,
}: {
  readonly connections?: number;
  readonly rounds?: number;
  readonly sliceMs?: number;
} = {}): Promise<readonly Figure[]> {
  const sides = new Map<StoreKind, Side>();
  const slices = new Map<StoreKind, Slice[]>(KINDS.map((kind) => [kind, []]));
  try {
    for (const kind of KINDS) sides.set(kind, await startSide(kind, connections));
    for (const side of sides.values()) await side.run(sliceMs);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < KINDS.length; i++) {
        const kind = KINDS[(i + round) % KINDS.length] ?? 'none';
        const slice = await sides.get(kind)?.run(sliceMs);
        if (slice !== undefined) slices.get(kind)?.push(slice);
      }
    }
  } finally {
    for (const side of sides.values()) await side.stop();
  }

  const over = (kind: StoreKind, value: (slice: Slice) => number): number =>
    quantile((slices.get(kind) ?? []).map(value), 0.5);
  const perS = (kind: StoreKind): number => over(kind, (slice) => slice.perS);
  const p99 = (kind: StoreKind): number => over(kind, (slice) => quantile(slice.tookMs, 0.99));
  const cpu = (kind: StoreKind): number => over(kind, (slice) => slice.cpuUs / slice.events);
  const of = {
    connections,
    durable_per_s: perS('durable'),
    no_store_per_s: perS('none'),
    commit_each_per_s: perS('commit-each'),
    durable_p99_ms: p99('durable'),
    no_store_p99_ms: p99('none'),
    durable_cpu_us: cpu('durable'),
    no_store_cpu_us: cpu('none'),
    events_a_commit: over('durable', (slice) => slice.events / slice.commits),
  };
  const name = `events taken in durably at ${connections} connections`;
  return [
    figure(
      `${name} / the same without store, throughput`,
      of.durable_per_s / of.no_store_per_s,
      'ratio',
      '>= 0.85',
      of,
    ),
    figure(`${name} / the same without store, p99`, of.durable_p99_ms / of.no_store_p99_ms, 'ratio', '<= 2', of),
    figure(`${name} / a commit for each, throughput`, of.durable_per_s / of.commit_each_per_s, 'ratio', '>= 8', of),
  ];
}

async function startSide(kind: StoreKind, connections: number): Promise<Side> {
  const size = { gateways: connections, locksEach: 1 };
  const ras = await startMeasuredRas(kind, size);
  const plan = planFleet(size);
  let told: (lock: string, tookMs: number) => void = () => {};
  const hear = (report: FromGateway, tookMs: number): void => {
    if (report.kind === 'frame' && report.octets[0] === MESSAGE.event) told(report.lock, tookMs);
  };
  const gateways = await signInFleet(plan, ras, systemClock(), hear);
  const client = clientOf(ras);
  // A first unlock gives each lock its session; without store its attempt is forgotten, and that it was sent is enough.
  const unlocks = plan.flatMap(({ locks }) => locks.map(({ doorId }) => client.unlock(doorId).catch(() => undefined)));
  await Promise.race([Promise.all(unlocks), new Promise((resolve) => setTimeout(resolve, 5_000))]);

  const open = (gateway: PocketGateway): void => {
    for (const { identifier } of gateway.locks) gateway.lock(identifier).doorOpened();
  };
  return {
    ras,
    async run(sliceMs) {
      const tookMs: number[] = [];
      const before = await ras.usage();
      const beganMs = performance.now();
      const byLock = new Map(gateways.flatMap((gateway) => gateway.locks.map((lock) => [lock.identifier, gateway])));
      let running = gateways.length;
      await new Promise<void>((resolve) => {
        told = (lock, took) => {
          tookMs.push(took);
          const gateway = byLock.get(lock);
          if (performance.now() - beganMs < sliceMs && gateway !== undefined) open(gateway);
          else if (--running === 0) resolve();
        };
        for (const gateway of gateways) open(gateway);
      });
      told = () => {};
      const lastedMs = performance.now() - beganMs;
      const after = await ras.usage();
      return {
        events: tookMs.length,
        perS: (tookMs.length / lastedMs) * 1000,
        cpuUs: after.cpuUs - before.cpuUs,
        commits: after.commits - before.commits,
        tookMs,
      };
    },
    async stop() {
      for (const gateway of gateways) await gateway.stop();
      await ras.stop();
    },
  };
}
