import type { Migration } from './migration.ts';

/** A grant's methods at one lock, found whether the lock or the grant has few or many of them. */
export const methodAtLock: Migration = {
  number: 16,
  name: 'method-at-lock',
  statements: (sql) => [
    sql.schema
      .createIndex('grant_method_at_lock')
      .on('grant_method')
      .columns(['organization_id', 'grant_id', 'lock_id', 'id']),
  ],
};
