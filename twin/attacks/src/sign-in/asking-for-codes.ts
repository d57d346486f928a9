import { isDeepStrictEqual } from 'node:util';
import type { Trial } from '../attack.ts';
import { newcomer, OWNER, type SignInWorld, signInWorld } from './world.ts';

/** As long as the owners'. */
const NOBODY = OWNER.email.replace('owner', 'nobod');
const ELSEWHERE = OWNER.email.replace('owner', 'other');
const NONE = 'org_00000000000000000000000000';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly work: readonly string[];
}

/**
 * Whether an address is known, in which organization, and which organizations there are: by codes that are asked for
 * without being signed in, by the answer to a wrong one, and by the challenge of a passkey. As at the sign-in, the answer,
 * its headers and the work behind it are compared.
 */
export async function askingForCodes(seed: number, weak: boolean): Promise<readonly Trial[]> {
  const world = await signInWorld(seed, weak ? { refusesVain: true } : undefined);
  const trials: Trial[] = [];
  const compare = (name: string, [one, ...others]: readonly Answer[]): void => {
    const parts = ['status', 'headers', 'body', 'work'] as const;
    const differing = parts.filter((part) => others.some((other) => !isDeepStrictEqual(one?.[part], other[part])));
    const told = differing.length === 0 ? '' : `: ${differing.join(', ')} tell`;
    const what = `${name} (${one?.status}), ${one?.work.length} steps`;
    trials.push({ name: `${what}${told}`, through: differing.length > 0, tried: others.length + 1 });
  };
  let senders = 0;
  const ask = async (path: string, payload: object): Promise<Answer & { readonly id: string }> => {
    // The rate limit's bucket is full again.
    await world.clock.advance(1);
    return post(world, path, payload, newcomer(senders++));
  };
  try {
    const own = world.ras.owner.organizationId;
    const { organization } = await world.ras.core.organizations.add(world.ras.owner, {
      name: 'Second',
      ownerName: 'Other',
      ownerEmail: ELSEWHERE,
    });
    const ways = [
      ['/v1/register', { name: 'Somebody' }],
      ['/v1/verifications', { purpose: 'recovery' }],
    ] as const;
    // The first code of all makes the key of codes.
    await ask('/v1/register', { name: 'First', address: 'first@twin.cardea.invalid' });
    const ids: string[] = [];
    for (const [path, more] of ways) {
      const at = (address: string, id: string | undefined) =>
        ask(path, { ...more, address, ...(id !== undefined && { organization_id: id }) });
      const everybody = async (id: string | undefined): Promise<readonly Answer[]> => {
        const answers = [await at(OWNER.email, id), await at(ELSEWHERE, id), await at(NOBODY, id)];
        if (id === own) ids.push(...answers.map((answer) => answer.id));
        return answers;
      };
      for (const [where, id] of [
        ['here', own],
        ['at another', organization.id],
        ['at none', NONE],
      ] as const) {
        compare(`who is known ${where}: POST ${path}`, await everybody(id));
        compare(`who is known ${where}: POST ${path} again`, await everybody(id));
      }
      await world.clock.advance(60_000);
      compare(`who is known: POST ${path}, no organization named`, await everybody(undefined));
      await world.clock.advance(60_000);
    }
    const wrong = { code: 'not a code', password: 'chosen by whoever has the code' };
    const confirmed: Answer[] = [];
    for (const id of [...ids, 'ver_00000000000000000000000000']) {
      if (id !== '') confirmed.push(await ask(`/v1/verifications/${id}`, wrong));
    }
    compare('whose code it is: a wrong one at POST /v1/verifications/{id}', confirmed);
    await world.clock.advance(3_600_000);
    const recover = (address: string, organization_id: string) =>
      ask('/v1/verifications', { purpose: 'recovery', address, organization_id });
    const guest = 'guest@twin.cardea.invalid';
    const stranger = 'alien@twin.cardea.invalid';
    compare('which organizations there are: POST /v1/verifications', [
      await recover(guest, organization.id),
      await recover(stranger, NONE),
    ]);
    const after = [await recover(guest, own), await recover(stranger, own)];
    compare('which organizations there are: POST /v1/verifications, here afterwards', after);
    compare('which organizations there are: POST /v1/sessions/passkey', [
      await ask('/v1/sessions/passkey', { organization_id: own }),
      await ask('/v1/sessions/passkey', { organization_id: organization.id }),
      await ask('/v1/sessions/passkey', { organization_id: NONE }),
    ]);
    return trials;
  } finally {
    await world.close();
  }
}

async function post(
  { app, asked, clock, hashes }: SignInWorld,
  path: string,
  payload: object,
  remoteAddress: string,
): Promise<Answer & { readonly id: string }> {
  asked();
  const before = hashes();
  const response = await app.inject({ method: 'POST', url: path, payload, remoteAddress });
  const slow = Array.from({ length: hashes() - before }, () => 'slow hash');
  const body = response.json<Readonly<Record<string, unknown>>>();
  const given = Object.entries(payload).filter(([name]) => name === 'address');
  return {
    id: String(body.verification_id ?? ''),
    status: response.statusCode,
    headers: Object.fromEntries(
      Object.entries(response.headers).filter(([name]) => name !== 'x-request-id' && name !== 'date'),
    ),
    body: given.reduce(
      (text, [, address]) => text.replaceAll(String(address), ''),
      JSON.stringify(body, (name, value: unknown) => {
        // What is chance says nothing but by its length; what is told of the time is told from now.
        if (CHANCE.includes(name)) return String(value).length;
        if (name === 'instance') return String(value).split('/').length;
        return name === 'expires_at' ? Date.parse(String(value)) - clock.now() : value;
      }),
    ),
    work: [...asked(), ...slow].sort(),
  };
}

const CHANCE: readonly string[] = ['verification_id', 'step', 'challenge', 'request_id'];
