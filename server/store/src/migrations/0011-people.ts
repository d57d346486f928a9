import type { Migration } from './migration.ts';

/** How people are reached and prove who they are: addresses, codes, second factors, passkeys, and what is asked of them. */
export const people: Migration = {
  number: 11,
  name: 'people',
  statements(sql, { octets }) {
    const noun = (name: string) =>
      sql.schema
        .createTable(name)
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
        .addColumn('created_at', 'bigint', (c) => c.notNull());
    const index = (table: string, ...columns: string[]) =>
      sql.schema
        .createIndex(`${table}_by_${columns.join('_')}`)
        .on(table)
        .columns(columns);
    return [
      noun('person_contact')
        .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('address', 'text', (c) => c.notNull())
        .addColumn('verified_at', 'bigint', (c) => c.notNull())
        .addUniqueConstraint('person_contact_address', ['organization_id', 'address']),
      index('person_contact', 'person_id', 'id'),
      noun('verification')
        .addColumn('person_id', 'text', (c) => c.references('person.id').onDelete('cascade'))
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('address', 'text', (c) => c.notNull())
        .addColumn('name', 'text')
        .addColumn('code_hash', octets)
        .addColumn('tries_left', 'integer', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull()),
      index('verification', 'organization_id', 'address', 'created_at'),
      index('verification', 'person_id'),
      index('verification', 'expires_at'),
      sql.schema
        .createTable('person_totp')
        .addColumn('person_id', 'text', (c) => c.primaryKey().references('person.id').onDelete('cascade'))
        .addColumn('secret', octets, (c) => c.notNull())
        .addColumn('used_step', 'bigint', (c) => c.notNull())
        .addColumn('confirmed_at', 'bigint')
        .addColumn('created_at', 'bigint', (c) => c.notNull()),
      noun('recovery_code')
        .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
        .addColumn('hash', 'text', (c) => c.notNull())
        .addColumn('used_at', 'bigint'),
      index('recovery_code', 'person_id', 'id'),
      noun('passkey')
        .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('credential_id', 'text', (c) => c.notNull().unique())
        .addColumn('public_key', octets, (c) => c.notNull())
        .addColumn('counter', 'bigint', (c) => c.notNull())
        .addColumn('transports', 'text', (c) => c.notNull())
        .addColumn('last_used_at', 'bigint'),
      index('passkey', 'person_id', 'id'),
      noun('sign_in_step')
        .addColumn('person_id', 'text', (c) => c.references('person.id').onDelete('cascade'))
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('hash', 'text', (c) => c.notNull())
        .addColumn('challenge', 'text', (c) => c.notNull())
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('device', 'text', (c) => c.notNull())
        .addColumn('tries_left', 'integer', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull()),
      index('sign_in_step', 'hash'),
      index('sign_in_step', 'expires_at'),
      index('sign_in_step', 'person_id'),
      sql.schema
        .createTable('session_use')
        .addColumn('token_id', 'text', (c) => c.primaryKey().references('token.id').onDelete('cascade'))
        .addColumn('device', 'text', (c) => c.notNull())
        .addColumn('address', 'text', (c) => c.notNull())
        .addColumn('factor', 'text', (c) => c.notNull())
        .addColumn('last_used_at', 'bigint', (c) => c.notNull()),
      sql.schema
        .createTable('sign_in_policy')
        .addColumn('organization_id', 'text', (c) => c.primaryKey().references('organization.id'))
        .addColumn('second_factor', 'text', (c) => c.notNull())
        .addColumn('registration', 'text', (c) => c.notNull()),
      sql.schema
        .createTable('server_secret')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('secret', octets, (c) => c.notNull()),
    ];
  },
};
