import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { type Actor, CoreError, type PendingSignIn } from '../src/index.ts';
import { page } from './kit.ts';
import { HOME, NEXT, openPeople, type PeopleWorld, totpAt } from './people-kit.ts';

const ADDRESS = 'mo@hotel.test';
const FURTHER = new Secret('a third passphrase');
const WRONG = new Secret('999999');

const refused = (run: Promise<unknown>) =>
  run.then(
    () => 'taken',
    ({ code }: { code: string }) => code,
  );

/** A hotel with a manager of its own password. */
async function hotel(): Promise<{ world: PeopleWorld; actor: Actor; personId: string }> {
  const world = await openPeople();
  const { person } = await world.core.registration.invite(world.owner, {
    name: 'Mo',
    role: 'manager',
    address: ADDRESS,
  });
  const { id, code } = world.codeFor(ADDRESS);
  await world.core.registration.confirm(id, code, NEXT);
  return { world, actor: await world.signIn(ADDRESS, NEXT), personId: person.id };
}

/** The code that the authenticator of a person shows now. */
async function totpOf(world: PeopleWorld, personId: string): Promise<Secret<string>> {
  const secret = await world.store.read((tx) => tx.totps.secret(personId));
  return new Secret(totpAt(secret!, Math.floor(world.clock.now() / 30_000)));
}

async function withTotp() {
  const made = await hotel();
  const { core } = made.world;
  await core.factors.beginTotp(made.actor, NEXT);
  const codes = await core.factors.confirmTotp(made.actor, await totpOf(made.world, made.personId));
  await made.world.clock.advance(30_000);
  return { ...made, codes };
}

async function withPasskey() {
  const made = await hotel();
  const { core } = made.world;
  const { stepId, options } = await core.factors.beginPasskey(made.actor, NEXT);
  const response = { id: 'cred', challenge: options.challenge };
  const { passkey } = await core.factors.addPasskey(made.actor, { stepId, name: 'key', response });
  return { ...made, passkey };
}

/** What a right password still needs. */
async function pendingOf(world: PeopleWorld, device?: string): Promise<PendingSignIn> {
  const error = await world.core.access.signIn(ADDRESS, NEXT, HOME, undefined, device).catch((one: unknown) => one);
  if (!(error instanceof CoreError) || error.pending === undefined) throw new Error(`no second step: ${String(error)}`);
  expect(error.code).toBe('second_factor_required');
  return error.pending;
}

