import { checkName, checkWhole } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Person } from '../model.ts';
import { foundOrganization } from '../organization/found.ts';
import type { Installation } from '../organization/installation.ts';
import { checkAddress } from './addresses.ts';
import { createDenials } from './denials.ts';
import type { LockOut } from './lock-out.ts';
import { accountOf, type OwnPassword } from './own-password.ts';
import type { PasswordQueue } from './password-queue.ts';
import { checkPassword } from './password-rules.ts';
import { endToken } from './phone-trust.ts';
import { owesSecondFactor } from './policy.ts';
import { INSTALLATION_SCOPES, ROLES, requireOwnPassword, requireScope, SCOPES } from './roles.ts';
import type { SecondStep } from './second-step.ts';
import { deviceName, endSessions, type Sessions } from './sessions.ts';
import { bearerHash } from './tokens.ts';
import { personReachedBy } from './verification.ts';

/** Longest life of an API token. */
export const TOKEN_MOST_S: number = 366 * 24 * 3600;

/**
 * An actor for programs that run inside the server's own process, such as the first start that makes the owner's token:
 * all that the person's role may do.
 */
export function localActor(person: Person): Actor {
  return {
    organizationId: person.organizationId,
    personId: person.id,
    tokenId: 'local',
    role: person.role,
    scopes: ROLES[person.role].scopes,
    mustChangePassword: false,
  };
}

/** What signing in is made of. */
export interface AccessParts {
  readonly installation: Installation;
  readonly lockOut: LockOut;
  readonly queue: PasswordQueue;
  readonly ownPassword: OwnPassword;
  readonly sessions: Sessions;
  readonly secondStep: SecondStep;
}

