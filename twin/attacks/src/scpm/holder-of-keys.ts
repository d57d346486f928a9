import { seededRandom } from '@cardea/kit-node';
import type { Random } from '@cardea/kit-runtime';
import { CHANNEL, decodeRequest, encodeRequest, LockError } from '@cardea/wire-lock';
import { decodeHop, encodeHop, encodePadata, type Padata, ScpmError, sealFrame, suiteOf } from '@cardea/wire-scpm';
import type { Trial } from '../attack.ts';
import { BenchLock } from '../bench-lock.ts';
import { Domain } from './domain.ts';
import { draw, flipped } from './meddle.ts';

const CHANNELS = [...Object.values(CHANNEL), 5, 63];
const RANDOM_MESSAGES = 200;

/**
 * The gateway of attack 20 as key setting node: it holds every key of SCPM, has heard all that its lock was ever told,
 * and says what it likes. Whatever it says reaches the lock as an opaque message and no other way, and the lock obeys
 * none. In the weak double the lock takes the hop's protection for authority.
 */
export function holderOfKeys(seed: number, weak: boolean): readonly Trial[] {
  const random = seededRandom(`attack 20 keys ${seed}`);
  const domain = new Domain({ seed: `attack 20 ${seed}` });
  domain.join();
  const lock = obedientTo(seed);
  const isObeyed = obeysItsOwner(domain, lock);
  const orders = ordersOf(lock, random);
  const moved = lock.bolt.length;
  const trusting: string[] = [];
  for (const { channel, octets } of orders) {
    if (channel >= 1) domain.send('ksn', 'lock', encodeHop({ channel, octets }));
    domain.pass(500);
  }
  for (const octets of managementOf(domain)) {
    domain.inject(octets);
    domain.pass(500);
  }
  for (const { octets } of domain.of('lock', 'deliver')) {
    const message = hopOf(octets);
    if (message === undefined) continue;
    lock.give(message.channel, message.octets);
    const plain = plainOrder(message.octets);
    if (plain !== undefined) trusting.push(plain);
  }
  lock.pass(60_000);
  const delivered = domain.of('lock', 'deliver').length;
  const name = 'a gateway that holds every key of SCPM';
  if (weak) return [{ name: `${name}: the bolt moves for what came under them`, through: trusting.length > 0 }];
  return [
    { name: `${name}: the bolt moves`, through: lock.bolt.length > moved, tried: delivered },
    { name: `${name}: it reaches the lock otherwise than by opaque messages`, through: reachesOtherwise(domain) },
    { name: `${name}: nothing of it reaches the lock (then the trials above show nothing)`, through: delivered < 100 },
    { name: `${name}: the lock does not obey its owner through it (the same)`, through: !isObeyed },
  ];
}

/** A lock that has obeyed its owner, and what it heard. */
function obedientTo(seed: number): BenchLock {
  const lock = new BenchLock(seed);
  lock.agree('bind');
  lock.agree('session');
  lock.setTime();
  for (const operation of ['unlock', 'lock'] as const) {
    lock.ask(lock.operate(operation));
    lock.pass(2_000);
  }
  return lock;
}

/** The same hop with an honest gateway: what the owner sealed moves the bolt. */
function obeysItsOwner(domain: Domain, lock: BenchLock): boolean {
  const { opened } = lock;
  domain.send('ksn', 'lock', encodeHop({ channel: CHANNEL.lock, octets: lock.operate('unlock') }));
  domain.pass(5_000);
  const message = hopOf(domain.of('lock', 'deliver').at(-1)?.octets ?? new Uint8Array(0));
  if (message !== undefined) lock.give(message.channel, message.octets);
  lock.pass(2_000);
  return lock.opened === opened + 1;
}

interface Order {
  readonly channel: number;
  readonly octets: Uint8Array;
}

/** All that the lock heard, as it was, altered and on other channels; orders in plain; and what chance makes. */
function ordersOf(lock: BenchLock, random: Random): readonly Order[] {
  const heard = lock.heard.filter(({ toLock }) => toLock);
  const body = { name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: lock.nowS } as const;
  return [
    ...heard,
    ...heard.flatMap(({ octets }) => CHANNELS.map((channel) => ({ channel, octets }))),
    ...heard.map(({ channel, octets }) => ({ channel, octets: flipped(octets, draw(random, 8 * octets.length)) })),
    ...CHANNELS.map((channel) => ({ channel, octets: encodeRequest('operate', body) })),
    ...Array.from({ length: RANDOM_MESSAGES }, () => {
      const channel = CHANNELS[draw(random, CHANNELS.length)] ?? CHANNEL.lock;
      return { channel, octets: random.octets(1 + draw(random, 200)) };
    }),
  ];
}

/** Every other operation under the user key and the serial key, with either service, at the number that the lock expects. */
function* managementOf(domain: Domain): Generator<Uint8Array> {
  const [sa, da] = [domain.addressOf('ksn'), domain.addressOf('lock')];
  const key = new Uint8Array(16);
  const material = { version: 2 ** 32 - 1, algorithm: 1, key } as const;
  const operations: readonly Padata[] = [
    { kind: 'user-key', keyIndex: 1, ...material, heard: [1, 2] },
    { kind: 'provider-key', keyIndex: 3, ...material },
    { kind: 'forget-key', keyIndex: 3 },
    { kind: 'new-master-key', keyIndex: 1, ...material },
    { kind: 'commit', keyIndex: 1, version: 1 },
    { kind: 'abort', keyIndex: 1, version: 1 },
    { kind: 'update-request', keyIndex: 1 },
  ];
  for (const padata of operations) {
    for (const services of ['auth', 'auth+enc'] as const) {
      for (const held of domain.lock().keys) {
        const { keyIndex, version, algorithm } = held;
        const direction = { sa, da, response: false, dh: false };
        const suiteKey = { profile: 'hardened', algorithm, key: held.key.reveal() } as const;
        const suite = suiteOf(domain.primitives, suiteKey, direction);
        const lines = domain.lock().peers.flatMap((peer) => peer.lines);
        const line = lines.find((each) => each.keyIndex === keyIndex && each.version === version && !each.dh);
        const head = { ...direction, keyIndex, services, snf: line?.expected ?? 1 };
        yield sealFrame(suite, head, encodePadata(padata));
      }
    }
  }
}

/** What SCPM may tell a lock's actor because of a frame; of these `deliver` alone goes to the lock's own machine. */
const OF_SCPM_ALONE = ['transmit', 'persist', 'make-random', 'make-dh', 'agree-dh', 'key', 'trouble', 'wake'];

function reachesOtherwise(domain: Domain): boolean {
  return domain.effects.some(
    ({ at, effect }) =>
      at === 'lock' &&
      effect.kind !== 'deliver' &&
      effect.kind !== 'message-done' &&
      !OF_SCPM_ALONE.includes(effect.kind),
  );
}

function hopOf(octets: Uint8Array): Order | undefined {
  try {
    return decodeHop(octets);
  } catch (error) {
    if (error instanceof ScpmError) return undefined;
    throw error;
  }
}

/** What the weak double obeys: an order for the bolt as it stands. */
function plainOrder(octets: Uint8Array): string | undefined {
  try {
    const decoded = decodeRequest(octets);
    if (decoded.kind !== 'request') return undefined;
    const { body } = decoded.request;
    return body.name === 'lock_control' ? body.operation : undefined;
  } catch (error) {
    if (error instanceof LockError) return undefined;
    throw error;
  }
}