describe('TOTP as a second factor', () => {
  it('counts once a code of it was seen; with it come ten recovery codes', async () => {
    const { world, actor } = await hotel();
    const { core } = world;
    expect(await refused(core.factors.beginTotp(actor, WRONG))).toBe('bad_credentials');
    expect(await refused(core.factors.confirmTotp(actor, WRONG))).toBe('conflict');
    await core.factors.beginTotp(actor, NEXT);
    expect(await refused(core.factors.confirmTotp(actor, WRONG))).toBe('bad_code');
    // Not confirmed: it counts for nothing.
    expect(await refused(core.access.signIn(ADDRESS, NEXT, HOME))).toBe('taken');
    const codes = await core.factors.confirmTotp(actor, await totpOf(world, actor.personId));
    expect(new Set(codes.map((code) => code.reveal())).size).toBe(10);
    expect(await core.factors.view(actor)).toMatchObject({ totp: true, recoveryCodesLeft: 10 });
    expect(await refused(core.factors.beginTotp(actor, NEXT))).toBe('conflict');
  });

  it('the password alone is no session: its step is answered, and can do nothing else', async () => {
    const { world, personId } = await withTotp();
    const { core } = world;
    const { step, methods } = await pendingOf(world);
    expect(methods).toEqual(['totp', 'recovery_code']);
    expect(await refused(core.access.authenticate(step))).toBe('not_signed_in');
    const session = await core.secondStep.answer(step, { kind: 'totp', code: await totpOf(world, personId) }, HOME);
    expect(await core.access.authenticate(session.token)).toMatchObject({ personId });
    // The step is over.
    await world.clock.advance(30_000);
    const again = core.secondStep.answer(step, { kind: 'totp', code: await totpOf(world, personId) }, HOME);
    expect(await refused(again)).toBe('bad_code');
  });

  it('a code works once, at whichever step it is shown', async () => {
    const { world, personId } = await withTotp();
    const code = await totpOf(world, personId);
    const answer = (step: Secret<string>) => refused(world.core.secondStep.answer(step, { kind: 'totp', code }, HOME));
    const [one, two] = [await pendingOf(world), await pendingOf(world)];
    expect((await Promise.all([answer(one.step), answer(two.step)])).sort()).toEqual(['bad_code', 'taken']);
  });

  it('a step lasts five minutes and five tries, is nobody else’s, and never was is the same', async () => {
    const { world, personId } = await withTotp();
    const { core, clock } = world;
    const answer = async (step: Secret<string>, code: Secret<string>) =>
      refused(core.secondStep.answer(step, { kind: 'totp', code }, HOME));
    const late = await pendingOf(world);
    await clock.advance(300_000);
    expect(await answer(late.step, await totpOf(world, personId))).toBe('bad_code');
    expect(await answer(new Secret('cp_none'), await totpOf(world, personId))).toBe('bad_code');
    const tried = await pendingOf(world);
    for (let tries = 0; tries < 5; tries++) expect(await answer(tried.step, WRONG)).toBe('bad_code');
    await clock.advance(3_600_000);
    expect(await answer(tried.step, await totpOf(world, personId))).toBe('bad_code');
  });

  it('wrong codes wait as long as wrong passwords do, over all steps and senders; the record knows them', async () => {
    const { world } = await withTotp();
    const { core } = world;
    const answer = (step: Secret<string>, from: string) =>
      refused(core.secondStep.answer(step, { kind: 'totp', code: WRONG }, from));
    const one = await pendingOf(world);
    for (let tries = 0; tries < 5; tries++) await answer(one.step, `192.0.2.${tries}`);
    const two = await pendingOf(world);
    expect(await answer(two.step, '198.51.100.2')).toBe('locked_out');
    const restarted = await world.restart();
    const three = await restarted.access.signIn(ADDRESS, NEXT, HOME).catch((error: CoreError) => error.pending!);
    const recovery = { kind: 'recovery_code', code: WRONG } as const;
    const step = 'step' in three ? three.step : new Secret('');
    expect(await refused(restarted.secondStep.answer(step, recovery, '203.0.113.9'))).toBe('locked_out');
    const failed = await restarted.events.list(world.owner, { type: 'person.sign_in_failed' }, page);
    expect(failed).toHaveLength(5);
    expect(failed[0]?.detail).toMatchObject({ step: 'totp', known_person: true });
  });

  it('a recovery code works once in its place, however it is typed', async () => {
    const { world, actor, codes } = await withTotp();
    const { core } = world;
    const typed = new Secret(` ${codes[3]!.reveal().toUpperCase().replace('-', ' ')} `);
    const answer = async () => {
      const { step } = await pendingOf(world);
      return refused(core.secondStep.answer(step, { kind: 'recovery_code', code: typed }, HOME));
    };
    expect(await answer()).toBe('taken');
    expect(await answer()).toBe('bad_code');
    expect(await core.factors.view(actor)).toMatchObject({ recoveryCodesLeft: 9 });
    const fresh = await core.factors.renewRecoveryCodes(actor, NEXT);
    expect(fresh).toHaveLength(10);
    const { step } = await pendingOf(world);
    expect(await refused(core.secondStep.answer(step, { kind: 'recovery_code', code: codes[4]! }, HOME))).toBe(
      'bad_code',
    );
  });

  it('a new password by recovery does not get around it', async () => {
    const { world } = await withTotp();
    await world.core.registration.recover({ address: ADDRESS }, HOME);
    const { id, code } = world.codeFor(ADDRESS);
    await world.core.registration.confirm(id, code, NEXT);
    await pendingOf(world);
  });

  it.each<readonly [string, (made: Awaited<ReturnType<typeof withTotp>>) => Promise<unknown>]>([
    ['a password that is changed', ({ world, actor }) => world.core.access.changePassword(actor, NEXT, FURTHER)],
    [
      'a password that is recovered',
      async ({ world }) => {
        await world.core.registration.recover({ address: ADDRESS }, HOME);
        const { id, code } = world.codeFor(ADDRESS);
        await world.core.registration.confirm(id, code, FURTHER);
      },
    ],
    ['a reset of the factors', ({ world, personId }) => world.core.factors.reset(world.owner, personId)],
    ['the end of all other sessions', ({ world, actor }) => world.core.sessions.removeOthers(actor)],
  ])('%s ends a sign-in that waits for its second step', async (_, change) => {
    const made = await withTotp();
    const { world, codes } = made;
    const { step } = await pendingOf(world);
    await change(made);
    const answer = { kind: 'recovery_code', code: codes[0]! } as const;
    expect(await refused(world.core.secondStep.answer(step, answer, HOME))).toBe('bad_code');
    const left = await world.store.read((tx) =>
      tx.signInSteps.list(world.owner.organizationId, { personId: made.personId }, page),
    );
    expect(left).toEqual([]);
  });

  it('a password that is changed leaves the passkey alone that the very session has asked for', async () => {
    const { world, actor } = await hotel();
    const { stepId, options } = await world.core.factors.beginPasskey(actor, NEXT);
    await world.core.access.changePassword(actor, NEXT, FURTHER);
    const response = { id: 'cred', challenge: options.challenge };
    expect(await refused(world.core.factors.addPasskey(actor, { stepId, name: 'key', response }))).toBe('taken');
  });

  it('is removed by the password; staff reset it for somebody else, and never above their own role', async () => {
    const { world, actor, personId } = await withTotp();
    const { core, owner } = world;
    expect(await refused(core.factors.removeTotp(actor, WRONG))).toBe('bad_credentials');
    expect(await refused(core.factors.reset(actor, personId))).toBe('conflict');
    expect(await refused(core.factors.reset(actor, owner.personId))).toBe('not_permitted');
    await core.factors.reset(owner, personId);
    expect(await refused(core.access.authenticate((await core.access.signIn(ADDRESS, NEXT, HOME)).token))).toBe(
      'taken',
    );
    expect(await refused(core.sessions.list({ ...actor, mustChangePassword: true }))).toBe('password_change_required');
    expect(world.notices.at(-1)).toMatchObject({ kind: 'second_factor_removed', address: ADDRESS });
    expect(await world.store.read((tx) => tx.recoveryCodes.list(actor.organizationId, { personId }, page))).toEqual([]);
  });
});

