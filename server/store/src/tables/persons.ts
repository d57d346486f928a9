import type { Person, StoredToken, Transaction } from '@cardea/server-core';
import { sql as raw, type SqlBool } from 'kysely';
import type { Connection } from '../connection.ts';
import { keyedTable } from '../keyed-table.ts';
import { everything, nounTable, one } from '../noun-table.ts';
import { slot, sql, statement } from '../statement.ts';

interface Password {
  readonly personId: string;
  readonly hash: string;
}

interface Sender {
  readonly key: string;
  readonly lastAt: number;
}

interface Failures {
  readonly key: string;
  readonly count: number;
  readonly lastAt: number;
}

/** Persons with their password hashes and failed sign-ins, and the tokens that stand for them. */
export function personTables(connection: Connection): Pick<Transaction, 'persons' | 'tokens'> {
  const persons = nounTable<Person>(connection, 'person', {
    id: 'text',
    organizationId: 'text',
    name: 'text',
    email: 'text',
    role: 'text',
    mustChangePassword: 'flag',
    createdAt: 'integer',
  });
  const passwords = keyedTable<Password>(connection, 'person_password', 'personId', { personId: 'text', hash: 'text' });
  const failures = keyedTable<Failures>(connection, 'sign_in_failure', 'key', {
    key: 'text',
    count: 'integer',
    lastAt: 'integer',
  });
  const nth = statement(
    sql
      .selectFrom('sign_in_failure')
      .select('last_at')
      .orderBy('last_at', 'desc')
      .limit(slot('limit') as number)
      .offset(slot('after') as number),
  );
  const removeFailuresOf = statement(
    sql.deleteFrom('sign_in_failure').where(raw<SqlBool>`substr(key, -length(${slot('end')})) = ${slot('end')}`),
  );
  const senders = keyedTable<Sender>(connection, 'sign_in_sender', 'key', { key: 'text', lastAt: 'integer' });
  const tokens = nounTable<StoredToken>(connection, 'token', {
    id: 'text',
    organizationId: 'text',
    personId: 'text',
    kind: 'text',
    name: 'text',
    hash: 'text',
    scopes: 'json',
    phoneId: 'text',
    createdAt: 'integer',
    expiresAt: 'integer',
  });
  const removeOfPerson = statement(sql.deleteFrom('token').where('person_id', '=', slot('person_id')));
  const removeExpired = statement(sql.deleteFrom('token').where('expires_at', '<', slot('time')));
  return {
    persons: {
      ...persons,
      byEmail: async (organizationId, email) => (await persons.list(organizationId, { email }, one))[0],
      passwordHash: async (personId) => (await passwords.get(personId))?.hash,
      setPasswordHash: (personId, hash) => passwords.set({ personId, hash }),
      async failures(key) {
        const found = await failures.get(key);
        return found && { count: found.count, lastAt: found.lastAt };
      },
      setFailures: (key, count, lastAt) => failures.set({ key, count, lastAt }),
      async removeFailures(before, most) {
        await failures.removeBelow('lastAt', before);
        const [oldestKept] = await nth.all(connection, { limit: 1, after: most });
        if (oldestKept !== undefined) await failures.removeBelow('lastAt', Number(oldestKept.last_at) + 1);
      },
      async removeFailuresOf(account) {
        await removeFailuresOf.run(connection, { end: account });
      },
      signedInFrom: async (key) => (await senders.get(key))?.lastAt,
      setSignedInFrom: (key, lastAt) => senders.set({ key, lastAt }),
      removeSignedInBefore: (time) => senders.removeBelow('lastAt', time),
    },
    tokens: {
      insert: tokens.insert,
      byHash: async (hash) => (await tokens.anywhere({ hash }))[0],
      get: tokens.get,
      list: (organizationId, personId) => tokens.list(organizationId, { personId }, everything),
      remove: tokens.remove,
      async removeOfPerson(personId) {
        await removeOfPerson.run(connection, { person_id: personId });
      },
      async removeExpired(time) {
        await removeExpired.run(connection, { time });
      },
    },
  };
}
