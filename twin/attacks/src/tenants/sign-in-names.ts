import type { Trial } from '../attack.ts';
import type { Operation, Place } from './places.ts';
import { compared, leaks, type Open, type Sides } from './probe.ts';
import { ask, type Seen } from './requests.ts';

/** A sign-in name that the other organization knows is as free, and as unknown, as one that nobody has. */
export async function signInNames(
  operations: readonly Operation[],
  open: Open,
  sides: Sides,
): Promise<readonly Trial[]> {
  const world = await open();
  const { attacker, victim } = sides(world);
  const trials: Trial[] = [];
  try {
    for (const operation of operations) {
      const name = ['email', 'owner_email'].find((each) => operation.body?.properties?.[each] !== undefined);
      if (name === undefined) continue;
      const { key, method, path } = operation;
      const place: Place = { operation: key, method, path, in: 'body', name, noun: 'email', at: [name] };
      // As long as the true one, so that the answers are.
      const strange = victim.email.replace('desk', 'disk');
      const named = (value: string) => async (): Promise<Seen> =>
        withoutNews(await ask(world, attacker, operation, { place, value }));
      const { seen, differing } = await compared(named(victim.email), named(strange));
      const why = [...differing, ...leaks(seen, operation, attacker, victim, world)];
      trials.push({ name: [`${key}, ${name}`, ...why].join(': '), through: why.length > 0, tried: 2 });
    }
  } finally {
    await world.close();
  }
  return trials;
}

/** What was made anew differs each time: ids, moments, generated words. */
function withoutNews(seen: Seen): Seen {
  const plain = (text: string): string =>
    text
      .replace(/[a-z]+_[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
      .replace(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, '<time>')
      .replace(/long new text \d+/g, '<text>')
      .replace(/"password":"[^"]*"/g, '<password>');
  const headers = Object.fromEntries(
    Object.entries(seen.headers).map(([name, value]) => [name, name === 'content-length' ? '' : plain(String(value))]),
  );
  return { ...seen, headers, body: plain(seen.body) };
}
