import { isDeepStrictEqual } from 'node:util';
import type { Trial } from '../attack.ts';
import type { Operation, Place } from './places.ts';
import { leaks, type Open, type Sides } from './probe.ts';
import { ask, type Seen } from './requests.ts';

/** A key that another tenant has used is as fresh as one that nobody has: neither its answer nor a conflict comes. */
export async function idempotencyKeys(
  operations: readonly Operation[],
  open: Open,
  sides: Sides,
): Promise<readonly Trial[]> {
  const keyed = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'));
  // Two worlds of the same seed, in which the same is done but for the key.
  const [fresh, foreign] = [await asked(keyed, 'nobody', open, sides), await asked(keyed, 'theirs', open, sides)];
  return keyed.map((operation, at) => {
    const [one, other] = [fresh[at], foreign[at]];
    if (one === undefined || other === undefined) throw new Error('an operation was not asked for');
    const why = [
      ...(other.seen.status === one.seen.status ? [] : [`status ${other.seen.status} and not ${one.seen.status}`]),
      ...(other.seen.headers['idempotency-replayed'] === undefined ? [] : ["the other tenant's answer came"]),
      ...(isDeepStrictEqual(other.seen.work, one.seen.work) ? [] : ['other work was done for it']),
      ...other.leaked,
    ];
    return { name: [`${operation.key}, Idempotency-Key`, ...why].join(': '), through: why.length > 0, tried: 2 };
  });
}

/** The attacker's own ordinary requests under a key, each after the other tenant's under a key that says so. */
async function asked(operations: readonly Operation[], owner: string, open: Open, sides: Sides) {
  const world = await open();
  try {
    const { attacker, victim } = sides(world);
    const all: { readonly seen: Seen; readonly leaked: readonly string[] }[] = [];
    for (const operation of operations) {
      const place: Place = { ...keyPlace, operation: operation.key, method: operation.method, path: operation.path };
      const key = (whose: string): string => `${whose} ${operation.key}`.replace(/[^A-Za-z0-9]/g, '-');
      await ask(world, victim, operation, { place, value: key('theirs') });
      const seen = await ask(world, attacker, operation, { place, value: key(owner) });
      all.push({ seen, leaked: leaks(seen, operation, attacker, victim, world) });
    }
    return all;
  } finally {
    await world.close();
  }
}

const keyPlace = { in: 'header', name: 'Idempotency-Key', noun: 'key', at: ['Idempotency-Key'] } as const;
