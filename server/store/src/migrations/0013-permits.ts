import type { Migration } from './migration.ts';

/** Attempts by a grant: which one, who has to confirm until when, and the uses that are not settled yet. */
export const permits: Migration = {
  number: 13,
  name: 'permits',
  statements: (sql) => [
    sql.schema.alterTable('attempt').addColumn('grant_id', 'text'),
    sql.schema.alterTable('attempt').addColumn('confirm_by', 'bigint'),
    // Whoever sees his own alone looks by himself, not through everybody's.
    sql.schema.createIndex('attempt_by_actor').on('attempt').columns(['organization_id', 'actor_id', 'id']),
    sql.schema.createIndex('event_by_person').on('event').columns(['organization_id', 'person_id', 'id']),
    sql.schema
      .createTable('grant_use')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull())
      .addColumn('grant_id', 'text', (c) => c.notNull()),
  ],
};
