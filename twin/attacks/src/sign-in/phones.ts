import { isDeepStrictEqual } from 'node:util';
import { generateP256, type P256Pair, signP256 } from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { enrolmentSigned, signInSigned } from '@cardea/server-core';
import type { Trial } from '../attack.ts';
import { newcomer, OWNER, SITE, type SignInWorld, signInWorld } from './world.ts';

const NONE = 'org_00000000000000000000000000';
const OTHER_SITE = 'https://twin.cardea.example';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly work: readonly string[];
}

/** The ways in by the key of a phone: one that was lost, what somebody has overheard or got signed elsewhere, and guessing who has one. */
export async function phoneKeys(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const world = await signInWorld(seed, weak ? { keepsUsed: true } : undefined);
  const { core } = world.ras;
  let senders = 0;
  const challenged = async (): Promise<Uint8Array> => {
    await world.clock.advance(1);
    const response = await world.app.inject({ method: 'POST', url: '/v1/sessions/phone-challenge', payload: {} });
    return fromHex(response.json<{ challenge: string }>().challenge);
  };
  const post = async (payload: object): Promise<Answer> => {
    await world.clock.advance(1);
    world.asked();
    const remoteAddress = newcomer(senders++);
    const response = await world.app.inject({ method: 'POST', url: '/v1/sessions/phone', payload, remoteAddress });
    const id = String(response.headers['x-request-id']);
    return {
      status: response.statusCode,
      body: response.body.replaceAll(id, ''),
      work: world.asked().toSorted(),
    };
  };
  const signed = async (pair: P256Pair, named = pair.publicKey, origin: string = SITE.origin) => {
    const challenge = await challenged();
    const signature = signP256(pair.privateKey, signInSigned(challenge, named, origin));
    return { public_key: toHex(named), challenge: toHex(challenge), signature: toHex(signature) };
  };
  try {
    const owners = generateP256();
    const strangers = generateP256();
    const phoneId = await enrol(world, owners);
    const right = await signed(owners);
    const first = await post(right);
    const trials: Trial[] = [
      { name: `the owner's own phone (${first.status}; else nothing is shown)`, through: first.status !== 201 },
    ];
    const refuse = (name: string, { status }: Answer): void => {
      trials.push({ name: `${name}: ${status}`, through: status === 201 });
    };
    refuse('the same once more', await post(right));
    refuse('what another site got signed', await post(await signed(owners, owners.publicKey, OTHER_SITE)));
    const elsewhere = { ...(await signed(owners)), challenge: toHex(await challenged()) };
    refuse('what was signed for another challenge', await post(elsewhere));
    const guesses = [
      await post(await signed(strangers, owners.publicKey)),
      await post(await signed(strangers, generateP256().publicKey)),
      await post({ ...(await signed(strangers, owners.publicKey)), organization_id: NONE }),
    ];
    const told = guesses.some((guess) => !isDeepStrictEqual(guess, guesses[0]));
    trials.push({
      name: `whose phone there is (${guesses[0]?.status})${told ? ' is told' : ''}`,
      through: told,
      tried: 3,
    });
    await core.phones.lost(world.ras.owner, phoneId);
    refuse('a phone that was reported lost', await post(await signed(owners)));
    return trials;
  } finally {
    await world.close();
  }
}

/** A phone of the owner's, enrolled in a session of the owner's. */
async function enrol({ ras: { core } }: SignInWorld, { publicKey, privateKey }: P256Pair): Promise<string> {
  const { token } = await core.access.signIn(OWNER.email, new Secret(OWNER.password), newcomer(0));
  const actor = await core.access.authenticate(token);
  const { challenge } = await core.phones.challenge(actor);
  const signature = signP256(privateKey, enrolmentSigned(challenge, publicKey));
  return (await core.phones.enrol(actor, { kind: 'phone', name: 'phone', publicKey, challenge, signature })).id;
}
