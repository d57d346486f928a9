import type { Migration } from './migration.ts';

/** How far people have read what they are told. */
export const notices: Migration = {
  number: 22,
  name: 'notices',
  statements: (sql) => [
    sql.schema
      .createTable('notice_mark')
      .addColumn('person_id', 'text', (c) => c.primaryKey().references('person.id').onDelete('cascade'))
      .addColumn('read_until', 'bigint', (c) => c.notNull()),
  ],
};
