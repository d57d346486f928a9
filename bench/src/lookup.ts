import { Agent, request } from 'node:https';
import { type FleetSize, planFleet } from './fleet/plan.ts';
import { type Figure, figure, quantile } from './measure.ts';
import { type MeasuredRas, startMeasuredRas } from './ras/measured-ras.ts';

const CONNECTIONS = 16;

/**
 * `GET /v1/doors/{id}` to the bearer of a token, against node's own HTTPS server that does the same three reads of the
 * same record. Both run in one process apart from this one, are asked in turn over 16 connections that stand, and are
 * compared by the CPU time that the process used.
 */
export async function lookup({
  rounds = 15,
  requests = 2000,
  size = { gateways: 10, locksEach: 100 },
}: {
  readonly rounds?: number;
  readonly requests?: number;
  readonly size?: FleetSize;
} = {}): Promise<readonly Figure[]> {
  const ras = await startMeasuredRas('durable', size);
  const doors = planFleet(size).flatMap(({ locks }) => locks.map(({ doorId }) => doorId));
  const agent = new Agent({ ca: ras.ca, keepAlive: true, maxSockets: CONNECTIONS });
  try {
    const api: number[] = [];
    const bare: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const order = round % 2 === 0 ? (['api', 'bare'] as const) : (['bare', 'api'] as const);
      for (const side of order) {
        const port = side === 'api' ? ras.httpPort : ras.barePort;
        const cpuUs = await cpuOf(ras, () => ask(agent, ras, port, doors, requests));
        if (round >= 0) (side === 'api' ? api : bare).push(cpuUs / requests);
      }
    }
    const of = {
      requests: rounds * requests,
      connections: CONNECTIONS,
      api_cpu_us: quantile(api, 0.5),
      bare_cpu_us: quantile(bare, 0.5),
    };
    const name = 'bare node:https with the same lookup / authenticated API route with a lookup, CPU';
    return [figure(name, of.bare_cpu_us / of.api_cpu_us, 'ratio', '>= 0.6', of)];
  } finally {
    agent.destroy();
    await ras.stop();
  }
}

async function cpuOf(ras: MeasuredRas, run: () => Promise<void>): Promise<number> {
  const before = await ras.usage();
  await run();
  return (await ras.usage()).cpuUs - before.cpuUs;
}

async function ask(
  agent: Agent,
  { token, domain }: MeasuredRas,
  port: number,
  doors: readonly string[],
  requests: number,
): Promise<void> {
  let asked = 0;
  const worker = async (): Promise<void> => {
    while (asked < requests) {
      const door = doors[asked++ % doors.length];
      await new Promise<void>((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}` };
        request({ host: domain, port, family: 4, agent, path: `/v1/doors/${door}`, headers }, (answer) => {
          if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
          answer.resume().on('end', resolve);
        })
          .on('error', reject)
          .end();
      });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}
