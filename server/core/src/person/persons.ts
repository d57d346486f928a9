import { checkName, checkPage, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Person } from '../model.ts';
import { checkEmail } from './emails.ts';
import { endRights, type RightsParts } from './end-rights.ts';
import { checkPassword } from './password-rules.ts';
import { mayGive, ROLES, requireScope } from './roles.ts';

/** Persons of the actor's organization. */
export function personUseCases(context: Context, parts: RightsParts): Core['persons'] {
  return {
    async list(actor, page) {
      requireScope(actor, 'persons:read');
      return context.read((tx) => tx.persons.list(actor.organizationId, {}, checkPage(page)));
    },
    async get(actor, id) {
      if (id !== actor.personId) requireScope(actor, 'persons:read');
      return found('person', await context.read((tx) => tx.persons.get(actor.organizationId, id)));
    },
    async add(actor, input) {
      requireScope(actor, 'persons:write');
      const name = checkName('name', input.name);
      const email = checkEmail('email', input.email);
      if (!Object.hasOwn(ROLES, input.role)) throw new CoreError('invalid', 'there is no such role', { field: 'role' });
      if (!mayGive(actor.role, input.role)) {
        throw new CoreError('not_permitted', `the role ${actor.role} may not give the role ${input.role}`, {
          field: 'role',
        });
      }
      checkPassword('password', input.password, { name, email });
      const person: Person = {
        id: context.newId('per'),
        organizationId: actor.organizationId,
        name,
        email,
        role: input.role,
        // Whoever made the account knows this password.
        mustChangePassword: true,
        createdAt: context.now(),
      };
      const hash = await context.ports.passwords.hash(input.password);
      await context.write(async (tx, note) => {
        if ((await tx.persons.byEmail(actor.organizationId, email)) !== undefined) {
          throw new CoreError('conflict', 'this e-mail address is taken', { field: 'email' });
        }
        await tx.persons.insert(person);
        await tx.persons.setPasswordHash(person.id, hash);
        await note({
          organizationId: actor.organizationId,
          type: 'person.added',
          personId: actor.personId,
          detail: { person_id: person.id, role: person.role },
        });
      });
      return person;
    },
    async remove(actor, id, unchanged) {
      requireScope(actor, 'persons:write');
      const lockIds = await context.write(async (tx, note) => {
        const person = found('person', await tx.persons.get(actor.organizationId, id));
        unchanged?.(person);
        if (person.id === actor.personId) throw new CoreError('conflict', 'nobody removes himself');
        if (!mayGive(actor.role, person.role)) {
          throw new CoreError('not_permitted', `the role ${actor.role} may not take the role ${person.role} away`);
        }
        // Locks enforce grants without asking who is still known here.
        const lockIds = await endRights(tx, note, parts, actor, person);
        await tx.tokens.removeOfPerson(id);
        await tx.persons.remove(actor.organizationId, id);
        await note({
          organizationId: actor.organizationId,
          type: 'person.removed',
          personId: actor.personId,
          detail: { person_id: id },
        });
        return [...lockIds];
      });
      parts.keeper.kick(lockIds);
    },
  };
}
