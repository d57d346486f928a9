import type { Secret } from '@cardea/kit-runtime';
import type { Actor } from '../actor.ts';
import { found, withoutMarks } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Person, Phone } from '../model.ts';
import type { StoredToken, Transaction } from '../ports.ts';
import type { SignInFactor } from './model.ts';
import type { BegunSession, SessionUseCases } from './people.ts';
import { distrustPhones, endToken } from './phone-trust.ts';
import { ROLES, requireOwnPassword } from './roles.ts';
import { bearerHash, newBearer } from './tokens.ts';

/** How long a session lasts. */
const SESSION_MS = 12 * 3_600_000;
/** Most sessions of one person; the oldest ends when there is one more. */
export const SESSIONS_MOST = 100;
/** Most API tokens of one person. */
export const TOKENS_MOST = 50;
/** When a session was last used is kept this exactly: not every request is worth a write. */
const USED_EVERY_MS = 5 * 60_000;
/** Sessions whose last use is remembered here; the record knows the rest. */
const REMEMBERED_MOST = 10_000;
/** Longest name of a device. */
const DEVICE_MOST = 100;

/** What a device is called, as far as it can be shown: what no name may hold is gone, cut to 100 characters. */
export function deviceName(given: string | undefined): string {
  return withoutMarks(given ?? '')
    .trim()
    .slice(0, DEVICE_MOST);
}

/** Begins sessions and makes API tokens, and knows where sessions are used. */
export interface Sessions extends SessionUseCases {
  issue(
    person: Person,
    given: Pick<StoredToken, 'kind' | 'name' | 'scopes' | 'expiresAt'>,
  ): Promise<{ token: Secret<string>; stored: StoredToken }>;
  begin(
    person: Person,
    by: { readonly factor: SignInFactor; readonly from: string; readonly device: string },
  ): Promise<BegunSession>;
  /**
   * A session of a phone that has shown its key; it takes the place of the phone's former one. It holds `access:use` alone:
   * what a phone is for, and what a key at the door gives anyway. Undefined when the phone may not by now.
   */
  beginByPhone(person: Person, phone: Phone, from: string): Promise<BegunSession | undefined>;
  /** A session was used; what it says is written now and then. */
  used(token: StoredToken, from: string | undefined): void;
}

/** Sign-in steps of one person that are looked for: more than there can be. */
const STEPS = { after: undefined, limit: 1000 } as const;

/**
 * Ends the sessions of a person, but for `except`, in the unit at hand, and the sign-ins that still wait for their second
 * step: what they began with may be over. Phones sign in by the password next. API tokens stay. Answers how many sessions.
 */
export async function endSessions(tx: Transaction, person: Person, except?: string): Promise<number> {
  let ended = 0;
  const tokens = await tx.tokens.list(person.organizationId, person.id);
  const { organizationId, id: personId } = person;
  await distrustPhones(tx, { organizationId, personId }, tokens.find(({ id }) => id === except)?.phoneId);
  for (const token of tokens) {
    if (token.kind !== 'session' || token.id === except) continue;
    if (await tx.tokens.remove(person.organizationId, token.id)) ended++;
  }
  for (const step of await tx.signInSteps.list(person.organizationId, { personId: person.id }, STEPS)) {
    // A passkey that the session which stays has asked for is of that session.
    if (step.hash !== except) await tx.signInSteps.remove(person.organizationId, step.id);
  }
  return ended;
}

/**
 * Ends the sessions that a person has on a phone that was lost, in the unit at hand: those that its key began, and those
 * begun under its name. Answers how many.
 */
export async function endSessionsOfPhone(
  tx: Transaction,
  note: Note,
  { organizationId, personId, id, name }: Phone,
): Promise<number> {
  let ended = 0;
  for (const token of await tx.tokens.list(organizationId, personId)) {
    if (token.kind !== 'session') continue;
    if (token.phoneId !== id && (await tx.sessionUses.get(token.id))?.device !== name) continue;
    await tx.tokens.remove(organizationId, token.id);
    await note({ organizationId, type: 'person.session_ended', personId, detail: { token_id: token.id } });
    ended++;
  }
  return ended;
}

