import { setTimeout as delay } from 'node:timers/promises';
import { type Attack, type AttackResult, resultOf, type Trial } from './attack.ts';
import { dialTls, pour } from './floods/dial.ts';
import type { FloodKind } from './floods/flood-messages.ts';
import { standing, startFlood } from './floods/flood-process.ts';
import { createHonestClient, type HonestClient } from './floods/honest-client.ts';
import { signInGateway } from './floods/honest-gateway.ts';
import { startVictim, type Victim } from './floods/victim-process.ts';

/** How much slower honest requests may get: their 99th percentile, beside the same server without a flood. */
const SLOWER_AT_MOST = 2;
/** Longest turn of the event loop that hostile requests may cost, in processor time. */
const TURN_MAX_MS = 50;
/** From this effort on it is as the list of attacks says: 5,000 sockets, every kind, and time is judged. */
const WHOLE_EFFORT = 10;

const KINDS: readonly FloodKind[] = [
  'tcp',
  'half-hello',
  'tls',
  'half-header',
  'half-body',
  'unread',
  'xmpp-silent',
  'xmpp-header',
  'half-stanza',
  'churn',
];

/**
 * Attack 30: connections that are slow, silent or too many, at every door. Whoever is honest must be served: over a
 * connection that stands, as a newcomer, and as a signed-in gateway, which may not lose its stream.
 */
export const floods: Attack = {
  id: 30,
  title: 'slow senders and floods of connections on HTTP, TLS and XMPP',
  weakDouble: 'a server without times and shares, which refuses newcomers when it is full',
  run: ({ weak, effort }) => (weak ? againstDouble() : againstProduct(effort)),
};

/** What the flood is made of, and what the product is set to, so that a small flood fills it as a large one does. */
function scaleOf(effort: number) {
  if (effort >= WHOLE_EFFORT) return { sockets: 5000, kinds: KINDS, measureMs: 6_000, guard: {}, timed: true };
  return {
    sockets: 400,
    // One of each way to be slow; the rest differ in where they stop.
    kinds: ['tcp', 'half-hello', 'half-body', 'unread', 'half-stanza', 'churn'] as const,
    measureMs: 400,
    guard: { strangers: 200, strangersPerAddress: 100, stageMs: 500 },
    timed: false,
  };
}

async function againstProduct(effort: number): Promise<AttackResult> {
  const { sockets, kinds, measureMs, guard, timed } = scaleOf(effort);
  const [flooded, quiet] = await Promise.all([
    startVictim({ weak: false, guard }),
    startVictim({ weak: false, guard }),
  ]);
  try {
    const trials: Trial[] = [];
    const pooled: Samples = { flooded: [], quiet: [] };
    for (const kind of kinds)
      trials.push(await under(kind, { flooded, quiet, sockets, addresses: 250, measureMs, pooled }));
    trials.push(await under('tls', { flooded, quiet, sockets, addresses: 0, measureMs, pooled }));
    const [hostMs, quietMs] = [p99(pooled.flooded), p99(pooled.quiet)];
    trials.push({
      name:
        `honest requests under all of them: p99 ${hostMs.toFixed(1)} ms, at a server without a flood in the same moments ` +
        `${quietMs.toFixed(1)} ms: ${(hostMs / quietMs).toFixed(2)} times (${pooled.flooded.length} requests each` +
        `${timed ? '' : `; judged from --effort ${WHOLE_EFFORT} on`})`,
      through: timed && hostMs > SLOWER_AT_MOST * quietMs,
    });
    trials.push(await pipelined(quiet));
    return resultOf(trials);
  } finally {
    await Promise.all([flooded.stop(), quiet.stop()]);
  }
}

interface Samples {
  readonly flooded: number[];
  readonly quiet: number[];
}

interface Scene {
  readonly flooded: Victim;
  readonly quiet: Victim;
  readonly sockets: number;
  readonly addresses: number;
  readonly measureMs: number;
  readonly pooled: Samples;
}

