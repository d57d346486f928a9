import { Secret } from '@cardea/kit-runtime';
import type { Actor } from '../actor.ts';
import { checkName, found } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Person } from '../model.ts';
import type { Passkeys, SecondFactors, Transaction } from '../ports.ts';
import { checkAddress } from './addresses.ts';
import { newChallenge } from './challenge.ts';
import { codeHash, newRecoveryCode, recoveryHash } from './codes.ts';
import type { OwnPassword } from './own-password.ts';
import type { FactorUseCases } from './people.ts';
import { concernedBySecondFactor, hasSecondFactor, policyOf } from './policy.ts';
import { mayGive, requireChangedPassword, requireOwnPassword, requireScope } from './roles.ts';
import { endSessions } from './sessions.ts';
import type { TryLimit } from './try-limit.ts';
import { badCode } from './verification.ts';

/** Recovery codes that are given at a time. */
export const RECOVERY_CODES = 10;
/** Most passkeys of a person. */
const PASSKEYS_MOST = 20;
/** How long a browser has to make a passkey. */
const CREATION_MS = 5 * 60_000;

const everyPasskey = { after: undefined, limit: PASSKEYS_MOST + 1 };
const everyCode = { after: undefined, limit: 10 * RECOVERY_CODES };

/** TOTP, or the refusal. @throws CoreError `unavailable` */
export function totpOf(context: Context): SecondFactors {
  const { secondFactors } = context.ports;
  if (secondFactors === undefined) throw new CoreError('unavailable', 'this server has no codes by time');
  return secondFactors;
}

/** WebAuthn, or the refusal. @throws CoreError `unavailable` */
export function passkeysOf(context: Context): Passkeys {
  const { passkeys } = context.ports;
  if (passkeys === undefined) throw new CoreError('unavailable', 'this server has no passkeys');
  return passkeys;
}