describe('passkeys', () => {
  it('a challenge is answered once, by the session that asked, in five minutes', async () => {
    const { world, actor } = await hotel();
    const { core } = world;
    const add = (stepId: string, challenge: unknown, by = actor) =>
      refused(core.factors.addPasskey(by, { stepId, name: 'key', response: { id: 'cred', challenge } }));
    const one = await core.factors.beginPasskey(actor, NEXT);
    expect(await add(one.stepId, one.options.challenge, { ...actor, tokenId: 'tok_other' })).toBe('gone');
    expect(await add(one.stepId, 'another')).toBe('invalid');
    expect(await add(one.stepId, one.options.challenge)).toBe('gone');
    const two = await core.factors.beginPasskey(actor, NEXT);
    await world.clock.advance(300_000);
    expect(await add(two.stepId, two.options.challenge)).toBe('gone');
    const three = await core.factors.beginPasskey(actor, NEXT);
    expect(await add(three.stepId, three.options.challenge)).toBe('taken');
    const four = await core.factors.beginPasskey(actor, NEXT);
    expect(four.options.known).toEqual(['cred']);
    expect(await add(four.stepId, four.options.challenge)).toBe('conflict');
  });

  it('answers the second step; its counter must rise, and one that does not is told as a copy', async () => {
    const { world, personId } = await withPasskey();
    const { core } = world;
    const answer = async (counter: number, more: object = {}) => {
      const { step, passkey, methods } = await pendingOf(world);
      expect(methods).toEqual(['passkey', 'recovery_code']);
      const response = { id: 'cred', challenge: passkey?.challenge, counter, ...more };
      return refused(core.secondStep.answer(step, { kind: 'passkey', response }, HOME));
    };
    expect(await answer(7)).toBe('taken');
    expect(await answer(7)).toBe('bad_code');
    expect(await answer(6)).toBe('bad_code');
    expect(await answer(8, { challenge: 'replayed' })).toBe('bad_code');
    expect(await answer(8, { id: 'another' })).toBe('bad_code');
    expect(await answer(8)).toBe('taken');
    const copied = await core.events.list(world.owner, { type: 'person.passkey_copied' }, page);
    expect(copied.map((event) => event.personId)).toEqual([personId, personId]);
  });

  it('a challenge is used up by the first answer, right or wrong', async () => {
    const { world } = await withPasskey();
    const { step, passkey } = await pendingOf(world);
    const answer = (challenge: unknown) =>
      refused(
        world.core.secondStep.answer(step, { kind: 'passkey', response: { id: 'cred', challenge, counter: 1 } }, HOME),
      );
    expect(await answer('wrong')).toBe('bad_code');
    expect(await answer(passkey?.challenge)).toBe('bad_code');
  });

  it('signs in alone, into its own organization only', async () => {
    const { world, personId } = await withPasskey();
    const { core } = world;
    const answer = async (organizationId?: string, kind: 'passkey' | 'totp' = 'passkey') => {
      const { step, options } = await core.secondStep.beginPasskeySignIn(organizationId, 'phone');
      const response = { id: 'cred', challenge: options.challenge, counter: world.clock.now() };
      await world.clock.advance(1);
      const given = kind === 'passkey' ? ({ kind, response } as const) : ({ kind, code: WRONG } as const);
      return core.secondStep.answer(step, given, HOME);
    };
    expect((await answer()).person.id).toBe(personId);
    expect(await refused(answer('org_0'))).toBe('bad_code');
    expect(await refused(answer(undefined, 'totp'))).toBe('bad_code');
  });

  it('is removed by the password, and its recovery codes with the last factor', async () => {
    const { world, actor, passkey } = await withPasskey();
    const { core } = world;
    expect(await refused(core.factors.removePasskey(actor, passkey.id, WRONG))).toBe('bad_credentials');
    expect(await refused(core.factors.removePasskey(actor, 'pk_0', NEXT))).toBe('not_found');
    await core.factors.removePasskey(actor, passkey.id, NEXT);
    expect(await core.factors.view(actor)).toMatchObject({ passkeys: [], recoveryCodesLeft: 0 });
    expect(await refused(core.factors.renewRecoveryCodes(actor, NEXT))).toBe('conflict');
  });
});

