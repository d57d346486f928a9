import type { Migration } from './migration.ts';

/** Restores of this record from a backup, and what event retention has removed of each organization. */
export const restores: Migration = {
  number: 3,
  name: 'restores',
  statements: (sql) => [
    sql.schema
      .createTable('restore')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('restored_at', 'bigint', (c) => c.notNull())
      .addColumn('backup_made_at', 'bigint', (c) => c.notNull())
      .addColumn('generation_floor', 'bigint', (c) => c.notNull()),
    sql.schema
      .createTable('event_removal')
      .addColumn('organization_id', 'text', (c) => c.primaryKey().references('organization.id'))
      .addColumn('removed', 'bigint', (c) => c.notNull())
      .addColumn('received_before', 'bigint', (c) => c.notNull())
      .addColumn('last_at', 'bigint', (c) => c.notNull()),
    sql.schema
      .createIndex('event_by_organization_id_received_at')
      .on('event')
      .columns(['organization_id', 'received_at']),
  ],
};
