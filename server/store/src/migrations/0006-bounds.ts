import type { Migration } from './migration.ts';

/** Where each account has signed in from, and whose each answer under an Idempotency-Key is, so that both are bounded. */
export const bounds: Migration = {
  number: 6,
  name: 'bounds',
  statements: (sql) => [
    sql.schema
      .createTable('sign_in_sender')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('last_at', 'bigint', (c) => c.notNull()),
    sql.schema.createIndex('sign_in_sender_by_last_at').on('sign_in_sender').columns(['last_at']),
    sql.schema.alterTable('idempotent_answer').addColumn('owner', 'text', (c) => c.notNull().defaultTo('')),
    sql.schema.createIndex('idempotent_answer_by_owner').on('idempotent_answer').columns(['owner']),
  ],
};
