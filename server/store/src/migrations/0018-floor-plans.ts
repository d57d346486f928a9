import type { Migration } from './migration.ts';

/** The plans of floors, and where each door is on its floor's. */
export const floorPlans: Migration = {
  number: 18,
  name: 'floor-plans',
  statements: (sql) => [
    sql.schema.alterTable('floor').addColumn('plan', 'text'),
    sql.schema.alterTable('door').addColumn('position', 'text'),
    sql.schema.createIndex('door_by_floor').on('door').columns(['organization_id', 'floor_id', 'id']),
  ],
};
