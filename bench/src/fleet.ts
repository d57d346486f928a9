import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@cardea/kit-node';
import { signInFleet } from './fleet/gateways.ts';
import { type FleetSize, planFleet, sizeText } from './fleet/plan.ts';
import { type Figure, figure, quantile } from './measure.ts';
import { clientOf } from './ras/client.ts';
import { startEcho } from './ras/echo.ts';
import { type MeasuredRas, startMeasuredRas } from './ras/measured-ras.ts';
import type { Usage } from './ras/messages.ts';

/** CPU of a server at rest beside its fleet: pings and the polls that are due. */
const QUIET_SHARE = 0.25;
const NOBODY: FleetSize = { gateways: 1, locksEach: 1 };

/**
 * One RAS process with a fleet: what each gateway and each lock costs it in memory, and how long an unlock takes, from
 * the request to the receipt, at 50 a second beside the polls of the whole fleet, after the first round of them. Beside it, under the same load, a bare
 * TLS echo in a process of its own.
 *
 * Memory is resident set after a collection: first the empty server, then with the locks of the record, then with the
 * gateways signed in, then with a session to each lock that was unlocked.
 */
export async function fleet({
  size = { gateways: 2000, locksEach: 25 },
  perS = 50,
  seconds = 40,
}: {
  readonly size?: FleetSize;
  readonly perS?: number;
  readonly seconds?: number;
} = {}): Promise<readonly Figure[]> {
  const empty = await startMeasuredRas('durable', NOBODY);
  const nothing = await empty.usage({ gc: true });
  await empty.stop();

  console.error(`  ${sizeText(size)}: writing the record ...`);
  const ras = await startMeasuredRas('durable', size);
  const loaded = await ras.usage({ gc: true });
  console.error('  signing in ...');
  const plan = planFleet(size);
  const gateways = await signInFleet(plan, ras, systemClock());
  console.error('  waiting until every lock has been asked for the first time ...');
  await untilQuiet(ras);
  const signedIn = await ras.usage({ gc: true });
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
    const grown = (from: Usage, to: Usage): number => to.rssKb - from.rssKb;
    const of = {
      gateways: size.gateways,
      locks,
      unlocks: unlocks.length,
      failed,
      rss_mb: after.rssKb / 1024,
      unlock_p50_ms: quantile(unlocks, 0.5),
      unlock_p99_ms: quantile(unlocks, 0.99),
      echo_p50_ms: quantile(echoes, 0.5),
      echo_p99_ms: quantile(echoes, 0.99),
    };
    const name = sizeText(size);
    return [
      figure(`${name}: memory of the RAS a lock, no session`, grown(nothing, loaded) / locks, 'kB', undefined, of),
      figure(`${name}: memory of the RAS a gateway`, grown(loaded, signedIn) / size.gateways, 'kB', undefined, of),
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

/** After a start the server asks every lock once: measured is what comes after that. @throws Error when it never ends */
async function untilQuiet(ras: MeasuredRas): Promise<void> {
  const EVERY_MS = 3_000;
  for (let i = 0; i < 400; i++) {
    const before = await ras.usage();
    await delay(EVERY_MS);
    if ((await ras.usage()).cpuUs - before.cpuUs < QUIET_SHARE * EVERY_MS * 1000) return;
  }
  throw new Error('the server did not come to rest within 20 minutes');
}