/** The own second factors: TOTP, passkeys and recovery codes. What adds or takes one away asks for the password again. */
export function factorUseCases(context: Context, ownPassword: OwnPassword, limit: TryLimit): FactorUseCases {
  const self = async (tx: Transaction, actor: Actor): Promise<Person> =>
    found('person', await tx.persons.get(actor.organizationId, actor.personId));

  const removeCodes = async (tx: Transaction, { organizationId, id: personId }: Person): Promise<void> => {
    for (const code of await tx.recoveryCodes.list(organizationId, { personId }, everyCode)) {
      await tx.recoveryCodes.remove(organizationId, code.id);
    }
  };

  const renewCodes = async (tx: Transaction, person: Person): Promise<readonly Secret<string>[]> => {
    const { organizationId, id: personId } = person;
    await removeCodes(tx, person);
    const hash = await codeHash(context, tx);
    const codes: Secret<string>[] = [];
    while (codes.length < RECOVERY_CODES) {
      const code = newRecoveryCode(context);
      codes.push(code);
      await tx.recoveryCodes.insert({
        id: context.newId('rec'),
        organizationId,
        personId,
        hash: recoveryHash(hash, personId, code),
        usedAt: null,
        createdAt: context.now(),
      });
    }
    return codes;
  };

  /** In the unit that adds a factor: the first one brings recovery codes, so that a lost phone locks nobody out. */
  const added = async (tx: Transaction, note: Note, person: Person, kind: string, first: boolean) => {
    await note({
      organizationId: person.organizationId,
      type: 'person.second_factor_added',
      personId: person.id,
      detail: { kind },
    });
    return first ? renewCodes(tx, person) : [];
  };

  /** In the unit that takes one away: without any factor the recovery codes stand for nothing. */
  const removed = async (tx: Transaction, note: Note, person: Person, kind: string): Promise<void> => {
    if (!(await hasSecondFactor(tx, person))) await removeCodes(tx, person);
    await note({
      organizationId: person.organizationId,
      type: 'person.second_factor_removed',
      personId: person.id,
      detail: { kind },
    });
  };

  const tell = async (person: Person): Promise<void> => {
    const { notifier } = context.ports;
    const to = checkAddress('address', person.email);
    if (!(notifier?.channels.includes(to.channel) ?? false)) return;
    const organization = (await context.read((tx) => tx.organizations.get(person.organizationId)))?.name ?? '';
    notifier?.send({ ...to, kind: 'second_factor_removed', organization, name: person.name, answer: null });
  };

  return {
    async view(actor) {
      requireChangedPassword(actor);
      return context.read(async (tx) => {
        const { organizationId, personId } = actor;
        const totp = await tx.totps.get(personId);
        const codes = await tx.recoveryCodes.list(organizationId, { personId }, everyCode);
        const policy = await policyOf(tx, organizationId);
        return {
          totp: totp !== undefined && totp.confirmedAt !== null,
          passkeys: await tx.passkeys.list(organizationId, { personId }, everyPasskey),
          recoveryCodesLeft: codes.filter(({ usedAt }) => usedAt === null).length,
          required: policy.secondFactor === 'required' && concernedBySecondFactor(actor.role),
        };
      });
    },

    async beginTotp(actor, password) {
      requireChangedPassword(actor);
      const factors = totpOf(context);
      const person = await ownPassword(actor, password, 'current');
      const secret = new Secret(context.ports.random.octets(factors.secretOctets));
      const organization = await context.write(async (tx) => {
        const known = await tx.totps.get(person.id);
        if (known !== undefined && known.confirmedAt !== null) {
          throw new CoreError('conflict', 'there is an authenticator already: remove it first');
        }
        await tx.totps.insert(
          { personId: person.id, usedStep: 0, confirmedAt: null, createdAt: context.now() },
          secret,
        );
        return tx.organizations.get(person.organizationId);
      });
      const uri = factors.totpUri(secret, organization?.name ?? 'Cardea', person.email);
      return { uri, secret: factors.totpText(secret) };
    },

    async confirmTotp(actor, code) {
      requireChangedPassword(actor);
      const factors = totpOf(context);
      await limit.enter(actor.personId);
      const codes = await context.write(async (tx, note) => {
        const person = await self(tx, actor);
        const totp = await tx.totps.get(person.id);
        const secret = await tx.totps.secret(person.id);
        if (totp === undefined || secret === undefined || totp.confirmedAt !== null) {
          throw new CoreError('conflict', 'ask for a fresh secret first');
        }
        const step = factors.verifyTotp(secret, plain(code), context.now(), totp.usedStep);
        if (step === undefined) throw badCode();
        const first = !(await hasSecondFactor(tx, person));
        await tx.totps.update(person.id, { usedStep: step, confirmedAt: context.now() });
        return added(tx, note, person, 'totp', first);
      });
      await limit.succeeded(actor.personId);
      return codes;
    },

    async removeTotp(actor, password) {
      requireOwnPassword(actor);
      const person = await ownPassword(actor, password, 'current');
      await context.write(async (tx, note) => {
        if (!(await tx.totps.remove(person.id))) throw new CoreError('not_found', 'there is no authenticator');
        await removed(tx, note, person, 'totp');
      });
      await tell(person);
    },

    async beginPasskey(actor, password) {
      requireChangedPassword(actor);
      const passkeys = passkeysOf(context);
      const person = await ownPassword(actor, password, 'current');
      const challenge = newChallenge(context);
      const { step, known } = await context.write(async (tx) => {
        const { organizationId, id: personId } = person;
        const known = await tx.passkeys.list(organizationId, { personId }, everyPasskey);
        if (known.length >= PASSKEYS_MOST) {
          throw new CoreError('too_many', `a person has at most ${PASSKEYS_MOST} passkeys: remove one first`);
        }
        const now = context.now();
        await tx.signInSteps.removeExpired(now);
        const step = {
          id: context.newId('step'),
          organizationId,
          personId,
          purpose: 'passkey-registration' as const,
          hash: actor.tokenId,
          challenge,
          account: '',
          device: '',
          triesLeft: 1,
          expiresAt: now + CREATION_MS,
          createdAt: now,
        };
        await tx.signInSteps.insert(step);
        return { step, known };
      });
      const options = await passkeys.creationOptions({
        challenge,
        person: { id: person.id, name: person.name, account: person.email },
        known: known.map(({ credentialId }) => credentialId),
      });
      return { stepId: step.id, options };
    },

    async addPasskey(actor, input) {
      requireChangedPassword(actor);
      const passkeys = passkeysOf(context);
      const name = checkName('name', input.name);
      const { organizationId, personId } = actor;
      // Taken out before it is looked at: a challenge is answered once, rightly or wrongly.
      const step = await context.write(async (tx) => {
        const step = await tx.signInSteps.get(organizationId, input.stepId);
        const own =
          step?.purpose === 'passkey-registration' && step.personId === personId && step.hash === actor.tokenId;
        if (step === undefined || !own) return undefined;
        await tx.signInSteps.remove(organizationId, step.id);
        return step.expiresAt > context.now() ? step : undefined;
      });
      if (step === undefined) throw new CoreError('gone', 'this passkey was asked for too long ago: begin again');
      const made = await passkeys.verifyCreation(input.response, step.challenge);
      if (made === undefined) {
        throw new CoreError('invalid', 'the answer does not prove a passkey for this server', { field: 'response' });
      }
      return context.write(async (tx, note) => {
        const person = await self(tx, actor);
        if ((await tx.passkeys.byCredential(made.credentialId)) !== undefined) {
          throw new CoreError('conflict', 'this passkey is known already');
        }
        const first = !(await hasSecondFactor(tx, person));
        const passkey = {
          ...made,
          id: context.newId('pk'),
          organizationId,
          personId,
          name,
          lastUsedAt: null,
          createdAt: context.now(),
        };
        await tx.passkeys.insert(passkey);
        return { passkey, recoveryCodes: await added(tx, note, person, 'passkey', first) };
      });
    },

    async removePasskey(actor, id, password) {
      requireOwnPassword(actor);
      const isOwn = async (tx: Transaction): Promise<void> => {
        const passkey = await tx.passkeys.get(actor.organizationId, id);
        found('passkey', passkey?.personId === actor.personId ? passkey : undefined);
      };
      await context.read(isOwn);
      const person = await ownPassword(actor, password, 'current');
      await context.write(async (tx, note) => {
        await isOwn(tx);
        await tx.passkeys.remove(actor.organizationId, id);
        await removed(tx, note, person, 'passkey');
      });
      await tell(person);
    },

    async renewRecoveryCodes(actor, password) {
      requireOwnPassword(actor);
      const person = await ownPassword(actor, password, 'current');
      return context.write(async (tx, note) => {
        if (!(await hasSecondFactor(tx, person))) {
          throw new CoreError('conflict', 'recovery codes stand for a second factor: add one first');
        }
        await note({
          organizationId: person.organizationId,
          type: 'person.recovery_codes_renewed',
          personId: person.id,
        });
        return renewCodes(tx, person);
      });
    },

    async reset(actor, personId) {
      requireScope(actor, 'persons:write');
      const { organizationId } = actor;
      const person = await context.write(async (tx, note) => {
        const person = found('person', await tx.persons.get(organizationId, personId));
        if (person.id === actor.personId) throw new CoreError('conflict', 'one’s own factors are removed one by one');
        if (!mayGive(actor.role, person.role)) {
          throw new CoreError('not_permitted', `the role ${actor.role} may not do this to the role ${person.role}`);
        }
        await tx.totps.remove(personId);
        for (const { id } of await tx.passkeys.list(organizationId, { personId }, everyPasskey)) {
          await tx.passkeys.remove(organizationId, id);
        }
        await removeCodes(tx, person);
        await endSessions(tx, person);
        await note({
          organizationId,
          type: 'person.second_factors_reset',
          personId: actor.personId,
          detail: { person_id: personId },
        });
        return person;
      });
      await tell(person);
    },

    async policy(actor) {
      requireScope(actor, 'estate:read');
      return context.read((tx) => policyOf(tx, actor.organizationId));
    },

    async setPolicy(actor, change) {
      requireScope(actor, 'persons:write');
      return context.write(async (tx, note) => {
        const policy = { ...(await policyOf(tx, actor.organizationId)), ...change };
        await tx.policies.set(policy);
        await note({
          organizationId: actor.organizationId,
          type: 'estate.sign_in_policy_changed',
          personId: actor.personId,
          detail: { second_factor: policy.secondFactor, registration: policy.registration },
        });
        return policy;
      });
    },
  };
}

/** A code by time as it was typed: blanks between the digits are none. */
export function plain(code: Secret<string>): string {
  return code.reveal().replace(/\s/g, '');
}
