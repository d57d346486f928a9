import type { Trial } from '../attack.ts';
import type { Operation } from './places.ts';
import { leaks, type Open, type Sides } from './probe.ts';
import { ask } from './requests.ts';

/**
 * What answers without a token (health, the description, and metrics to the machine itself), and every list and export of
 * one's own, names nothing of another tenant.
 */
export async function openPages(operations: readonly Operation[], open: Open, sides: Sides): Promise<readonly Trial[]> {
  const world = await open();
  const { attacker, victim } = sides(world);
  const trials: Trial[] = [];
  try {
    // So that there is something to count.
    for (const operation of operations) {
      if (operation.method === 'GET' && operation.media === 'application/json') await ask(world, victim, operation);
    }
    for (const operation of operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'))) {
      if (operation.media === 'text/event-stream') continue;
      const seen = await ask(world, attacker, operation);
      const said = [
        ...leaks(seen, operation, attacker, victim, world),
        ...(seen.body.includes(victim.token) ? ['the answer says a token'] : []),
      ];
      trials.push({
        name: [`all of GET ${operation.path} (${seen.status})`, ...said].join(': '),
        through: said.length > 0,
      });
    }
    const metrics = operations.find(({ path }) => path === '/metrics');
    if (metrics === undefined) throw new Error('there are no metrics');
    const elsewhere = await ask(world, attacker, metrics, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    const nothing = await ask(world, attacker, { ...metrics, path: '/metricz' });
    const told = elsewhere.status !== 404 || elsewhere.body !== nothing.body;
    trials.push({ name: `GET /metrics through a proxy (${elsewhere.status})`, through: told });
  } finally {
    await world.close();
  }
  return trials;
}
