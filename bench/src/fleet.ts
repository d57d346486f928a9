import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@cardea/kit-node';
import { signInFleet } from './fleet/gateways.ts';
import { type FleetSize, planFleet, sizeText } from './fleet/plan.ts';
import { type Figure, figure, quantile } from './measure.ts';
import { clientOf } from './ras/client.ts';
import { startEcho } from './ras/echo.ts';
import { type MeasuredRas, startMeasuredRas } from './ras/measured-ras.ts';

/** CPU of a server at rest beside its fleet: pings and the polls that are due. */
const QUIET_SHARE = 0.25;
/** How long it may take to come to rest. */
const QUIET_WITHIN_MS = 1_200_000;

/**
 * One RAS process with a fleet: what each gateway and each lock costs it in memory, and how long an unlock takes, from
 * the request to the receipt, at 50 a second beside the polls of the whole fleet, after the first round of them. Beside it, under the same load, a bare
 * TLS echo in a process of its own.
 *
 * Memory is read after a collection. A connection's is the growth of the resident set of a server whose gateways have no
 * locks; a lock's is that of the record's locks at the start, and of the heap once each lock has a session.
 */
export async function fleet({
  size = { gateways: 2000, locksEach: 25 },
  perS = 50,
  seconds = 40,
  lookEveryMs = 3_000,
}: {
  readonly size?: FleetSize;
  readonly perS?: number;
  readonly seconds?: number;
  /** How often the server is asked whether it has come to rest. */
  readonly lookEveryMs?: number;
} = {}): Promise<readonly Figure[]> {
  const bare = await gatewayAlone(size.gateways);
  console.error(`  ${sizeText(size)}: writing the record ...`);
  const ras = await startMeasuredRas('durable', size);
  const loaded = await ras.usage({ gc: true });
  console.error('  signing in ...');
  const plan = planFleet(size);
  const heard = new Set<string>();
  const gateways = await signInFleet(plan, ras, systemClock(), (report) => heard.add(report.lock));
  console.error('  waiting until every lock has been asked for the first time ...');
  await untilQuiet(ras, () => heard.size === size.gateways * size.locksEach, lookEveryMs);
  const asked = await ras.usage({ gc: true });
  const echo = await startEcho(ras);
  try {
    console.error(`  ${perS} unlocks a second for ${seconds} s ...`);
    const doors = plan.flatMap(({ locks }) => locks.map(({ doorId }) => doorId));
    const client = clientOf(ras);
    const unlocks: number[] = [];
    const echoes: number[] = [];
    let failed = 0;
    const running: Promise<void>[] = [];
    const beganMs = performance.now();
    const total = perS * seconds;
    for (let i = 0; i < total; i++) {
      await delay(Math.max(0, beganMs + (i * 1000) / perS - performance.now()));
      const door = doors[(i * 7919) % doors.length] ?? '';
      const askedMs = performance.now();
      running.push(
        client.unlock(door).then(
          (attempt) => {
            if (attempt.state === 'succeeded') unlocks.push(performance.now() - askedMs);
            else failed++;
          },
          () => {
            failed++;
          },
        ),
        echo.roundTrip().then((tookMs) => void echoes.push(tookMs)),
      );
    }
    await Promise.all(running);
    const after = await ras.usage({ gc: true });
    const locks = size.gateways * size.locksEach;
    const of = {
      gateways: size.gateways,
      locks,
      unlocks: unlocks.length,
      failed,
      rss_mb: after.rssKb / 1024,
      heap_mb: after.heapKb / 1024,
      unlock_p50_ms: quantile(unlocks, 0.5),
      unlock_p99_ms: quantile(unlocks, 0.99),
      echo_p50_ms: quantile(echoes, 0.5),
      echo_p99_ms: quantile(echoes, 0.99),
    };
    const name = sizeText(size);
    return [
      figure(`${name}: a gateway's connection, resident`, bare.gatewayKb, 'kB', undefined, of),
      figure(
        `${name}: a lock that was never asked, resident`,
        (loaded.rssKb - bare.emptyKb) / locks,
        'kB',
        undefined,
        of,
      ),
      figure(
        `${name}: a lock with its session, heap`,
        (asked.heapKb - loaded.heapKb - size.gateways * bare.gatewayHeapKb) / locks + loaded.heapKb / locks,
        'kB',
        undefined,
        of,
      ),
      figure(`${name}: unlock to receipt at ${perS} a second, p99`, of.unlock_p99_ms, 'ms', undefined, of),
      figure(
        `${name}: unlock p99 at ${perS} a second / p99 of a bare TLS echo under the same load`,
        of.unlock_p99_ms / of.echo_p99_ms,
        'ratio',
        undefined,
        of,
      ),
    ];
  } finally {
    for (const gateway of gateways) await gateway.stop();
    await echo.stop();
    await ras.stop();
  }
}

/** What a gateway without locks costs: the resident set and the heap before and after they have signed in. */
async function gatewayAlone(
  gateways: number,
): Promise<{ readonly emptyKb: number; readonly gatewayKb: number; readonly gatewayHeapKb: number }> {
  const size = { gateways, locksEach: 0 };
  console.error(`  ${gateways} gateways without locks ...`);
  const ras = await startMeasuredRas('durable', size);
  const before = await ras.usage({ gc: true });
  const online = await signInFleet(planFleet(size), ras, systemClock());
  const after = await ras.usage({ gc: true });
  for (const gateway of online) await gateway.stop();
  await ras.stop();
  return {
    emptyKb: before.rssKb,
    gatewayKb: (after.rssKb - before.rssKb) / gateways,
    gatewayHeapKb: (after.heapKb - before.heapKb) / gateways,
  };
}

/** After a start the server asks every lock once: measured is what comes after that. @throws Error when it never ends */
async function untilQuiet(ras: MeasuredRas, allHeard: () => boolean, everyMs: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < QUIET_WITHIN_MS; waitedMs += everyMs) {
    const before = await ras.usage();
    await delay(everyMs);
    if (allHeard() && (await ras.usage()).cpuUs - before.cpuUs < QUIET_SHARE * everyMs * 1000) return;
  }
  throw new Error('the server did not come to rest within 20 minutes');
}