/** Foundation, signing in and out, passwords and tokens. */
export function accessUseCases(context: Context, parts: AccessParts): Core['access'] {
  const { installation, lockOut, queue, ownPassword, sessions, secondStep } = parts;
  const { passwords } = context.ports;

  const self = async (actor: Actor): Promise<Person> => {
    const person = await context.read((tx) => tx.persons.get(actor.organizationId, actor.personId));
    if (person === undefined) throw new CoreError('not_signed_in', 'this person is no longer known');
    return person;
  };

  return {
    async found(input) {
      return foundOrganization(context, input, async (tx) => {
        if ((await tx.organizations.list()).length > 0) {
          throw new CoreError('conflict', 'there is an organization already');
        }
      });
    },

    async signIn(email, password, from, organizationId, device) {
      const known = checkAddress('email', email).address;
      // Without one it is the installation's own: a sign-in never looks into an organization that was not named.
      const organization = organizationId ?? (await installation.organizationId()) ?? '';
      const account = accountOf(organization, known);
      const trusted = await lockOut.enter(account, from);
      // The same questions, the same slow hash and the same commit, whether there is such a person or not: neither the
      // answer nor its time says who has an account.
      const { person, hash, there } = await context.read(async (tx) => {
        const person = await personReachedBy(tx, organization, known);
        const hash = await tx.persons.passwordHash(person?.id ?? '');
        return { person, hash, there: await tx.organizations.get(organization) };
      });
      const right = await queue.verify(hash, password, trusted);
      if (!right || person === undefined) {
        const organizationId = there?.id ?? (await installation.organizationId());
        if (organizationId !== undefined) {
          await context.write(async (tx, note) => {
            // The leaf of a fact about somebody is made with that person's key: it is asked for of nobody too.
            if (person === undefined) await tx.audit.personKey('');
            await note({
              organizationId,
              type: 'person.sign_in_failed',
              personId: person?.id ?? null,
              detail: { from, known_person: person !== undefined },
            });
          });
        }
        throw new CoreError('bad_credentials', 'the e-mail address or the password is wrong');
      }
      // The failure that was counted before the look stands until the second step has been taken as well.
      const pending = await secondStep.begin(person, account, deviceName(device));
      if (pending !== undefined) {
        throw new CoreError('second_factor_required', 'answer the second step of the sign-in', { pending });
      }
      await lockOut.succeeded(account, from);
      return sessions.begin(person, { factor: 'password', from, device: deviceName(device) });
    },

    async signOut(actor) {
      await context.write(async (tx) => {
        const token = await tx.tokens.get(actor.organizationId, actor.tokenId);
        if (token !== undefined) await endToken(tx, token);
      });
    },

    async changePassword(actor, current, next) {
      const person = await ownPassword(actor, current, 'current');
      checkPassword('next', next, person);
      if (next.reveal() === current.reveal()) {
        throw new CoreError('invalid', 'the new password must differ from the current one', { field: 'next' });
      }
      const fresh = await passwords.hash(next);
      await context.write(async (tx, note) => {
        await tx.persons.setPasswordHash(person.id, fresh);
        await tx.persons.update(person.organizationId, person.id, { mustChangePassword: false });
        // Whoever knew the old password may sit in another session: all but this one end.
        await endSessions(tx, person, actor.tokenId);
        await note({ organizationId: person.organizationId, type: 'person.password_changed', personId: person.id });
      });
    },

    async self(actor) {
      const organization = await context.read((tx) => tx.organizations.get(actor.organizationId));
      if (organization === undefined) throw new CoreError('not_signed_in', 'this organization is no longer known');
      return { person: await self(actor), organization };
    },

    denied: createDenials(context),

    async authenticate(token, from) {
      const refused = (): CoreError => new CoreError('not_signed_in', 'the token is unknown, expired or withdrawn');
      const hash = bearerHash(context, token);
      if (hash === undefined) throw refused();
      const behind = await context.read(async (tx) => {
        const stored = await tx.tokens.byHash(hash);
        const person = stored && (await tx.persons.get(stored.organizationId, stored.personId));
        return stored && { stored, person, owes: person !== undefined && (await owesSecondFactor(tx, person)) };
      });
      if (behind?.person === undefined || behind.stored.expiresAt <= context.now()) throw refused();
      const { stored, person, owes } = behind;
      sessions.used(stored, from);
      const own = person.organizationId === (await installation.organizationId());
      const held = ROLES[person.role].scopes.filter((scope) => own || !INSTALLATION_SCOPES.includes(scope));
      return {
        organizationId: person.organizationId,
        personId: person.id,
        tokenId: stored.id,
        role: person.role,
        scopes: stored.scopes.filter((scope) => held.includes(scope)),
        mustChangePassword: person.mustChangePassword && stored.kind === 'session',
        mustAddSecondFactor: owes && stored.kind === 'session',
        ...(stored.kind === 'session' && { session: stored.phoneId === null ? 'person' : 'phone' }),
      };
    },

    async createToken(actor, input) {
      requireScope(actor, 'tokens:write');
      const name = checkName('name', input.name);
      checkWhole('expires_in_s', input.expiresInS, 60, TOKEN_MOST_S);
      if (input.scopes.length === 0) {
        throw new CoreError('invalid', 'a token needs at least one scope', { field: 'scopes' });
      }
      const extra = input.scopes.find((scope) => !actor.scopes.includes(scope));
      if (extra !== undefined) {
        throw new CoreError('not_permitted', `you do not hold the scope ${extra} yourself`, { field: 'scopes' });
      }
      return sessions.issue(await self(actor), {
        kind: 'api',
        name,
        scopes: SCOPES.filter((scope) => input.scopes.includes(scope)),
        expiresAt: context.now() + input.expiresInS * 1000,
      });
    },

    async listTokens(actor) {
      requireOwnPassword(actor);
      const tokens = await context.read((tx) => tx.tokens.list(actor.organizationId, actor.personId));
      return tokens.filter((token) => token.expiresAt > context.now());
    },

    async removeToken(actor, id) {
      requireOwnPassword(actor);
      await context.write(async (tx, note) => {
        const token = await tx.tokens.get(actor.organizationId, id);
        const own = token?.personId === actor.personId;
        if (token === undefined || !own) throw new CoreError('not_found', 'there is no such token');
        await tx.tokens.remove(actor.organizationId, id);
        await note({
          organizationId: actor.organizationId,
          type: 'person.token_removed',
          personId: actor.personId,
          detail: { token_id: id },
        });
      });
    },
  };
}
