import { concat, fromAscii } from '@cardea/kit-octets';
import { checkName, checkPage, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { methodViews } from '../method/endings.ts';
import type { Methods } from '../method/methods.ts';
import { EVERYTHING } from '../method/rights.ts';
import type { Event, Person, Phone } from '../model.ts';
import { holds, mayCarry, mayGive, requirePersonsSession, requireScope } from '../person/roles.ts';
import { endSessionsOfPhone } from '../person/sessions.ts';
import type { Transaction } from '../ports.ts';
import { createChallenges } from './challenges.ts';
import type { LockSealsOf } from './issue.ts';
import { issueKeys } from './issue.ts';

/** Most phones and cards of one person. */
export const PHONES_MOST = 10;
const LABEL = fromAscii('cardea-phone-1');

/** What a phone signs to be enrolled: "cardea-phone-1" | challenge(32) | its public key(65). */
export function enrolmentSigned(challenge: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return concat(LABEL, challenge, publicKey);
}

/** Phones and cards: each person's own, and everybody's for those who give access. */
export function phoneUseCases(context: Context, methods: Methods, sealsOf: LockSealsOf): Core['phones'] {
  const { newId, now, read, write } = context;
  const { keys } = context.ports;
  const challenges = createChallenges(context);

  /** Another's is as one that is not there. */
  const visible = async (tx: Transaction, actor: Actor, id: string): Promise<Phone> => {
    const all = holds(actor, 'grants:write');
    requireScope(actor, all ? 'grants:write' : 'access:use');
    const phone = await tx.access.phones.get(actor.organizationId, id);
    return found('phone', all || phone?.personId === actor.personId ? phone : undefined);
  };

  return {
    async challenge(actor) {
      requireScope(actor, 'access:use');
      return challenges.make(actor);
    },
    async enrol(actor, input) {
      const personId = input.personId ?? actor.personId;
      requireScope(actor, personId === actor.personId ? 'access:use' : 'grants:write');
      requirePersonsSession(actor);
      const { kind, publicKey, challenge, signature } = input;
      // Whoever enrols it for another may hold it himself, a card says who somebody is to locks alone, and an API token
      // must not become more than it is.
      const signsIn = kind === 'phone' && personId === actor.personId && actor.session === 'person';
      const name = checkName('name', input.name);
      challenges.take(actor, challenge);
      if (!(await keys.verify(publicKey, enrolmentSigned(challenge, publicKey), signature))) {
        throw new CoreError('invalid', 'the signature is not by this key over the challenge', { field: 'signature' });
      }
      return write(async (tx, note) => {
        const { organizationId } = actor;
        const holder = await tx.persons.get(organizationId, personId);
        if (holder === undefined) throw new CoreError('invalid', 'there is no such person', { field: 'person_id' });
        if (personId !== actor.personId) await requireNoMoreThan(tx, actor, holder);
        const [known] = await tx.access.phones.list(organizationId, { publicKey }, { after: undefined, limit: 1 });
        if (known !== undefined) {
          // The person's own phone, which has forgotten its id or was signed out, is the one that is known.
          const own = known.personId === actor.personId && personId === actor.personId;
          if (!own || known.state !== 'active' || known.kind !== kind) {
            throw new CoreError('conflict', 'this key is enrolled already', { field: 'public_key' });
          }
          if (!signsIn || known.signsIn) return known;
          await tx.access.phones.update(organizationId, known.id, { signsIn });
          await note(factOf(known, 'phone.trusted', actor));
          return { ...known, signsIn };
        }
        const own = await tx.access.phones.list(organizationId, { personId, state: 'active' }, EVERYTHING);
        if (own.length >= PHONES_MOST) {
          throw new CoreError('too_many', `a person has at most ${PHONES_MOST} phones and cards: take one out first`);
        }
        const phone: Phone = {
          id: newId('phone'),
          organizationId,
          personId,
          kind,
          publicKey,
          name,
          state: 'active',
          lostAt: null,
          signsIn,
          createdAt: now(),
        };
        await tx.access.phones.insert(phone);
        await note(factOf(phone, 'phone.enrolled', actor));
        return phone;
      });
    },
    async list(actor, filter, page) {
      checkPage(page);
      const personId = filter.personId ?? (holds(actor, 'grants:write') ? undefined : actor.personId);
      requireScope(actor, personId === actor.personId ? 'access:use' : 'grants:write');
      return read((tx) =>
        tx.access.phones.list(actor.organizationId, personId === undefined ? {} : { personId }, page),
      );
    },
    get: (actor, id) => read((tx) => visible(tx, actor, id)),
    async lost(actor, id) {
      const { answer, lockIds } = await write(async (tx, note) => {
        const phone = await visible(tx, actor, id);
        const { organizationId } = actor;
        const leases = await tx.access.leases.list(organizationId, { phoneId: phone.id }, EVERYTHING);
        const lockIds = await methods.planner.takeBack(tx, note, leases);
        const lost: Phone = phone.state === 'lost' ? phone : { ...phone, state: 'lost', lostAt: now(), signsIn: false };
        if (phone.state !== 'lost') {
          await tx.access.phones.update(organizationId, id, { state: 'lost', lostAt: lost.lostAt, signsIn: false });
          await note(factOf(lost, 'phone.lost', actor));
          // What it had signed in by its key goes with it, and what the person had begun under its name.
          await endSessionsOfPhone(tx, note, phone);
        }
        const doors = [];
        for (const grantId of new Set(leases.map((lease) => lease.grantId))) {
          const grant = await tx.grants.get(organizationId, grantId);
          if (grant === undefined) continue;
          for (const { method, doorId, ending, leaseEndAt } of await methodViews(tx, grant, phone.id)) {
            if (doorId !== null && leaseEndAt !== null) doors.push({ doorId, lockId: method.lockId, grantId, ending });
          }
        }
        return { answer: { phone: lost, doors }, lockIds };
      });
      methods.planner.kick(lockIds);
      return answer;
    },
    async keys(actor, id, emergency = false) {
      if (emergency) requireScope(actor, 'locks:manage');
      const phone = await read((tx) => visible(tx, actor, id));
      if (phone.state !== 'active') throw new CoreError('precondition_failed', 'the phone is reported lost');
      return issueKeys(context, methods, sealsOf, phone, { by: actor.personId, emergency });
    },
  };
}

/**
 * Whoever enrols a phone or card for somebody else may hold it himself: what it will open must be no more than he could
 * grant. @throws CoreError `not_permitted`
 */
async function requireNoMoreThan(tx: Transaction, actor: Actor, holder: Person): Promise<void> {
  const field = 'person_id';
  if (!mayGive(actor.role, holder.role)) {
    const message = `the role ${actor.role} may not enrol phones or cards for the role ${holder.role}`;
    throw new CoreError('not_permitted', message, { field });
  }
  const { organizationId, id: personId } = holder;
  for (const { operations } of await tx.grants.list(organizationId, { personId, state: 'active' }, EVERYTHING)) {
    const beyond = operations.find((operation) => !mayCarry(actor.role, operation));
    if (beyond === undefined) continue;
    throw new CoreError('not_permitted', `this person was granted what the role ${actor.role} may not: ${beyond}`, {
      field,
    });
  }
}

function factOf(phone: Phone, type: Event['type'], actor: Actor) {
  return {
    organizationId: phone.organizationId,
    personId: actor.personId,
    type,
    detail: { phone_id: phone.id, holder_id: phone.personId, kind: phone.kind },
  };
}
