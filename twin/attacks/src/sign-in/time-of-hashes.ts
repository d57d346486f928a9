import { Secret } from '@cardea/kit-runtime';
import { createPasswords } from '@cardea/server-main';
import type { Trial } from '../attack.ts';

/**
 * What the product's own slow hash (argon2id) takes for somebody and for nobody, by turns. It is shown and not judged: a
 * machine that is busy with other things says anything; that the same steps are taken is what the other parts compare.
 */
export async function timeOfHashes(effort: number): Promise<Trial> {
  const passwords = createPasswords();
  const hash = await passwords.hash(new Secret('the true password'));
  const wrong = new Secret('not the true password');
  const rounds = 20 * effort;
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let round = -2; round < rounds; round++) {
    for (const [who, stored] of [['known', hash] as const, ['unknown', undefined] as const]) {
      const begin = performance.now();
      await passwords.verify(stored, wrong);
      // The first two warm up.
      if (round >= 0) times[who].push(performance.now() - begin);
    }
  }
  const [known, unknown] = [median(times.known), median(times.unknown)];
  const shown = `${known.toFixed(1)} ms for somebody, ${unknown.toFixed(1)} ms for nobody (medians of ${rounds} by turns)`;
  return { name: `measured: ${shown}, ratio ${(known / unknown).toFixed(3)}`, through: false, tried: 2 * rounds };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}
