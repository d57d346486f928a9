import type { Secret } from '@cardea/kit-runtime';
import { createContext } from '../context.ts';
import type { Person } from '../model.ts';
import type { CorePorts } from '../ports.ts';
import { endSessions } from './sessions.ts';

/**
 * Gives `person` the generated `password`, which has to be changed at the next sign-in, and ends the person's sessions.
 * API tokens stay. No actor asks: it is for a program that holds the record itself while no server runs, so that whoever
 * owns the machine is never locked out. The record keeps it as `person.password_reset`.
 */
export async function resetPassword(ports: CorePorts, person: Person, password: Secret<string>): Promise<void> {
  const context = createContext(ports);
  const hash = await ports.passwords.hash(password);
  await context.write(async (tx, note) => {
    await tx.persons.setPasswordHash(person.id, hash);
    await tx.persons.update(person.organizationId, person.id, { mustChangePassword: true });
    await endSessions(tx, person);
    await note({ organizationId: person.organizationId, type: 'person.password_reset', personId: person.id });
  });
}
