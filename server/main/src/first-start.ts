import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFileDurably } from '@cardea/kit-node';
import { type Log, Secret } from '@cardea/kit-runtime';
import { type Core, localActor, type Person, type Store } from '@cardea/server-core';

/** How long the local command line stays signed in; whoever can read its file can read the whole record anyway. */
const CLI_TOKEN_DAYS = 365;
const CLI_TOKEN_NAME = 'command line of this machine';

/** The owner made at the first start. The password is shown once and has to be changed at the first sign-in. */
export interface FirstOwner {
  readonly email: string;
  readonly password: Secret<string>;
}

/** A password of 120 bits, to be shown once. */
export const generatePassword = (): Secret<string> => new Secret(randomBytes(15).toString('base64url'));

/** On an empty record: makes the organization and its owner with a generated password. Undefined when there is one. */
export async function foundOnce(
  core: Core,
  store: Store,
  settings: { readonly organization: string; readonly ownerEmail: string },
): Promise<FirstOwner | undefined> {
  const organizations = await store.read((tx) => tx.organizations.list());
  if (organizations.length > 0) return undefined;
  const password = generatePassword();
  await core.access.found({
    organization: settings.organization,
    name: 'Operator',
    email: settings.ownerEmail,
    password,
  });
  return { email: settings.ownerEmail, password };
}

/**
 * Signs the command line of this machine in: writes `file` (mode 0600) with an API token of the owner. At the first start
 * always; later only the address is brought up to date, and a token replaced that is no longer good, or not for all that an
 * owner may: a file that `cardea logout` has removed stays away.
 */
export async function signCliIn(
  core: Core,
  store: Store,
  file: string,
  server: { readonly url: string; readonly caFile: string | undefined },
  options: { readonly first: boolean; readonly log: Log },
): Promise<void> {
  const known = readToken(file);
  if (known === undefined && !options.first) return;
  const token = known !== undefined && (await isGood(core, store, known)) ? known : await createCliToken(core, store);
  if (token === undefined) {
    options.log.warn('command line not signed in: the record has no owner');
    return;
  }
  const content = {
    url: server.url,
    token: token.reveal(),
    ...(server.caFile === undefined ? {} : { ca_file: server.caFile }),
  };
  await writeFileDurably(file, `${JSON.stringify(content, null, 2)}\n`, 0o600);
}

function readToken(file: string): Secret<string> | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content !== 'object' || content === null || !('token' in content)) return new Secret('');
    return new Secret(String(content.token));
  } catch (error) {
    // A file that is there but damaged is replaced; one that is not there means signed out.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : new Secret('');
  }
}

async function isGood(core: Core, store: Store, token: Secret<string>): Promise<boolean> {
  try {
    const actor = await core.access.authenticate(token);
    const stored = await store.read((tx) => tx.tokens.get(actor.organizationId, actor.tokenId));
    const owner = await firstOwner(store);
    // One of this program's own, made by an earlier version: it may lack what the owner has come to be allowed since.
    if (stored?.name !== CLI_TOKEN_NAME || owner?.id !== actor.personId) return true;
    return localActor(owner).scopes.every((scope) => actor.scopes.includes(scope));
  } catch {
    return false;
  }
}

async function createCliToken(core: Core, store: Store): Promise<Secret<string> | undefined> {
  const owner = await firstOwner(store);
  if (owner === undefined) return undefined;
  const actor = localActor(owner);
  const created = await core.access.createToken(actor, {
    name: CLI_TOKEN_NAME,
    scopes: actor.scopes,
    expiresInS: CLI_TOKEN_DAYS * 86_400,
  });
  return created.token;
}

/** The owner whom the first start made; undefined on an empty record. */
export async function firstOwner(store: Store): Promise<Person | undefined> {
  return store.read(async (tx) => {
    for (const organization of await tx.organizations.list()) {
      const [owner] = await tx.persons.list(organization.id, { role: 'owner' }, { after: undefined, limit: 1 });
      if (owner !== undefined) return owner;
    }
    return undefined;
  });
}
