import type { Secret } from '@cardea/kit-runtime';
import { checkName } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import type { Organization, Person } from '../model.ts';
import { checkEmail } from '../person/emails.ts';
import { checkPassword } from '../person/password-rules.ts';
import type { Transaction } from '../ports.ts';

/** What an organization begins with: its name, and the owner, who changes the password at the first sign-in. */
export interface Foundation {
  readonly organization: string;
  readonly name: string;
  readonly email: string;
  readonly password: Secret<string>;
}

/**
 * Makes an organization with its owner in one unit, in which `first` may refuse before anything is made.
 * @throws CoreError `invalid`
 */
export async function foundOrganization(
  context: Context,
  input: Foundation,
  first: (tx: Transaction, note: Note, made: Organization) => Promise<void>,
): Promise<{ organization: Organization; owner: Person }> {
  const name = checkName('name', input.name);
  const email = checkEmail('email', input.email);
  checkPassword('password', input.password, { name, email });
  const createdAt = context.now();
  const organization: Organization = {
    id: context.newId('org'),
    name: checkName('organization', input.organization),
    createdAt,
  };
  const owner: Person = {
    id: context.newId('per'),
    organizationId: organization.id,
    name,
    email,
    role: 'owner',
    mustChangePassword: true,
    createdAt,
  };
  const hash = await context.ports.passwords.hash(input.password);
  await context.write(async (tx, note) => {
    await first(tx, note, organization);
    await tx.organizations.insert(organization);
    await tx.persons.insert(owner);
    await tx.persons.setPasswordHash(owner.id, hash);
    await note({ organizationId: organization.id, type: 'estate.founded', personId: owner.id });
  });
  return { organization, owner };
}
