import { isDeepStrictEqual } from 'node:util';
import type { Trial } from '../attack.ts';
import { OWNER, type SignInWorld, signInWorld } from './world.ts';

/** As long as the owner's. */
const NOBODY = OWNER.email.replace('owner', 'nobod');
const PERSON = 'owner';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** What it took: questions to the record whatever their order, and slow hashes. */
  readonly work: readonly string[];
}

/**
 * Whether there is an account with this e-mail address: the answer, its headers and the work behind it are the same. The
 * work is compared, not the time: what takes the same steps takes the same time, and a clock would only say so less surely.
 */
export async function enumeration(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const world = await signInWorld(seed, weak ? { skipsNobody: true } : undefined);
  try {
    const trials: Trial[] = [];
    // The sixth from one address is locked out: that must not tell either.
    for (let time = 1; time <= 6; time++) {
      // So that no alert of a burst is raised meanwhile, which would fall on one of the two by chance.
      if (time < 6) await world.clock.advance(3 * 60_000);
      const known = await signIn(world, OWNER.email);
      const unknown = await signIn(world, NOBODY);
      const differing = (['status', 'headers', 'body', 'work'] as const).filter(
        (part) => !isDeepStrictEqual(known[part], unknown[part]),
      );
      const what = `try ${time} (${known.status}), ${known.work.length} steps`;
      const told = differing.length === 0 ? '' : `: ${differing.join(', ')} tell whether there is such an account`;
      trials.push({ name: `enumeration at the sign-in, ${what}${told}`, through: differing.length > 0, tried: 2 });
    }
    return trials;
  } finally {
    await world.close();
  }
}

async function signIn(world: SignInWorld, email: string): Promise<Answer> {
  // The rate limit's bucket is full again.
  await world.clock.advance(1);
  world.asked();
  const before = world.hashes();
  const response = await world.app.inject({
    method: 'POST',
    url: '/v1/sessions',
    payload: { email, password: 'not the password' },
  });
  const hashes = Array.from({ length: world.hashes() - before }, () => 'slow hash');
  const id = String(response.headers['x-request-id']);
  return {
    status: response.statusCode,
    headers: Object.fromEntries(
      Object.entries(response.headers).filter(([name]) => name !== 'x-request-id' && name !== 'date'),
    ),
    body: response.body.replaceAll(id, '').replaceAll(email, PERSON),
    work: [...world.asked(), ...hashes].sort(),
  };
}
