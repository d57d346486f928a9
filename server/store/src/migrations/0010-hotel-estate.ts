import type { Migration } from './migration.ts';

/**
 * What a hotel says of its house: when guests come and go, how long its locks decide by themselves, and what each door is
 * for. In a house that was there before, no lock decides by itself until somebody says so.
 */
export const hotelEstate: Migration = {
  number: 10,
  name: 'hotel-estate',
  statements: (sql) => [
    sql.schema.alterTable('property').addColumn('check_in_time', 'text', (c) => c.notNull().defaultTo('15:00')),
    sql.schema.alterTable('property').addColumn('check_out_time', 'text', (c) => c.notNull().defaultTo('11:00')),
    sql.schema.alterTable('property').addColumn('offline_lease_s', 'integer'),
    sql.schema.alterTable('door').addColumn('kind', 'text', (c) => c.notNull().defaultTo('guest')),
  ],
};
