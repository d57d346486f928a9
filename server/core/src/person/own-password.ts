import type { Secret } from '@cardea/kit-runtime';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Person } from '../model.ts';
import type { LockOut } from './lock-out.ts';
import type { PasswordQueue } from './password-queue.ts';

/** An account's name in the lock-out: a sign-in name belongs to one organization. */
export function accountOf(organizationId: string, email: string): string {
  return `${organizationId} ${email}`;
}

/**
 * Looks at the actor's password once more, for what a stolen session alone must not do. Wrong ones wait like wrong sign-ins.
 * @throws CoreError `not_signed_in`, `locked_out`, `bad_credentials` with `field`
 */
export type OwnPassword = (actor: Actor, password: Secret<string>, field: string) => Promise<Person>;

/** The check over the record. */
export function createOwnPassword(context: Context, lockOut: LockOut, queue: PasswordQueue): OwnPassword {
  return async (actor, password, field) => {
    const person = await context.read((tx) => tx.persons.get(actor.organizationId, actor.personId));
    if (person === undefined) throw new CoreError('not_signed_in', 'this person is no longer known');
    const account = accountOf(person.organizationId, person.email);
    const key = `change of ${actor.tokenId}`;
    await lockOut.enter(account, key, 'known');
    const hash = await context.read((tx) => tx.persons.passwordHash(person.id));
    if (!(await queue.verify(hash, password, true))) {
      throw new CoreError('bad_credentials', 'the current password is wrong', { field });
    }
    await lockOut.succeeded(account, key, 'known');
    return person;
  };
}
