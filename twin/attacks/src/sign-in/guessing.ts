import type { Trial } from '../attack.ts';
import { OWNER, signInWorld } from './world.ts';

const HOUR_MS = 3_600_000;

/**
 * Credential stuffing: a list of other sites' pairs, each account tried once, from one address, as fast as it is let for
 * a day. What counts is how many pairs were looked at.
 */
export async function stuffing(seed: number, weak: boolean, effort: number): Promise<Trial> {
  const world = await signInWorld(seed, weak ? { forgets: 'address ' } : undefined);
  const pairs = 1000 * effort;
  const most = 200;
  try {
    const before = world.hashes();
    const endsAt = world.clock.now() + 24 * HOUR_MS;
    let tried = 0;
    while (tried < pairs && world.clock.now() < endsAt) {
      const { code, waitS } = await world.try(
        `guest-${tried}@other.invalid`,
        `leaked password ${tried}`,
        '198.51.100.7',
      );
      if (code === 'locked_out') await world.clock.advance(waitS * 1000);
      else tried++;
    }
    const looked = world.hashes() - before;
    return {
      name: `stuffing from one address for a day: ${looked} of ${pairs} pairs looked at (at most ${most})`,
      through: looked > most,
      tried,
    };
  } finally {
    await world.close();
  }
}

/** A list of passwords against one account from ever new addresses, as fast as it is let for two hours. */
export async function guessing(seed: number, weak: boolean, effort: number): Promise<Trial> {
  const world = await signInWorld(seed, weak ? { forgets: 'account ' } : undefined);
  const list = 2000 * effort;
  // 20 that cost nothing, the doubling waits, then two a minute.
  const most = 20 + 5 + 2 * 60 * 2;
  try {
    const before = world.hashes();
    const endsAt = world.clock.now() + 2 * HOUR_MS;
    let tried = 0;
    let addresses = 0;
    while (tried < list && world.clock.now() < endsAt) {
      const from = `203.0.${addresses >> 8}.${addresses & 255}`;
      addresses++;
      const { code, waitS } = await world.try(OWNER.email, `password ${tried}`, from);
      if (code === 'locked_out') await world.clock.advance(waitS * 1000);
      else tried++;
    }
    const looked = world.hashes() - before;
    return {
      name: `one account from ${addresses} addresses for two hours: ${looked} guesses looked at (at most ${most})`,
      through: looked > most,
      tried,
    };
  } finally {
    await world.close();
  }
}

/** Whoever knows the owner's e-mail address fails at it without end, so that the owner cannot sign in. */
export async function lockedOutOwner(seed: number, weak: boolean): Promise<Trial> {
  const world = await signInWorld(seed, weak ? { forgetsSenders: true } : undefined);
  try {
    const office = '192.0.2.10';
    await world.try(OWNER.email, OWNER.password, office);
    let tried = 0;
    let refused = 0;
    const visits = 12;
    for (let visit = 0; visit < visits; visit++) {
      for (let second = 0; second < 300; second++) {
        await world.try(OWNER.email, 'wrong', `203.0.${tried >> 8}.${tried & 255}`);
        tried++;
        await world.clock.advance(1000);
      }
      if ((await world.try(OWNER.email, OWNER.password, office)).code !== 'in') refused++;
    }
    return {
      name: `strangers fail every second for an hour: the owner was refused ${refused} of ${visits} times`,
      through: refused > 0,
      tried,
    };
  } finally {
    await world.close();
  }
}

/** A thousand sign-ins at the same moment, each a slow hash: somebody known still gets in. */
export async function floodOfHashes(seed: number): Promise<Trial> {
  const world = await signInWorld(seed, undefined);
  try {
    const office = '192.0.2.10';
    await world.try(OWNER.email, OWNER.password, office);
    const before = world.hashes();
    const flood = Array.from({ length: 1000 }, (_, n) =>
      world.try(`guest-${n}@other.invalid`, 'x', `203.0.${n >> 8}.${n & 255}`),
    );
    const owner = await world.try(OWNER.email, OWNER.password, office);
    const codes = (await Promise.all(flood)).map(({ code }) => code);
    const shed = codes.filter((code) => code === 'unavailable').length;
    return {
      name: `1,000 sign-ins at once: ${world.hashes() - before} hashes computed, ${shed} turned away; the owner: ${owner.code}`,
      through: owner.code !== 'in' || shed === 0,
      tried: 1000,
    };
  } finally {
    await world.close();
  }
}
