import type { Migration } from './migration.ts';

/** Stays with the doors that they hold, the modes that locks have confirmed, and where phones said that they were. */
export const stays: Migration = {
  number: 14,
  name: 'stays',
  statements: (sql) => [
    sql.schema
      .createTable('stay')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
      .addColumn('property_id', 'text', (c) => c.notNull())
      .addColumn('person_id', 'text', (c) => c.notNull())
      .addColumn('door_ids', 'text', (c) => c.notNull())
      .addColumn('from_at', 'bigint', (c) => c.notNull())
      .addColumn('to_at', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('reference', 'text')
      .addColumn('checked_in_at', 'bigint')
      .addColumn('checked_out_at', 'bigint')
      .addColumn('created_by', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('stay_reference', ['property_id', 'reference']),
    sql.schema.createIndex('stay_by_organization').on('stay').columns(['organization_id', 'id']),
    sql.schema.createIndex('stay_by_person').on('stay').columns(['organization_id', 'person_id', 'id']),
    sql.schema.createIndex('stay_by_end').on('stay').columns(['state', 'to_at']),
    // The doors of stays that are reserved or checked in: whoever wants one asks here.
    sql.schema
      .createTable('stay_door')
      .addColumn('stay_id', 'text', (c) => c.notNull().references('stay.id').onDelete('cascade'))
      .addColumn('organization_id', 'text', (c) => c.notNull())
      .addColumn('door_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('stay_door_key', ['stay_id', 'door_id']),
    sql.schema.createIndex('stay_door_by_door').on('stay_door').columns(['organization_id', 'door_id']),
    sql.schema
      .createTable('lock_mode')
      .addColumn('lock_id', 'text', (c) => c.primaryKey().references('lock.id').onDelete('cascade'))
      .addColumn('mode', 'text', (c) => c.notNull())
      .addColumn('until_at', 'bigint')
      .addColumn('confirmed_at', 'bigint', (c) => c.notNull())
      .addColumn('attempt_id', 'text', (c) => c.notNull()),
    sql.schema
      .createTable('position_claim')
      .addColumn('attempt_id', 'text', (c) => c.primaryKey())
      .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
      .addColumn('latitude', 'double precision', (c) => c.notNull())
      .addColumn('longitude', 'double precision', (c) => c.notNull())
      .addColumn('accuracy_m', 'integer', (c) => c.notNull())
      .addColumn('claimed_at', 'bigint', (c) => c.notNull()),
    sql.schema.createIndex('position_claim_by_person').on('position_claim').columns(['person_id']),
    sql.schema.createIndex('position_claim_by_time').on('position_claim').columns(['claimed_at']),
  ],
};
