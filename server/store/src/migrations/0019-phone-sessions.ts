import type { Migration } from './migration.ts';

/** Sessions that a phone has begun by its key, and which phones may. */
export const phoneSessions: Migration = {
  number: 19,
  name: 'phone-sessions',
  statements: (sql) => [
    sql.schema.alterTable('token').addColumn('phone_id', 'text'),
    sql.schema.alterTable('phone').addColumn('signs_in', 'integer', (c) => c.notNull().defaultTo(0)),
  ],
};
