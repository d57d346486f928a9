import { Secret } from '@cardea/kit-runtime';
import type { Trial } from '../attack.ts';
import { newcomer, OWNER, outcomeOf, type SignInWorld, signInWorld } from './world.ts';

const DAY_MS = 24 * 3_600_000;
const CHOSEN = new Secret('chosen by whoever has the code');

/** Codes that are sent: how often one is guessed at, how many there are to guess at, and whether one works again. */
export async function sentCodes(seed: number, weak: boolean, effort: number): Promise<readonly Trial[]> {
  return [
    await triesAtACode(seed, weak, effort),
    await codesForAnAddress(seed, weak, effort),
    await codesForASender(seed, weak, effort),
    await usedAgain(seed, weak),
  ];
}

/** A recovery of the owner's password: what was sent to the owner alone, for the attacker's luck to stand in for. */
async function recovery(
  world: SignInWorld,
  from: string,
): Promise<{ readonly id: string; readonly code: Secret<string> }> {
  await world.ras.core.registration.recover({ address: OWNER.email }, from);
  const { answer } = world.notices.findLast(({ address }) => address === OWNER.email) ?? {};
  if (answer == null) throw new Error('the owner was sent no code');
  return { id: answer.verificationId, code: answer.code };
}

/** Wrong codes, then the right one: when is it too late for luck? */
async function triesAtACode(seed: number, weak: boolean, effort: number): Promise<Trial> {
  const world = await signInWorld(seed, weak ? { forgetsTries: true } : undefined);
  const { registration } = world.ras.core;
  const guesses = async (wrong: number): Promise<string> => {
    const { id, code } = await recovery(world, '198.51.100.7');
    for (let n = 0, tried = 0; tried < wrong; n++) {
      const guess = String(n).padStart(6, '0');
      if (guess === code.reveal()) continue;
      await outcomeOf(registration.confirm(id, new Secret(guess), CHOSEN));
      tried++;
    }
    await world.clock.advance(60_000);
    return (await outcomeOf(registration.confirm(id, code, CHOSEN))).code;
  };
  try {
    const [few, five, many] = [await guesses(4), await guesses(5), await guesses(100 * effort)];
    return {
      name: `a sent code: the right one after 4 wrong ones is ${few}, after 5 ${five}, after ${100 * effort} ${many}`,
      // That the fifth try is looked at shows that the code is the right one.
      through: few !== 'in' || five === 'in' || many === 'in',
      tried: 4 + 5 + 100 * effort,
    };
  } finally {
    await world.close();
  }
}

/** As many codes for the owner as can be had within a day, from ever new addresses: each is five more guesses. */
async function codesForAnAddress(seed: number, weak: boolean, effort: number): Promise<Trial> {
  const world = await signInWorld(seed, weak ? { forgetsSent: true } : undefined);
  const { registration } = world.ras.core;
  const most = 10;
  try {
    const endsAt = world.clock.now() + DAY_MS;
    let asked = 0;
    while (asked < 300 * effort && world.clock.now() < endsAt) {
      // By turns by either way in, and however the address is written.
      const address = asked % 3 === 0 ? OWNER.email.toUpperCase() : OWNER.email;
      const from = newcomer(asked++);
      const { waitS } = await outcomeOf(
        asked % 2 === 0
          ? registration.register({ name: 'Owner', address }, from)
          : registration.recover({ address }, from),
      );
      await world.clock.advance(Math.max(1, Math.min(waitS, 600)) * 1000);
    }
    const sent = world.notices.filter(({ address }) => address === OWNER.email).length;
    return {
      name: `codes for one address in a day, asked for ${asked} times: ${sent} messages (at most ${most})`,
      through: sent > most || sent === 0,
      tried: asked,
    };
  } finally {
    await world.close();
  }
}

/** One sender has a message sent to ever new addresses for an hour, at others' cost. */
async function codesForASender(seed: number, weak: boolean, effort: number): Promise<Trial> {
  const world = await signInWorld(seed, undefined);
  const most = 20;
  const asks = 200 * effort;
  try {
    for (let n = 0; n < asks; n++) {
      const address = n % 2 === 0 ? `guest-${n}@other.invalid` : `+4930${String(n).padStart(7, '0')}`;
      // The double takes every connection for another sender.
      const from = weak ? `198.51.100.7:${20_000 + n}` : '198.51.100.7';
      await outcomeOf(world.ras.core.registration.register({ name: 'Guest', address }, from));
      await world.clock.advance(Math.floor(3_500_000 / asks));
    }
    const sent = world.notices.length;
    return {
      name: `codes asked for by one sender, ${asks} addresses in an hour: ${sent} messages (at most ${most})`,
      through: sent > most || sent === 0,
      tried: asks,
    };
  } finally {
    await world.close();
  }
}

/** One code twice, twice at once, and when its time is over. */
async function usedAgain(seed: number, weak: boolean): Promise<Trial> {
  const world = await signInWorld(seed, weak ? { keepsUsed: true } : undefined);
  const { clock, ras } = world;
  const confirm = async ({ id, code }: { readonly id: string; readonly code: Secret<string> }): Promise<string> =>
    (await outcomeOf(ras.core.registration.confirm(id, code, CHOSEN))).code;
  try {
    const one = await recovery(world, '198.51.100.7');
    const once = [await confirm(one), await confirm(one)];
    await clock.advance(60_000);
    const other = await recovery(world, '198.51.100.7');
    const both = await Promise.all([confirm(other), confirm(other)]);
    await clock.advance(60_000);
    const late = await recovery(world, '198.51.100.7');
    await clock.advance(600_000);
    const ended = await confirm(late);
    const ins = (codes: readonly string[]): number => codes.filter((code) => code === 'in').length;
    return {
      name: `a code used twice: ${once.join(', ')}; twice at once: ${both.toSorted().join(', ')}; after its end: ${ended}`,
      through: once[0] !== 'in' || ins(once) !== 1 || ins(both) !== 1 || ended === 'in',
      tried: 5,
    };
  } finally {
    await world.close();
  }
}
