import type { Migration } from './migration.ts';

/** What the monitor has found. */
export const alerts: Migration = {
  number: 7,
  name: 'alerts',
  statements: (sql) => [
    sql.schema
      .createTable('alert')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
      .addColumn('rule', 'text', (c) => c.notNull())
      .addColumn('subject_id', 'text', (c) => c.notNull())
      .addColumn('property_id', 'text')
      .addColumn('door_id', 'text')
      .addColumn('lock_id', 'text')
      .addColumn('gateway_id', 'text')
      .addColumn('person_id', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addColumn('evidence', 'text', (c) => c.notNull())
      .addColumn('first_at', 'bigint', (c) => c.notNull())
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('acknowledged_by', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull()),
    sql.schema.createIndex('alert_by_organization').on('alert').columns(['organization_id', 'id']),
    sql.schema.createIndex('alert_by_subject').on('alert').columns(['organization_id', 'rule', 'subject_id', 'id']),
  ],
};
