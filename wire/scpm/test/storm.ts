import { equal, toHex } from '@cardea/kit-octets';
import { isJoined } from '../src/index.ts';
import { activeKey, CALM, type Weather, World, type WorldOptions } from './world.ts';

/** What one run under bad weather came to; empty when all that has to hold does. */
export interface StormReport {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly delivered: number;
  readonly cuts: number;
}

const STORM: Weather = { loss: 0.15, duplicates: 0.15, delayMs: 400, cuts: 0.03 };
const MESSAGE_LIFE_MS = 20_000;

/**
 * A device joins, is given a new key and sends and receives messages, while frames are lost, doubled and overtake one
 * another and the power is cut between any two effects at either end. Then the weather clears, and everything has to be
 * well: both ends with the same key, able to talk, no message delivered twice, none that was said to be lost for certain.
 */
export function storm(seed: number, options: Omit<WorldOptions, 'seed'> = {}): StormReport {
  const world = new World({ ...options, seed, weather: { ...STORM, ...options.weather } });
  const device = world.device().address;
  const faults: string[] = [];
  const sent = new Map<string, number>();
  let token = 1;
  const send = (from: 'ksn' | 'device-0'): void => {
    const octets = world.random.octets(1 + (world.random.octets(1)[0] ?? 0) * 2);
    sent.set(toHex(octets), world.nowMs + MESSAGE_LIFE_MS);
    const to = from === 'ksn' ? device : world.ksn.address;
    world.tell(from, {
      kind: 'send',
      to,
      keyIndex: 1,
      octets,
      token: token++,
      expiresAtMs: world.nowMs + MESSAGE_LIFE_MS,
    });
  };

  world.join();
  world.pass(60_000);
  for (let i = 0; i < 6; i++) {
    send(i % 2 === 0 ? 'ksn' : 'device-0');
    if (i === 2) world.tell('ksn', { kind: 'update-key', keyIndex: 1, key: world.freshKey() });
    world.pass(15_000);
  }
  world.weather = CALM;
  // A command that the KSN lost before it was on record was never acknowledged: whoever gave it gives it again.
  if (world.ksn.entries.length === 0) world.join();
  world.pass(15 * 60_000, () => isJoined(world.ksn, device) && world.ksn.domainKeys[0]?.next === undefined);
  world.pass(60_000);

  const atKsn = world.ksn.peers.find(({ address }) => equal(address, device))?.keys ?? [];
  if (!isJoined(world.ksn, device)) faults.push('the device has not joined');
  if (activeKey(world.device().keys, 1) !== activeKey(atKsn, 1)) faults.push('the ends have different keys');
  if (world.ksn.domainKeys[0]?.next !== undefined) faults.push('the update has not ended');
  for (const from of ['ksn', 'device-0'] as const) {
    const to = from === 'ksn' ? 'device-0' : 'ksn';
    const before = world.of(to, 'deliver').length;
    send(from);
    world.pass(10_000);
    if (world.of(to, 'deliver').length !== before + 1) faults.push(`${from} cannot reach ${to}`);
  }
  const deliveries = [...world.of('ksn', 'deliver'), ...world.of('device-0', 'deliver')].map(({ octets }) =>
    toHex(octets),
  );
  if (new Set(deliveries).size !== deliveries.length) faults.push('a message was delivered twice');
  if (deliveries.some((octets) => !sent.has(octets))) faults.push('a message was delivered that nobody sent');
  return { seed, faults, delivered: deliveries.length, cuts: world.cuts };
}
