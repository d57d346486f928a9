import type { Person, Role } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { SignInPolicy } from './model.ts';
import { ROLES } from './roles.ts';

/** What an organization asks of its people unless it has said otherwise. */
export async function policyOf(tx: Transaction, organizationId: string): Promise<SignInPolicy> {
  const stored = await tx.policies.get(organizationId);
  return stored ?? { organizationId, secondFactor: 'optional', registration: 'open' };
}

/** Roles that a required second factor is required of: whoever manages locks or gives access. */
export function concernedBySecondFactor(role: Role): boolean {
  const { scopes } = ROLES[role];
  return scopes.includes('locks:manage') || scopes.includes('grants:write');
}

/** Whether a person has a second factor that counts. */
export async function hasSecondFactor(
  tx: Transaction,
  person: Pick<Person, 'id' | 'organizationId'>,
): Promise<boolean> {
  const totp = await tx.totps.get(person.id);
  if (totp !== undefined && totp.confirmedAt !== null) return true;
  const page = { after: undefined, limit: 1 };
  return (await tx.passkeys.list(person.organizationId, { personId: person.id }, page)).length > 0;
}

/** Whether a person has to add a second factor before anything else. */
export async function owesSecondFactor(tx: Transaction, person: Person): Promise<boolean> {
  if (!concernedBySecondFactor(person.role)) return false;
  if ((await policyOf(tx, person.organizationId)).secondFactor === 'optional') return false;
  return !(await hasSecondFactor(tx, person));
}