/** Honest people at both servers in turn, while one of them is flooded. */
async function under(kind: FloodKind, scene: Scene): Promise<Trial> {
  const { flooded, quiet, sockets, addresses, measureMs, pooled } = scene;
  const gateway = await signInGateway(flooded);
  const clients = { flooded: createHonestClient(flooded), quiet: createHonestClient(quiet) };
  // Both have a connection that stands before the flood comes.
  await Promise.all([clients.flooded.ask(), clients.quiet.ask()]);
  const flood = startFlood({ victim: flooded, kind, sockets, addresses, again: true, atOnce: 50 });
  try {
    await standing(flood, Math.min(sockets, 4000), sockets > 1000 ? 20_000 : 1_500);
    await flooded.state();
    const samples: Samples = { flooded: [], quiet: [] };
    let failed = 0;
    let newcomers = 0;
    let refused = 0;
    for (const until = performance.now() + measureMs; performance.now() < until; await delay(2)) {
      failed += await sample(clients, samples);
      if (samples.quiet.length % 25 !== 1) continue;
      newcomers++;
      if ((await clients.flooded.askAnew()) === undefined) refused++;
    }
    pooled.flooded.push(...samples.flooded);
    pooled.quiet.push(...samples.quiet);
    const state = await flood.state();
    const lost = gateway.lost();
    return {
      name:
        `${kind}${addresses === 0 ? " from everybody's own address" : ''}: ${state.standing} stand of ${state.tried} tried; ` +
        `honest p99 ${p99(samples.flooded).toFixed(1)} ms (${p99(samples.quiet).toFixed(1)} ms without), ${failed} of ` +
        `${samples.quiet.length} failed, ${refused} of ${newcomers} newcomers refused, the gateway lost its stream ${lost} times`,
      // Whoever shares the flood's own address is not kept out for good, but newcomers have to wait for its rate.
      through: failed > 0 || lost > 0 || (refused > 0 && addresses > 0),
      tried: state.tried,
    };
  } finally {
    await flood.stop();
    clients.flooded.close();
    clients.quiet.close();
    await gateway.stop();
  }
}

/** One request at each, in turn; answers how many failed at the flooded one. */
async function sample(clients: Record<keyof Samples, HonestClient>, samples: Samples): Promise<number> {
  const [there, here] = [await clients.flooded.ask(), await clients.quiet.ask()];
  if (here !== undefined) samples.quiet.push(here);
  if (there === undefined) return 1;
  samples.flooded.push(there);
  return 0;
}

/** As many requests as a reading holds, without waiting for an answer. */
async function pipelined(victim: Victim): Promise<Trial> {
  await victim.state();
  const dialled = await dialTls(victim, victim.httpPort);
  const request = new TextEncoder().encode('GET /v1/me HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(10_000));
  await pour(dialled, [request]);
  await Promise.race([dialled.ended, delay(500)]);
  dialled.socket.destroy();
  const { busyMs } = await victim.state();
  return {
    name: `10,000 requests in one go, none waited for: longest turn ${busyMs.toFixed(1)} ms`,
    through: busyMs > TURN_MAX_MS,
    tried: 10_000,
  };
}

/** At the double a few hundred silent connections are enough: it is full, and stays so. */
async function againstDouble(): Promise<AttackResult> {
  const victim = await startVictim({ weak: true });
  const flood = startFlood({ victim, kind: 'tcp', sockets: 450, addresses: 250, again: true, atOnce: 50 });
  try {
    await standing(flood, 400, 5_000);
    const client = createHonestClient(victim);
    const served = await client.askAnew();
    client.close();
    return resultOf([
      { name: 'a newcomer is refused by a server full of silent connections', through: served === undefined },
    ]);
  } finally {
    await flood.stop();
    await victim.stop();
  }
}

function p99(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(0.99 * sorted.length) - 1)] ?? Number.NaN;
}