describe('the policy of an organization', () => {
  it('where a second factor is required, whoever manages can do nothing before adding one; others are left alone', async () => {
    const { world, actor } = await hotel();
    const { core, owner } = world;
    await core.factors.setPolicy(owner, { secondFactor: 'required' });
    const owing = await world.signIn(ADDRESS, NEXT);
    expect(owing.mustAddSecondFactor).toBe(true);
    expect(await refused(core.persons.list(owing, page))).toBe('second_factor_setup_required');
    expect(await refused(core.access.listTokens(owing))).toBe('second_factor_setup_required');
    await core.factors.beginTotp(owing, NEXT);
    await core.factors.confirmTotp(owing, await totpOf(world, actor.personId));
    await world.clock.advance(30_000);
    const { step } = await pendingOf(world);
    const code = await totpOf(world, actor.personId);
    const { token } = await core.secondStep.answer(step, { kind: 'totp', code }, HOME);
    expect(await refused(core.persons.list(await core.access.authenticate(token), page))).toBe('taken');

    await core.registration.invite(owner, { name: 'Cleo', role: 'cleaner', address: 'cleo@hotel.test' });
    const invited = world.codeFor('cleo@hotel.test');
    await core.registration.confirm(invited.id, invited.code, NEXT);
    expect((await world.signIn('cleo@hotel.test', NEXT)).mustAddSecondFactor).toBe(false);
    expect(await refused(core.factors.setPolicy({ ...owner, scopes: [] }, { secondFactor: 'optional' }))).toBe(
      'not_permitted',
    );
  });
});

describe('sessions', () => {
  it('are listed with device, address, factor and last use, and ended one by one or all but one', async () => {
    const { world } = await withTotp();
    const { core, clock } = world;
    const enter = async (device: string, from: string) => {
      const { step } = await pendingOf(world, device);
      const code = await totpOf(
        world,
        (await core.persons.list(world.owner, page)).find((one) => one.email === ADDRESS)!.id,
      );
      const session = await core.secondStep.answer(step, { kind: 'totp', code }, from);
      await clock.advance(30_000);
      return session;
    };
    const desk = await enter('desk\u0007', '192.0.2.7');
    const phone = await enter('phone', '192.0.2.8');
    const actor = await core.access.authenticate(desk.token, '192.0.2.7');
    await clock.advance(600_000);
    await core.access.authenticate(desk.token, '198.51.100.9');
    await world.settled();
    const listed = await core.sessions.list(actor);
    expect(listed.map(({ use, current }) => [use?.device, use?.address, use?.factor, current])).toEqual([
      ['', HOME, 'password', false],
      ['desk', '198.51.100.9', 'totp', true],
      ['phone', '192.0.2.8', 'totp', false],
    ]);
    expect(listed[1]?.use?.lastUsedAt).toBe(clock.now());
    await core.sessions.remove(actor, listed[2]!.token.id);
    expect(await refused(core.access.authenticate(phone.token))).toBe('not_signed_in');
    expect(await refused(core.sessions.remove(actor, listed[2]!.token.id))).toBe('not_found');
    expect(await core.sessions.removeOthers(actor)).toBe(1);
    expect(await refused(core.access.authenticate(desk.token))).toBe('taken');
  });
});
