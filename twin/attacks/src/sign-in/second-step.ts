import { createHmac } from 'node:crypto';
import { Secret } from '@cardea/kit-runtime';
import { CoreError, type PendingSignIn, type SecondStepAnswer } from '@cardea/server-core';
import type { Trial } from '../attack.ts';
import { newcomer, type Outcome, OWNER, outcomeOf, type SignInWorld, signInWorld, type Weakness } from './world.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = 30_000;

/** Codes by time and recovery codes, for somebody who holds the password already. */
export async function secondStepCodes(seed: number, weak: boolean, effort: number): Promise<readonly Trial[]> {
  return [
    await guessingForHours(seed, weak, effort),
    await guessingAtOnce(seed, weak),
    ...(await usedAgain(seed, weak)),
  ];
}

/** An owner with an authenticator. */
interface Guarded {
  readonly world: SignInWorld;
  /** What the authenticator shows now. */
  shown(): Secret<string>;
  readonly recoveryCodes: readonly Secret<string>[];
}

async function guarded(seed: number, weakness: Weakness | undefined): Promise<Guarded> {
  const world = await signInWorld(seed, weakness);
  const { core, owner } = world.ras;
  const { secret } = await core.factors.beginTotp(owner, new Secret(OWNER.password));
  const shown = (): Secret<string> => new Secret(totp(secret.reveal(), world.clock.now()));
  const recoveryCodes = await core.factors.confirmTotp(owner, shown());
  await world.clock.advance(2 * STEP_MS);
  return { world, shown, recoveryCodes };
}

/** What a right password leads to, or how long it has to wait. */
async function stepOf({ ras }: SignInWorld, from: string): Promise<PendingSignIn | Outcome> {
  try {
    await ras.core.access.signIn(OWNER.email, new Secret(OWNER.password), from);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return error.pending ?? { code: error.code, waitS: error.retryAfterS ?? 0 };
  }
  throw new Error('the password alone signed in');
}

/** A step of the owner's sign-in, its password given. */
export async function openStep(world: SignInWorld, from: string): Promise<PendingSignIn> {
  const step = await stepOf(world, from);
  if (!('step' in step)) throw new Error(`no second step: ${step.code}`);
  return step;
}

function answer(world: SignInWorld, step: PendingSignIn, given: SecondStepAnswer, from: string): Promise<Outcome> {
  return outcomeOf(world.ras.core.secondStep.answer(step.step, given, from));
}

/** Guesses for two hours over ever new steps, from ever new addresses, as fast as it is let. */
async function guessingForHours(seed: number, weak: boolean, effort: number): Promise<Trial> {
  const { world } = await guarded(seed, weak ? { forgets: 'factor ' } : undefined);
  // Five that cost nothing, the doubling waits, then four an hour.
  const most = 5 + 10 + 2 * 4;
  const list = 300 * effort;
  try {
    const before = world.looks();
    const endsAt = world.clock.now() + 2 * HOUR_MS;
    let tried = 0;
    let senders = 0;
    while (tried < list && world.clock.now() < endsAt) {
      const from = newcomer(senders++);
      const step = await stepOf(world, from);
      let waitS = 'step' in step ? 0 : step.waitS;
      for (let n = 0; n < 5 && waitS === 0 && 'step' in step; n++) {
        const code = new Secret(String(tried++ % 1_000_000).padStart(6, '0'));
        ({ waitS } = await answer(world, step, { kind: 'totp', code }, from));
      }
      await world.clock.advance(waitS * 1000);
    }
    const looked = world.looks() - before;
    return {
      name: `codes by time guessed for two hours with the right password: ${looked} looked at (at most ${most})`,
      through: looked > most || looked === 0,
      tried,
    };
  } finally {
    await world.close();
  }
}

/** Twenty open steps, five guesses at each, all at the same moment. */
async function guessingAtOnce(seed: number, weak: boolean): Promise<Trial> {
  const { world } = await guarded(seed, weak ? { forgets: 'factor ' } : undefined);
  const most = 5;
  try {
    const steps: PendingSignIn[] = [];
    for (let n = 0; n < 20; n++) steps.push(await openStep(world, newcomer(n)));
    const before = world.looks();
    const given = { kind: 'totp', code: new Secret('000000') } as const;
    const guesses = steps.flatMap((step) => Array.from({ length: 5 }, () => answer(world, step, given, newcomer(99))));
    await Promise.all(guesses);
    const looked = world.looks() - before;
    return {
      name: `100 codes by time guessed at once, over 20 steps: ${looked} looked at (at most ${most})`,
      through: looked > most || looked === 0,
      tried: guesses.length,
    };
  } finally {
    await world.close();
  }
}

/** A code that somebody has looked over the owner's shoulder for: once used, at the next step and time, and at once. */
async function usedAgain(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const { world, shown, recoveryCodes } = await guarded(seed, weak ? { keepsUsed: true } : undefined);
  const { clock } = world;
  const home = '192.0.2.10';
  const twice = async (what: string, given: SecondStepAnswer): Promise<Trial> => {
    const first = await openStep(world, home);
    const others = [await openStep(world, home), await openStep(world, home)];
    const codes = [(await answer(world, first, given, home)).code];
    for (const step of others) {
      codes.push((await answer(world, step, given, home)).code);
      // Within the time that a clock may differ by.
      await clock.advance(STEP_MS);
    }
    const ins = codes.filter((code) => code === 'in').length;
    return { name: `${what} thrice: ${codes.join(', ')}`, through: codes[0] !== 'in' || ins !== 1, tried: 3 };
  };
  const atOnce = async (what: string, given: SecondStepAnswer): Promise<Trial> => {
    const steps = [await openStep(world, home), await openStep(world, home)];
    const outcomes = await Promise.all(steps.map((step) => answer(world, step, given, home)));
    const ins = outcomes.filter(({ code }) => code === 'in').length;
    return { name: `${what} twice at once: ${ins} in`, through: ins !== 1, tried: 2 };
  };
  const [one = new Secret(''), two = new Secret('')] = recoveryCodes;
  try {
    const trials: Trial[] = [await twice('one code by time', { kind: 'totp', code: shown() })];
    await clock.advance(HOUR_MS);
    trials.push(await atOnce('one code by time', { kind: 'totp', code: shown() }));
    await clock.advance(HOUR_MS);
    trials.push(await twice('one recovery code', { kind: 'recovery_code', code: one }));
    await clock.advance(HOUR_MS);
    trials.push(await atOnce('one recovery code', { kind: 'recovery_code', code: two }));
    return trials;
  } finally {
    await world.close();
  }
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 6238 with SHA-1, 6 digits and 30 s: what an authenticator shows for a secret in base32. */
function totp(base32: string, nowMs: number): string {
  const bits = Array.from(base32, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / STEP_MS)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac.readUInt8(19) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
