import { toHex } from '@cardea/kit-octets';
import { checkName, found } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Person } from '../model.ts';
import type { Installation } from '../organization/installation.ts';
import type { Transaction } from '../ports.ts';
import { checkAddress, isUnreachable } from './addresses.ts';
import type { Address, Verification } from './model.ts';
import { checkPassword } from './password-rules.ts';
import type { AskedCode, RegistrationUseCases } from './people.ts';
import { policyOf } from './policy.ts';
import { mayGive, ROLES, requireOwnPassword, requirePersonsSession, requireScope } from './roles.ts';
import { endSessions } from './sessions.ts';
import { badCode, createCodes, personReachedBy } from './verification.ts';

/** Most addresses of a person beside the sign-in name. */
const CONTACTS_MOST = 10;

/** Registration, invitation, recovery and addresses: everything that is proved by a code that was sent. */
export function registrationUseCases(context: Context, installation: Installation): RegistrationUseCases {
  const codes = createCodes(context);
  const { notifier, passwords } = context.ports;
  const asked = ({ id, expiresAt }: Verification): AskedCode => ({ verificationId: id, expiresAt });

  /** The address becomes the person's. @throws CoreError `conflict` */
  const prove = async (tx: Transaction, person: Person, { channel, address }: Address): Promise<void> => {
    const { organizationId, id: personId } = person;
    const now = context.now();
    const known = await tx.contacts.byAddress(organizationId, address);
    if (known === undefined) {
      const id = context.newId('con');
      await tx.contacts.insert({ id, organizationId, personId, channel, address, verifiedAt: now, createdAt: now });
    } else if (known.personId === personId) {
      await tx.contacts.update(organizationId, known.id, { verifiedAt: now });
    } else throw new CoreError('conflict', 'this address is taken', { field: 'address' });
  };

  /** The password that the owner of the address has chosen: nobody who was in before stays in. */
  const choose = async (tx: Transaction, note: Note, person: Person, hash: string, type: 'accepted' | 'recovered') => {
    await tx.persons.setPasswordHash(person.id, hash);
    await tx.persons.update(person.organizationId, person.id, { mustChangePassword: false });
    await endSessions(tx, person);
    await note({
      organizationId: person.organizationId,
      type: type === 'accepted' ? 'person.invitation_accepted' : 'person.password_recovered',
      personId: person.id,
    });
  };

  /** Tells the person, by the sign-in name, what was done to the account. */
  const tell = async (person: Person, kind: 'password_changed'): Promise<void> => {
    const organization = await context.read((tx) => tx.organizations.get(person.organizationId));
    const to = checkAddress('address', person.email);
    if (!(notifier?.channels.includes(to.channel) ?? false)) return;
    notifier?.send({ ...to, kind, organization: organization?.name ?? '', name: person.name, answer: null });
  };

  const invitation = async (tx: Transaction, note: Note, person: Person, actorId: string) => {
    const { organizationId, id: personId, name } = person;
    const kept = await codes.keep(tx, {
      ...checkAddress('address', person.email),
      organizationId,
      purpose: 'invitation',
      personId,
      name: null,
      good: true,
      notice: { kind: 'invitation', name },
    });
    await note({ organizationId, type: 'person.invited', personId: actorId, detail: { person_id: personId } });
    return kept;
  };

  return {
    async register(input, from) {
      const name = checkName('name', input.name);
      const to = checkAddress('address', input.address);
      codes.requireChannel(to.channel);
      codes.admitSender(from);
      const organizationId = input.organizationId ?? (await installation.organizationId()) ?? '';
      const { verification, send } = await context.write(async (tx) => {
        const there = await tx.organizations.get(organizationId);
        if (there === undefined || (await policyOf(tx, organizationId)).registration !== 'open') {
          throw new CoreError('not_permitted', 'this organization takes nobody in without an invitation');
        }
        const known = await personReachedBy(tx, organizationId, to.address);
        return codes.keep(tx, {
          ...to,
          organizationId,
          purpose: 'register',
          personId: null,
          name,
          good: known === undefined,
          notice: known === undefined ? { kind: 'registration', name } : { kind: 'known_address', name: known.name },
        });
      });
      send();
      return asked(verification);
    },

    async recover(input, from) {
      const to = checkAddress('address', input.address);
      codes.requireChannel(to.channel);
      codes.admitSender(from);
      const own = await installation.organizationId();
      if (own === undefined) throw new CoreError('unavailable', 'nobody can sign in here yet');
      const organizationId = input.organizationId ?? own;
      // Hashed, because nothing that is erased by its address leads to it.
      const named = Array.from(`${organizationId} ${to.address}`, (character) => character.codePointAt(0) ?? 0);
      const octets = Uint8Array.from(named.flatMap((point) => [point >> 16, point >> 8, point]));
      const nowhere = `none ${toHex(context.ports.primitives.sha256(octets))}`;
      const { verification, send } = await context.write(async (tx) => {
        const there = await tx.organizations.get(organizationId);
        const person = await personReachedBy(tx, organizationId, to.address);
        return codes.keep(tx, {
          channel: to.channel,
          // An organization that is not there is answered like one that does not know the address, with bounds of its own:
          // else what is left of those here would tell that it is not there.
          address: there === undefined ? nowhere : to.address,
          organizationId: there?.id ?? own,
          purpose: 'recovery',
          personId: person?.id ?? null,
          name: null,
          good: person !== undefined,
          notice: person && { kind: 'recovery', name: person.name },
        });
      });
      send();
      return asked(verification);
    },

    async confirm(verificationId, code, password) {
      // What can be said of the password alone is said before the code is looked at: it costs no try.
      if (password !== undefined) checkPassword('password', password, { name: '', email: '' });
      const row = await codes.check(verificationId, code);
      const { organizationId, purpose } = row;
      const known = await context.read((tx) => tx.persons.get(organizationId, row.personId ?? ''));
      if (purpose !== 'register' && known === undefined) throw badCode();
      const fresh: Person = {
        id: context.newId('per'),
        organizationId,
        name: row.name ?? '',
        email: row.address,
        role: 'guest',
        mustChangePassword: false,
        createdAt: context.now(),
      };
      const person = known ?? fresh;
      let hash: string | undefined;
      if (purpose !== 'contact') {
        if (password === undefined) throw new CoreError('invalid', 'choose a password', { field: 'password' });
        checkPassword('password', password, person);
        hash = await passwords.hash(password);
      }
      await context.write(async (tx, note) => {
        // A code works once, however many try it at the same time.
        if (!(await tx.verifications.remove(organizationId, row.id))) throw badCode();
        if (purpose === 'register') {
          if ((await personReachedBy(tx, organizationId, row.address)) !== undefined) throw badCode();
          await tx.persons.insert(person);
          await note({
            organizationId,
            type: 'person.registered',
            personId: person.id,
            detail: { channel: row.channel },
          });
        }
        if (!isUnreachable(row.address)) await prove(tx, person, row);
        if (hash !== undefined) {
          if (purpose === 'register') await tx.persons.setPasswordHash(person.id, hash);
          else await choose(tx, note, person, hash, purpose === 'invitation' ? 'accepted' : 'recovered');
        } else
          await note({
            organizationId,
            type: 'person.contact_added',
            personId: person.id,
            detail: { channel: row.channel },
          });
      });
      if (purpose === 'recovery') await tell(person, 'password_changed');
      return hash === undefined ? person : { ...person, mustChangePassword: false };
    },

    async invite(actor, input) {
      requireScope(actor, 'persons:write');
      const name = checkName('name', input.name);
      const to = checkAddress('address', input.address);
      if (!Object.hasOwn(ROLES, input.role)) throw new CoreError('invalid', 'there is no such role', { field: 'role' });
      if (!mayGive(actor.role, input.role)) {
        throw new CoreError('not_permitted', `the role ${actor.role} may not give the role ${input.role}`, {
          field: 'role',
        });
      }
      codes.requireChannel(to.channel);
      const { organizationId } = actor;
      const person: Person = {
        id: context.newId('per'),
        organizationId,
        name,
        email: to.address,
        role: input.role,
        mustChangePassword: false,
        createdAt: context.now(),
      };
      const { verification, send } = await context.write(async (tx, note) => {
        if ((await personReachedBy(tx, organizationId, to.address)) !== undefined) {
          throw new CoreError('conflict', 'this address is taken', { field: 'address' });
        }
        await tx.persons.insert(person);
        return invitation(tx, note, person, actor.personId);
      });
      send();
      return { person, sent: asked(verification) };
    },

    async inviteAgain(actor, personId) {
      requireScope(actor, 'persons:write');
      const { organizationId } = actor;
      const { verification, send } = await context.write(async (tx, note) => {
        const person = found('person', await tx.persons.get(organizationId, personId));
        if (!mayGive(actor.role, person.role)) {
          throw new CoreError('not_permitted', `the role ${actor.role} may not invite the role ${person.role}`);
        }
        if ((await tx.persons.passwordHash(personId)) !== undefined) {
          throw new CoreError('conflict', 'this person has a password: it is recovered by the person alone');
        }
        codes.requireChannel(checkAddress('address', person.email).channel);
        const page = { after: undefined, limit: 100 };
        for (const former of await tx.verifications.list(organizationId, { personId, purpose: 'invitation' }, page)) {
          await tx.verifications.update(organizationId, former.id, { codeHash: null });
        }
        return invitation(tx, note, person, actor.personId);
      });
      send();
      return asked(verification);
    },

    async contacts(actor) {
      requireOwnPassword(actor);
      const { organizationId, personId } = actor;
      const page = { after: undefined, limit: CONTACTS_MOST };
      return context.read((tx) => tx.contacts.list(organizationId, { personId }, page));
    },

    async addContact(actor, address) {
      requireOwnPassword(actor);
      requirePersonsSession(actor);
      const to = checkAddress('address', address);
      codes.requireChannel(to.channel);
      const { organizationId, personId } = actor;
      const { verification, send } = await context.write(async (tx) => {
        const person = found('person', await tx.persons.get(organizationId, personId));
        const page = { after: undefined, limit: CONTACTS_MOST };
        if ((await tx.contacts.list(organizationId, { personId }, page)).length >= CONTACTS_MOST) {
          throw new CoreError('too_many', `a person has at most ${CONTACTS_MOST} addresses: remove one first`);
        }
        // The same answer whoever has the address: its owner alone hears that somebody claims it.
        const holder = await personReachedBy(tx, organizationId, to.address);
        const free = holder === undefined || holder.id === personId;
        return codes.keep(tx, {
          ...to,
          organizationId,
          purpose: 'contact',
          personId,
          name: null,
          good: free,
          notice: free ? { kind: 'contact', name: person.name } : { kind: 'known_address', name: holder.name },
        });
      });
      send();
      return asked(verification);
    },

    async removeContact(actor, id) {
      requireOwnPassword(actor);
      requirePersonsSession(actor);
      const { organizationId, personId } = actor;
      await context.write(async (tx, note) => {
        const contact = await tx.contacts.get(organizationId, id);
        found('contact', contact?.personId === personId ? contact : undefined);
        await tx.contacts.remove(organizationId, id);
        await note({ organizationId, type: 'person.contact_removed', personId });
      });
    },
  };
}
