import { checkName, found } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { GrantGiver } from '../grant/keeper.ts';
import type { Person } from '../model.ts';
import { checkAddress, unreachableName } from '../person/addresses.ts';
import { personReachedBy } from '../person/verification.ts';
import type { Transaction } from '../ports.ts';
import type { GuestInput } from './use-cases.ts';

/**
 * The person of a guest: who is named, who is reached by the address, or a new one. A new guest has no password; by the
 * address the account is taken over with a code, as one whose password was forgotten.
 * @throws CoreError `not_found` for nobody, `conflict` for an address that belongs to somebody of another name
 */
export async function guestOf(
  tx: Transaction,
  note: Note,
  context: Context,
  by: GrantGiver,
  guest: GuestInput,
): Promise<Person> {
  const { organizationId } = by;
  if ('personId' in guest) {
    return found('person', await tx.persons.get(organizationId, guest.personId));
  }
  const name = checkName('name', guest.name);
  const address = guest.contact === null ? undefined : checkAddress('contact', guest.contact).address;
  const known = address === undefined ? undefined : await personReachedBy(tx, organizationId, address);
  if (known !== undefined) {
    if (alike(known.name, name)) return known;
    throw new CoreError('conflict', `this address belongs to ${known.name}: name that person, or another address`, {
      field: 'contact',
    });
  }
  const id = context.newId('per');
  const person: Person = {
    id,
    organizationId,
    name,
    email: address ?? unreachableName(id),
    role: 'guest',
    mustChangePassword: false,
    createdAt: context.now(),
  };
  await tx.persons.insert(person);
  await note({
    organizationId,
    type: 'person.added',
    personId: by.personId,
    detail: { person_id: id, role: person.role },
  });
  return person;
}

function alike(a: string, b: string): boolean {
  const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return plain(a) === plain(b);
}
