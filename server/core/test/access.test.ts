import { nodePrimitives } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../src/index.ts';
import { actorOf, openWorld, PASSWORD, page, recordOf, stranger, timePasses, type World } from './kit.ts';

const EMAIL = 'op@hotel.test';
const NEXT = new Secret('a wholly other phrase');
const WRONG = new Secret('not the password');

const failure = (run: Promise<unknown>): Promise<{ code: string; retryAfterS?: number; field?: string }> =>
  run.then(
    () => ({ code: 'none' }),
    (error: { code: string; retryAfterS?: number }) => error,
  );
const signIn = ({ core }: World, password = PASSWORD, from = 'home', email = EMAIL) =>
  core.access.signIn(email, password, from);

/** The seconds to wait after each of `tries` failures, made as soon as the former wait is over. */
async function waits(world: World, from: string, tries: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let i = 0; i < tries; i++) {
    expect(await failure(signIn(world, WRONG, from))).toMatchObject({ code: 'bad_credentials' });
    const next = await failure(signIn(world, WRONG, from));
    if (next.code !== 'locked_out') {
      // That was a try of its own.
      found.push(0);
      i++;
      continue;
    }
    found.push(next.retryAfterS ?? -1);
    await world.clock.advance((next.retryAfterS ?? 0) * 1000);
  }
  return found;
}

