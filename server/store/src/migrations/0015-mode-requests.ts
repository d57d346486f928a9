import type { Migration } from './migration.ts';

/** Modes that were asked of a lock and not yet confirmed: a receipt that comes late still says which. */
export const modeRequests: Migration = {
  number: 15,
  name: 'mode-requests',
  statements: (sql) => [
    sql.schema
      .createTable('mode_request')
      .addColumn('attempt_id', 'text', (c) => c.primaryKey())
      .addColumn('lock_id', 'text', (c) => c.notNull().references('lock.id').onDelete('cascade'))
      .addColumn('mode', 'text', (c) => c.notNull())
      .addColumn('until_at', 'bigint'),
    sql.schema.createIndex('mode_request_by_lock').on('mode_request').columns(['lock_id', 'attempt_id']),
  ],
};