/** The sessions over the record. */
export function createSessions(context: Context): Sessions {
  const lastNoted = new Map<string, number>();

  const record = async (
    person: Person,
    given: Pick<StoredToken, 'kind' | 'name' | 'scopes' | 'expiresAt'> & { readonly phoneId?: string },
    begun?: { readonly factor: SignInFactor; readonly from: string; readonly device: string },
  ): Promise<{ token: Secret<string>; stored: StoredToken } | undefined> => {
    const token = newBearer(context, given.kind === 'session' ? 'cs' : 'ct');
    const stored: StoredToken = {
      ...given,
      phoneId: given.phoneId ?? null,
      id: context.newId('tok'),
      organizationId: person.organizationId,
      personId: person.id,
      hash: bearerHash(context, token) ?? '',
      createdAt: context.now(),
    };
    const kept = await context.write(async (tx, note) => {
      const now = context.now();
      if (stored.phoneId !== null && !(await maySignIn(tx, person.organizationId, stored.phoneId))) return false;
      await tx.tokens.removeExpired(now);
      const held = await tx.tokens.list(person.organizationId, person.id);
      const live = held.filter(({ kind, expiresAt }) => kind === 'api' && expiresAt > now);
      if (given.kind === 'api' && live.length >= TOKENS_MOST) {
        throw new CoreError('too_many', `a person has at most ${TOKENS_MOST} API tokens: remove one first`);
      }
      const sessions = held.filter(({ kind }) => kind === 'session');
      const former = sessions.filter(({ phoneId }) => phoneId !== null && phoneId === stored.phoneId);
      for (const { id } of former) await tx.tokens.remove(person.organizationId, id);
      for (const oldest of sessions.slice(0, Math.max(0, sessions.length + 1 - SESSIONS_MOST))) {
        if (given.kind === 'session') await tx.tokens.remove(person.organizationId, oldest.id);
      }
      await tx.tokens.insert(stored);
      if (begun !== undefined) {
        const { device, from: address, factor } = begun;
        await tx.sessionUses.set({ tokenId: stored.id, device, address, factor, lastUsedAt: now });
      }
      await note({
        organizationId: person.organizationId,
        type: given.kind === 'session' ? 'person.signed_in' : 'person.token_created',
        personId: person.id,
        detail: {
          token_id: stored.id,
          ...(begun && { factor: begun.factor }),
          ...(stored.phoneId !== null && { phone_id: stored.phoneId }),
        },
      });
      return true;
    });
    return kept ? { token, stored } : undefined;
  };

  const issue: Sessions['issue'] = async (person, given) => certain(await record(person, given));

  const ownSession = async (tx: Transaction, actor: Actor, id: string): Promise<StoredToken> => {
    const token = await tx.tokens.get(actor.organizationId, id);
    return found('session', token?.personId === actor.personId && token.kind === 'session' ? token : undefined);
  };

  return {
    issue,

    async begin(person, by) {
      const expiresAt = context.now() + SESSION_MS;
      const given = { kind: 'session', name: 'session', scopes: ROLES[person.role].scopes, expiresAt } as const;
      const { token } = certain(await record(person, given, by));
      return { token, expiresAt, person };
    },

    async beginByPhone(person, { id: phoneId, name: device }, from) {
      const expiresAt = context.now() + SESSION_MS;
      const given = { kind: 'session', name: 'session', scopes: ['access:use'], expiresAt, phoneId } as const;
      const issued = await record(person, given, { factor: 'phone', from, device });
      return issued && { token: issued.token, expiresAt, person };
    },

    used({ id, kind, createdAt }, from) {
      if (kind !== 'session' || from === undefined) return;
      const now = context.now();
      if ((lastNoted.get(id) ?? createdAt) > now - USED_EVERY_MS) return;
      lastNoted.delete(id);
      lastNoted.set(id, now);
      if (lastNoted.size > REMEMBERED_MOST) for (const oldest of lastNoted.keys()) if (lastNoted.delete(oldest)) break;
      context
        .write(async (tx) => {
          const use = await tx.sessionUses.get(id);
          if (use !== undefined) await tx.sessionUses.set({ ...use, address: from, lastUsedAt: now });
        })
        .catch((error: unknown) =>
          context.ports.log.warn('when a session was used was not kept', { error: String(error) }),
        );
    },

    async list(actor) {
      requireOwnPassword(actor);
      return context.read(async (tx) => {
        const views = [];
        for (const token of await tx.tokens.list(actor.organizationId, actor.personId)) {
          if (token.kind !== 'session' || token.expiresAt <= context.now()) continue;
          views.push({ token, use: await tx.sessionUses.get(token.id), current: token.id === actor.tokenId });
        }
        return views;
      });
    },

    async remove(actor, id) {
      requireOwnPassword(actor);
      await context.write(async (tx, note) => {
        await endToken(tx, await ownSession(tx, actor, id));
        await note({
          organizationId: actor.organizationId,
          type: 'person.session_ended',
          personId: actor.personId,
          detail: { token_id: id },
        });
      });
    },

    async removeOthers(actor) {
      requireOwnPassword(actor);
      return context.write(async (tx, note) => {
        const person = found('person', await tx.persons.get(actor.organizationId, actor.personId));
        const ended = await endSessions(tx, person, actor.tokenId);
        if (ended > 0) {
          await note({
            organizationId: actor.organizationId,
            type: 'person.other_sessions_ended',
            personId: actor.personId,
            detail: { ended },
          });
        }
        return ended;
      });
    },
  };
}

/** Only a phone's session can be too late. */
function certain<T>(issued: T | undefined): T {
  if (issued === undefined) throw new Error('a token was not kept');
  return issued;
}

async function maySignIn(tx: Transaction, organizationId: string, phoneId: string): Promise<boolean> {
  const phone = await tx.access.phones.get(organizationId, phoneId);
  return phone?.state === 'active' && phone.signsIn;
}