describe('signing in', () => {
  it('waits grow with each failure, up to a quarter of an hour, and end when they say', async () => {
    const world = await openWorld();
    const found = (await waits(world, 'home', 20)).filter((seconds) => seconds > 0);
    expect(found.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 32]);
    expect(found.at(-1)).toBe(900);
    expect(Math.max(...found)).toBe(900);
    // The last wait is over: the right password opens, and the count begins anew.
    expect((await signIn(world)).person.email).toBe(EMAIL);
    expect(await failure(signIn(world, WRONG))).toMatchObject({ code: 'bad_credentials' });
    expect((await signIn(world)).person.email).toBe(EMAIL);
  });

  it('while it waits the right password is refused too, and that does not lengthen the wait', async () => {
    const world = await openWorld();
    for (let i = 0; i < 5; i++) await failure(signIn(world, WRONG));
    for (let i = 0; i < 50; i++) {
      expect(await failure(signIn(world))).toMatchObject({ code: 'locked_out', retryAfterS: 1 });
    }
    await world.clock.advance(1000);
    expect((await signIn(world)).person.email).toBe(EMAIL);
  });

  it('a stranger who fails for a day from many addresses keeps the owner out for half a minute at most', async () => {
    const world = await openWorld();
    for (let i = 0; i < 400; i++) {
      await failure(signIn(world, WRONG, `198.51.100.${i}`));
      await world.clock.advance(31_000);
    }
    await failure(signIn(world, WRONG, '203.0.113.1'));
    const owner = await failure(signIn(world));
    expect(owner.code).toBe('locked_out');
    expect(owner.retryAfterS).toBeLessThanOrEqual(30);
    await world.clock.advance(30_000);
    expect((await signIn(world)).person.email).toBe(EMAIL);
  });

  it('from where he has signed in before the owner signs in at once, however many strangers fail at his name', async () => {
    const world = await openWorld();
    expect((await signIn(world, PASSWORD, 'office')).person.email).toBe(EMAIL);
    for (let i = 0; i < 400; i++) {
      await failure(signIn(world, WRONG, `198.51.100.${i}`));
      await world.clock.advance(1000);
    }
    expect(await failure(signIn(world, PASSWORD, 'elsewhere'))).toMatchObject({ code: 'locked_out' });
    expect((await signIn(world, PASSWORD, 'office')).person.email).toBe(EMAIL);
    // What fails at that very address still waits, so that it is no way to guess without end.
    for (let i = 0; i < 5; i++) await failure(signIn(world, WRONG, 'office'));
    expect(await failure(signIn(world, PASSWORD, 'office'))).toMatchObject({ code: 'locked_out', retryAfterS: 1 });
    // After a quarter of a year without a sign-in it is as strange as any other.
    await timePasses(world, 91 * 24 * 3_600_000);
    for (let i = 0; i < 40; i++) await failure(signIn(world, WRONG, `203.0.113.${i}`));
    expect(await failure(signIn(world, PASSWORD, 'office'))).toMatchObject({ code: 'locked_out' });
  });

  it('one who knows the name cannot keep a signed-in owner from changing the password', async () => {
    const world = await openWorld();
    const actor = await world.core.access.authenticate((await signIn(world)).token);
    for (let i = 0; i < 40; i++) await failure(signIn(world, WRONG, `198.51.100.${i}`));
    await world.core.access.changePassword(actor, PASSWORD, new Secret('a quite new passphrase'));
  });

  it('a person has at most 100 sessions: the oldest ends', async () => {
    const world = await openWorld();
    const first = (await signIn(world)).token;
    for (let i = 0; i < 99; i++) await signIn(world);
    await world.core.access.authenticate(first);
    await signIn(world);
    expect(await failure(world.core.access.authenticate(first))).toMatchObject({ code: 'not_signed_in' });
  });

  it('one address that tries many accounts waits, and others do not wait for it', async () => {
    const world = await openWorld();
    let locked = 0;
    for (let i = 0; i < 40; i++) {
      const { code } = await failure(signIn(world, WRONG, 'evil', `nobody${i}@hotel.test`));
      if (code === 'locked_out') locked++;
    }
    expect(locked).toBe(10);
    expect((await signIn(world)).person.email).toBe(EMAIL);
  });

  it('many at once are no way around the waits', async () => {
    const world = await openWorld();
    const all = await Promise.all(Array.from({ length: 30 }, () => failure(signIn(world, WRONG))));
    expect(all.filter(({ code }) => code === 'bad_credentials').length).toBeLessThanOrEqual(6);
  });

  it('the waits outlive a restart', async () => {
    const world = await openWorld();
    for (let i = 0; i < 9; i++) {
      await failure(signIn(world, WRONG));
      await world.clock.advance(i < 8 ? 60_000 : 0);
    }
    const core = await world.restart();
    expect(await failure(core.access.signIn(EMAIL, PASSWORD, 'home'))).toMatchObject({ code: 'locked_out' });
  });

  it('an account that is not there is refused in the same words, and waits in the same way', async () => {
    const world = await openWorld();
    const known = await failure(signIn(world, WRONG, 'a'));
    const unknown = await failure(signIn(world, WRONG, 'b', 'nobody@hotel.test'));
    expect(String(unknown)).toBe(String(known));
    for (let i = 0; i < 4; i++) await failure(signIn(world, WRONG, 'b', 'nobody@hotel.test'));
    expect(await failure(signIn(world, WRONG, 'b', 'nobody@hotel.test'))).toMatchObject({ code: 'locked_out' });
  });

  it.each(['', '@', 'a@', '@b', 'a@b@c', 'a b@c', 'a\u0000@b', `${'a'.repeat(260)}@b`])(
    'the sign-in name %j is refused by its field, and nothing is counted',
    async (email) => {
      const world = await openWorld();
      expect(await failure(signIn(world, PASSWORD, 'home', email))).toMatchObject({ code: 'invalid', field: 'email' });
    },
  );

  it('guessing the current password within a session waits too', async () => {
    const world = await openWorld();
    const actor = await world.core.access.authenticate((await signIn(world)).token);
    const codes: string[] = [];
    for (let i = 0; i < 8; i++) codes.push((await failure(world.core.access.changePassword(actor, WRONG, NEXT))).code);
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('bad_credentials'));
    expect(codes.slice(5)).toEqual(Array(3).fill('locked_out'));
  });
});

