import { Secret } from '@cardea/kit-runtime';
import { type Actor, CoreError, type WebAuthnJson } from '@cardea/server-core';
import type { Trial } from '../attack.ts';
import { type Authenticator, authenticator } from './authenticator.ts';
import { openStep } from './second-step.ts';
import { OWNER, type SignInWorld, signInWorld, type Weakness } from './world.ts';

const HOME = '192.0.2.10';
const GUEST = 'guest@other.invalid';
const PASSWORD = 'a phrase that a visitor keeps';

/** Answers of passkeys that somebody has got hold of, and passkeys of others. */
export async function passkeyAnswers(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const at = (weakness: Weakness) => (weak ? weakness : undefined);
  return [
    await within(seed, at({ keepsUsed: true }), answeredAgain),
    await within(seed, at({ keepsUsed: true }), answeredAtOnce),
    await within(seed, at({ keepsUsed: true }), wrongThenRight),
    await within(seed, at({ keepsUsed: true }), copied),
    await within(seed, at({ anyChallenge: true }), otherChallenge),
    await within(seed, at({ anyPasskey: true }), anothers),
  ];
}

/** An owner and a guest, each with a passkey. */
interface Keyed {
  readonly world: SignInWorld;
  readonly owners: Authenticator;
  readonly guests: Authenticator;
  /** Opens a sign-in by a passkey alone. */
  open(): Promise<Asked>;
  /** Whose session an answer began: `owner`, `another`, or why none. */
  answer(step: Secret<string>, response: WebAuthnJson): Promise<string>;
}

interface Asked {
  readonly step: Secret<string>;
  readonly challenge: string;
}

async function within(
  seed: number,
  weakness: Weakness | undefined,
  trial: (keyed: Keyed) => Promise<Trial>,
): Promise<Trial> {
  const world = await signInWorld(seed, weakness);
  const { core, owner } = world.ras;
  try {
    const guest = await registered(world);
    const guests = await withPasskey(world, guest, PASSWORD);
    const owners = await withPasskey(world, owner, OWNER.password);
    return await trial({
      world,
      owners,
      guests,
      async open() {
        const { step, options } = await core.secondStep.beginPasskeySignIn(undefined, '');
        return { step, challenge: String(options.challenge) };
      },
      async answer(step, response) {
        try {
          const { person } = await core.secondStep.answer(step, { kind: 'passkey', response }, HOME);
          return person.id === owner.personId ? 'owner' : 'another';
        } catch (error) {
          if (!(error instanceof CoreError)) throw error;
          return error.code;
        }
      },
    });
  } finally {
    await world.close();
  }
}

async function registered({ ras, notices }: SignInWorld): Promise<Actor> {
  const { registration, access } = ras.core;
  await registration.register({ name: 'Guest', address: GUEST }, HOME);
  const { answer } = notices.findLast(({ address }) => address === GUEST) ?? {};
  if (answer == null) throw new Error('the guest was sent no code');
  await registration.confirm(answer.verificationId, answer.code, new Secret(PASSWORD));
  return access.authenticate((await access.signIn(GUEST, new Secret(PASSWORD), HOME)).token);
}

async function withPasskey({ ras }: SignInWorld, actor: Actor, password: string): Promise<Authenticator> {
  const { factors } = ras.core;
  const device = authenticator();
  const { stepId, options } = await factors.beginPasskey(actor, new Secret(password));
  await factors.addPasskey(actor, { stepId, name: 'key', response: device.create(String(options.challenge)) });
  return device;
}

/** The answer to one challenge twice, of an authenticator that does not count. */
async function answeredAgain({ owners, open, answer }: Keyed): Promise<Trial> {
  const { step, challenge } = await open();
  const response = owners.get(challenge, 0);
  const [first, again] = [await answer(step, response), await answer(step, response)];
  return judged('the answer of a passkey', 1, [first, again]);
}

async function answeredAtOnce({ owners, open, answer }: Keyed): Promise<Trial> {
  const { step, challenge } = await open();
  const response = owners.get(challenge, 0);
  return judged('the same at once', 1, await Promise.all([answer(step, response), answer(step, response)]));
}

/** A challenge that was answered wrongly is over, though codes may still be tried at its step. */
async function wrongThenRight({ world, owners, guests, answer }: Keyed): Promise<Trial> {
  const ask = async (): Promise<Asked> => {
    const { step, passkey } = await openStep(world, HOME);
    return { step, challenge: String(passkey?.challenge) };
  };
  const sane = await ask();
  const right = await answer(sane.step, owners.get(sane.challenge, 0));
  const spoiled = await ask();
  const wrong = await answer(spoiled.step, guests.get(spoiled.challenge, 0));
  const again = await answer(spoiled.step, owners.get(spoiled.challenge, 0));
  return judged('a challenge of the second step, right; another, wrong and then right', 1, [right, wrong, again]);
}

/** A copy of a passkey signs fresh challenges, its counter where the true one's was. */
async function copied({ owners, open, answer }: Keyed): Promise<Trial> {
  const outcomes: string[] = [];
  for (const counter of [5, 5, 4, 0]) {
    const { step, challenge } = await open();
    outcomes.push(await answer(step, owners.get(challenge, counter)));
  }
  return judged('a passkey and its copy, counters 5, 5, 4, 0', 1, outcomes);
}

/** What was signed for one step is shown at another: overheard elsewhere, or got by a page that asks for it early. */
async function otherChallenge({ world, owners, open, answer }: Keyed): Promise<Trial> {
  const [one, other] = [await open(), await open()];
  const second = await openStep(world, HOME);
  const overheard = owners.get(one.challenge, 0);
  const outcomes = [
    await answer(other.step, overheard),
    await answer(second.step, overheard),
    await answer(one.step, overheard),
  ];
  return judged('the answer to one challenge at two other steps, and at its own', 1, outcomes);
}

/** A guest's passkey at the owner's step, under its own name and under that of the owner's. */
async function anothers({ world, owners, guests, open, answer }: Keyed): Promise<Trial> {
  const outcomes: string[] = [];
  for (const name of [guests, owners]) {
    const { step, passkey } = await openStep(world, HOME);
    const challenge = String(passkey?.challenge);
    const { id, rawId } = name.get(challenge, 0);
    outcomes.push(await answer(step, { ...guests.get(challenge, 0), id, rawId }));
  }
  const alone = await open();
  outcomes.push(await answer(alone.step, guests.get(alone.challenge, 0)));
  const own = await open();
  outcomes.push(await answer(own.step, owners.get(own.challenge, 0)));
  return judged('a guest’s passkey for the owner’s, thrice, and the owner’s own', 1, outcomes);
}

/** `rightly` of the answers are the owner's own: without them the others' being refused would show nothing. */
function judged(name: string, rightly: number, outcomes: readonly string[]): Trial {
  const owner = outcomes.filter((outcome) => outcome === 'owner').length;
  return { name: `${name}: ${outcomes.join(', ')}`, through: owner !== rightly, tried: outcomes.length };
}
