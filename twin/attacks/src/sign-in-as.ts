import { Buffer } from 'node:buffer';
import { type Random, Secret } from '@cardea/kit-runtime';
import type { Actor, Core, Role } from '@cardea/server-core';

/** Somebody with a role, signed in. */
export interface SignedIn {
  readonly actor: Actor;
  readonly token: string;
}

/** Adds a person of this role and signs it in, with a password of its own unless `ownPassword` is false. */
export async function signInAs(
  core: Core,
  owner: Actor,
  random: Random,
  role: Role,
  ownPassword = true,
): Promise<SignedIn> {
  const name = Buffer.from(random.octets(4)).toString('hex');
  const email = `${name}@twin.cardea.invalid`;
  const first = new Secret('first long passphrase');
  const own = new Secret('second long passphrase');
  await core.persons.add(owner, { name, email, role, password: first });
  const given = await core.access.signIn(email, first, 'attack');
  if (!ownPassword) return signedIn(core, given.token);
  await core.access.changePassword(await core.access.authenticate(given.token), first, own);
  return signedIn(core, (await core.access.signIn(email, own, 'attack')).token);
}

async function signedIn(core: Core, token: Secret<string>): Promise<SignedIn> {
  return { actor: await core.access.authenticate(token), token: token.reveal() };
}