describe('passwords', () => {
  it.each([
    ['eleven char', 'at least 12'],
    ['ééééééééééé', 'at least 12'],
    ['x'.repeat(300), 'at most 256'],
    ['Operator Operator', 'name or the e-mail'],
    ['op@hotel.test', 'name or the e-mail'],
    ['op@hotel.test1', 'name or the e-mail'],
    ['abababababababab', '5 different'],
    ['111111111111', '5 different'],
  ])('%s is refused: %s', async (password, why) => {
    const world = await openWorld();
    const actor = await world.core.access.authenticate((await signIn(world)).token);
    const refusal = await failure(world.core.access.changePassword(actor, PASSWORD, new Secret(password)));
    expect(refusal).toMatchObject({ code: 'invalid', field: 'next' });
    expect(String(refusal)).toContain(why);
    expect(String(refusal)).not.toContain(password);
    expect((await signIn(world)).person.email).toBe(EMAIL);
  });

  it('the same password again is no change', async () => {
    const world = await openWorld();
    const actor = await world.core.access.authenticate((await signIn(world)).token);
    expect(await failure(world.core.access.changePassword(actor, PASSWORD, PASSWORD))).toMatchObject({
      code: 'invalid',
      field: 'next',
    });
  });

  it('a change ends every other session, keeps this one and the API tokens, and the old password is over', async () => {
    const world = await openWorld();
    const here = (await signIn(world)).token;
    const elsewhere = (await signIn(world, PASSWORD, 'elsewhere')).token;
    const { access } = world.core;
    const api = await access.createToken(world.owner, { name: 'ci', scopes: ['estate:read'], expiresInS: 600 });
    await access.changePassword(await access.authenticate(here), PASSWORD, NEXT);
    expect(await access.authenticate(here)).toMatchObject({ mustChangePassword: false });
    expect((await access.authenticate(api.token)).scopes).toEqual(['estate:read']);
    expect(await failure(access.authenticate(elsewhere))).toMatchObject({ code: 'not_signed_in' });
    expect(await failure(signIn(world))).toMatchObject({ code: 'bad_credentials' });
    expect((await signIn(world, NEXT)).person.email).toBe(EMAIL);
  });

  it('a foundation is made once, and a refused one leaves nothing', async () => {
    const world = await openWorld();
    const before = await recordOf(world.store, world.owner.organizationId);
    const again = { organization: 'Other', name: 'Other', email: 'o@o.test', password: NEXT };
    expect(await failure(world.core.access.found(again))).toMatchObject({ code: 'conflict' });
    expect(await world.store.read((tx) => tx.organizations.list())).toHaveLength(1);
    expect(await recordOf(world.store, world.owner.organizationId)).toEqual(before);
  });
});

