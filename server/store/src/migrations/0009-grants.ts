import type { Migration } from './migration.ts';

/** Grants with what they reach, and schedules. */
export const grants: Migration = {
  number: 9,
  name: 'grants',
  statements: (sql) => [
    sql.schema
      .createTable('schedule')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
      .addColumn('property_id', 'text', (c) => c.notNull().references('property.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('weekly', 'text', (c) => c.notNull())
      .addColumn('holidays', 'text', (c) => c.notNull())
      .addColumn('exceptions', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addUniqueConstraint('schedule_number', ['property_id', 'number']),
    sql.schema.createIndex('schedule_by_organization').on('schedule').columns(['organization_id', 'property_id', 'id']),
    // A lock may still hold the table of a schedule that was removed: its number is not given to another one.
    sql.schema
      .createTable('schedule_counter')
      .addColumn('property_id', 'text', (c) => c.primaryKey().references('property.id').onDelete('cascade'))
      .addColumn('newest', 'integer', (c) => c.notNull()),
    sql.schema
      .createTable('access_grant')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
      .addColumn('person_id', 'text', (c) => c.notNull())
      .addColumn('property_id', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('not_before', 'bigint', (c) => c.notNull())
      .addColumn('not_after', 'bigint')
      .addColumn('schedule_id', 'text')
      .addColumn('conditions', 'text', (c) => c.notNull())
      .addColumn('operations', 'text', (c) => c.notNull())
      .addColumn('methods', 'text', (c) => c.notNull())
      .addColumn('uses', 'integer')
      .addColumn('used', 'integer', (c) => c.notNull())
      .addColumn('first_used_at', 'bigint')
      .addColumn('series', 'integer', (c) => c.notNull())
      .addColumn('stay_id', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('revoked_at', 'bigint')
      .addColumn('created_by', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull()),
    sql.schema.createIndex('grant_by_organization').on('access_grant').columns(['organization_id', 'id']),
    sql.schema.createIndex('grant_by_person').on('access_grant').columns(['organization_id', 'person_id', 'id']),
    sql.schema.createIndex('grant_by_schedule').on('access_grant').columns(['organization_id', 'schedule_id', 'id']),
    sql.schema.createIndex('grant_by_stay').on('access_grant').columns(['organization_id', 'stay_id', 'id']),
    sql.schema.createIndex('grant_by_end').on('access_grant').columns(['state', 'not_after']),
    // What a grant reaches: one row for each named door, or one for its floor or property. `live` as long as it is active.
    sql.schema
      .createTable('grant_target')
      .addColumn('grant_id', 'text', (c) => c.notNull().references('access_grant.id').onDelete('cascade'))
      .addColumn('organization_id', 'text', (c) => c.notNull())
      .addColumn('person_id', 'text', (c) => c.notNull())
      .addColumn('target_id', 'text', (c) => c.notNull())
      .addColumn('live', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('grant_target_key', ['grant_id', 'target_id']),
    sql.schema
      .createIndex('grant_target_of_person')
      .on('grant_target')
      .columns(['organization_id', 'person_id', 'target_id', 'live', 'grant_id']),
    sql.schema
      .createIndex('grant_target_reaching')
      .on('grant_target')
      .columns(['organization_id', 'target_id', 'live', 'grant_id']),
  ],
};
