import type { Migration } from './migration.ts';

/** Whom residents let in for a time, by grants that are held within their own. */
export const visitors: Migration = {
  number: 21,
  name: 'visitors',
  statements: (sql) => [
    sql.schema
      .createTable('visitor')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
      .addColumn('host_id', 'text', (c) => c.notNull())
      .addColumn('person_id', 'text', (c) => c.notNull())
      .addColumn('property_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('door_ids', 'text', (c) => c.notNull())
      .addColumn('not_before', 'bigint', (c) => c.notNull())
      .addColumn('not_after', 'bigint', (c) => c.notNull())
      .addColumn('revoked_at', 'bigint')
      .addColumn('created_at', 'bigint', (c) => c.notNull()),
    sql.schema.createIndex('visitor_by_host').on('visitor').columns(['organization_id', 'host_id', 'id']),
    sql.schema.createIndex('visitor_by_person').on('visitor').columns(['organization_id', 'person_id', 'id']),
    sql.schema.alterTable('access_grant').addColumn('source_grant_id', 'text'),
    sql.schema.alterTable('access_grant').addColumn('visitor_id', 'text'),
    sql.schema.createIndex('grant_by_source').on('access_grant').columns(['organization_id', 'source_grant_id', 'id']),
    sql.schema.createIndex('grant_by_visitor').on('access_grant').columns(['organization_id', 'visitor_id', 'id']),
    sql.schema.alterTable('property').addColumn('visitors', 'text', (c) => c.notNull().defaultTo('on')),
  ],
};