describe('tokens', () => {
  const create = (world: World, scopes: readonly Scope[], expiresInS = 600) =>
    world.core.access.createToken(world.owner, { name: 'ci', scopes, expiresInS });

  it('the record holds the hash of a token and never the token', async () => {
    const world = await openWorld();
    const { token, stored } = await create(world, ['estate:read']);
    const text = token.reveal();
    expect(stored.hash).toBe(toHex(nodePrimitives.sha256(new TextEncoder().encode(text))));
    const record = await recordOf(world.store, world.owner.organizationId);
    const rows = await world.store.read((tx) => tx.tokens.list(world.owner.organizationId, world.owner.personId));
    expect(rows.map(({ hash }) => hash)).toContain(stored.hash);
    expect(JSON.stringify({ record, rows })).not.toContain(text.slice(3));
    expect(JSON.stringify({ token })).not.toContain(text.slice(3));
  });

  it('a token works until its last millisecond and not after it', async () => {
    const world = await openWorld();
    const { token } = await create(world, ['estate:read'], 60);
    await world.clock.advance(59_999);
    expect((await world.core.access.authenticate(token)).scopes).toEqual(['estate:read']);
    await world.clock.advance(1);
    expect(await failure(world.core.access.authenticate(token))).toMatchObject({ code: 'not_signed_in' });
    expect(await world.core.access.listTokens(world.owner)).toEqual([]);
  });

  it('a session ends after twelve hours', async () => {
    const world = await openWorld();
    const { token, expiresAt } = await signIn(world);
    expect(expiresAt - world.clock.now()).toBe(12 * 3_600_000);
    await world.clock.advance(12 * 3_600_000);
    expect(await failure(world.core.access.authenticate(token))).toMatchObject({ code: 'not_signed_in' });
  });

  it.each([0, 59, 60.5, -1, Number.NaN, 366 * 24 * 3600 + 1])(
    'a life of %d s is refused by its field',
    async (expiresInS) => {
      const world = await openWorld();
      expect(await failure(create(world, ['estate:read'], expiresInS))).toMatchObject({
        code: 'invalid',
        field: 'expires_in_s',
      });
    },
  );

  it('no token holds a scope that its maker does not hold, and none is made of nothing', async () => {
    const world = await openWorld();
    const desk = actorOf(world.owner.organizationId, world.owner.personId, 'front_desk');
    const more = world.core.access.createToken(desk, { name: 'x', scopes: ['estate:write'], expiresInS: 600 });
    expect(await failure(more)).toMatchObject({ code: 'not_permitted', field: 'scopes' });
    expect(await failure(create(world, []))).toMatchObject({ code: 'invalid', field: 'scopes' });
    const { token } = await create(world, ['tokens:write', 'estate:read']);
    const narrow = await world.core.access.authenticate(token);
    const wider = world.core.access.createToken(narrow, { name: 'y', scopes: ['locks:operate'], expiresInS: 600 });
    expect(await failure(wider)).toMatchObject({ code: 'not_permitted', field: 'scopes' });
  });

  it('a token loses what its person loses, and all of it with the person', async () => {
    const world = await openWorld();
    const { core, store, owner } = world;
    const added = await core.persons.add(owner, { name: 'Man', email: 'm@m.test', role: 'manager', password: NEXT });
    const manager = actorOf(owner.organizationId, added.id, 'manager');
    const { token } = await core.access.createToken(manager, {
      name: 'ci',
      scopes: ['locks:operate', 'persons:write'],
      expiresInS: 600,
    });
    await store.unit((tx) => tx.persons.update(owner.organizationId, added.id, { role: 'cleaner' }));
    expect(await core.access.authenticate(token)).toMatchObject({ role: 'cleaner', scopes: ['locks:operate'] });
    await core.persons.remove(owner, added.id);
    expect(await failure(core.access.authenticate(token))).toMatchObject({ code: 'not_signed_in' });
  });

  it('a token is removed by its person alone, and signing out ends that session only', async () => {
    const world = await openWorld();
    const { access } = world.core;
    const { token, stored } = await create(world, ['estate:read']);
    const other = await stranger(world.store);
    const colleague = { ...world.owner, personId: 'per_other' };
    for (const actor of [other, colleague]) {
      expect(await failure(access.removeToken(actor, stored.id))).toMatchObject({ code: 'not_found' });
    }
    await access.removeToken(world.owner, stored.id);
    expect(await failure(access.authenticate(token))).toMatchObject({ code: 'not_signed_in' });
    const [one, two] = [(await signIn(world)).token, (await signIn(world)).token];
    await access.signOut(await access.authenticate(one));
    expect(await failure(access.authenticate(one))).toMatchObject({ code: 'not_signed_in' });
    expect((await access.authenticate(two)).personId).toBe(world.owner.personId);
  });

  it.each(['', 'x', 'cs_', 'cs_%', 'zz_abc', `cs_${'a'.repeat(200)}`, 'cs_a b', "cs_' or 1=1"])(
    'the bearer %j is nobody',
    async (text) => {
      const world = await openWorld();
      expect(await failure(world.core.access.authenticate(new Secret(text)))).toMatchObject({ code: 'not_signed_in' });
    },
  );

  it('a person has fifty API tokens at most; what has expired makes room', async () => {
    const world = await openWorld();
    for (let i = 0; i < 50; i++) await create(world, ['estate:read'], 600);
    expect(await failure(create(world, ['estate:read']))).toMatchObject({ code: 'too_many' });
    await world.clock.advance(600_000);
    await create(world, ['estate:read']);
    expect(await world.core.access.listTokens(world.owner)).toHaveLength(1);
  });

  it("a gateway's enrolment token works once, within its hour, and signs nobody in", async () => {
    const world = await openWorld();
    const { gateways, access } = world.core;
    const add = () => gateways.add(world.owner, { propertyId: world.propertyId, name: 'g' });
    const { enrolmentToken } = await add();
    expect(await failure(access.authenticate(enrolmentToken))).toMatchObject({ code: 'not_signed_in' });
    const { password } = await gateways.enrol(enrolmentToken);
    expect(password.reveal().length).toBeGreaterThan(40);
    expect(await failure(gateways.enrol(enrolmentToken))).toMatchObject({ code: 'gone' });
    const late = await add();
    await world.clock.advance(3_600_001);
    expect(await failure(gateways.enrol(late.enrolmentToken))).toMatchObject({ code: 'gone' });
    expect(await world.core.gateways.list(world.owner, page)).toHaveLength(3);
  });
});
