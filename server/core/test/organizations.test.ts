import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { openWorld, PASSWORD, page, type World } from './kit.ts';

const refusal = (run: Promise<unknown>) =>
  run.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

/** A second organization, its owner signed in. */
async function withSecond(): Promise<{
  world: World;
  owner: Awaited<ReturnType<World['core']['access']['authenticate']>>;
}> {
  const world = await openWorld();
  const { core } = world;
  const input = { name: 'Sea View', ownerName: 'Ida', ownerEmail: 'ida@seaview.test' };
  const { organization, password } = await core.organizations.add(world.owner, input);
  const next = new Secret('a phrase of her own');
  const first = await core.access.signIn('ida@seaview.test', password, 'there', organization.id);
  expect(first.person.mustChangePassword).toBe(true);
  await core.access.changePassword(await core.access.authenticate(first.token), password, next);
  const session = await core.access.signIn('ida@seaview.test', next, 'there', organization.id);
  return { world, owner: await core.access.authenticate(session.token) };
}

describe('organizations of one installation', () => {
  it("the installation's owner founds another one, and its owner begins with nothing of the first", async () => {
    const { world, owner } = await withSecond();
    expect((await world.core.organizations.list(world.owner, page)).map(({ name }) => name)).toEqual([
      'Hotel',
      'Sea View',
    ]);
    expect(await world.core.estate.listDoors(owner, {}, page)).toEqual([]);
    expect((await world.core.persons.list(owner, page)).map(({ email }) => email)).toEqual(['ida@seaview.test']);
    const facts = await world.core.events.list(world.owner, { type: 'estate.organization_added' }, page);
    expect(facts).toMatchObject([{ detail: { organization_id: owner.organizationId } }]);
  });

  it('what reaches beyond one organization nobody holds in another one, nor gives it to a token', async () => {
    const { world, owner } = await withSecond();
    expect(owner.role).toBe('owner');
    for (const scope of ['organizations:write', 'sim:write'] as const) {
      expect(owner.scopes).not.toContain(scope);
      const wanted = { name: 't', scopes: [scope], expiresInS: 600 };
      expect(await refusal(world.core.access.createToken(owner, wanted))).toBe('not_permitted');
    }
    const input = { name: 'Third', ownerName: 'N', ownerEmail: 'n@third.test' };
    expect(await refusal(world.core.organizations.add(owner, input))).toBe('not_permitted');
    // Not even an actor that somehow held the scope.
    const forged = { ...owner, scopes: [...owner.scopes, 'organizations:write' as const] };
    expect(await refusal(world.core.organizations.add(forged, input))).toBe('not_permitted');
    expect(await refusal(world.core.organizations.list(forged, page))).toBe('not_permitted');
  });

  it('a sign-in that names no organization is into the first one, and only there', async () => {
    const { world } = await withSecond();
    expect((await world.core.access.signIn('op@hotel.test', PASSWORD, 'x')).person.organizationId).toBe(
      world.owner.organizationId,
    );
    expect(await refusal(world.core.access.signIn('ida@seaview.test', new Secret('a phrase of her own'), 'y'))).toBe(
      'bad_credentials',
    );
  });
});
