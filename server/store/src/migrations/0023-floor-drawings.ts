import type { Migration } from './migration.ts';

/** A picture behind the plan of a floor. */
export const floorDrawings: Migration = {
  number: 23,
  name: 'floor-drawings',
  statements: (sql, types) => [
    sql.schema
      .createTable('floor_drawing')
      .addColumn('floor_id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
      .addColumn('media_type', 'text', (c) => c.notNull())
      .addColumn('octets', types.octets, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull()),
  ],
};
