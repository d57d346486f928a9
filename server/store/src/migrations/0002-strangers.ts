import type { Compilable, CreateTableBuilder, Kysely } from 'kysely';
import type { Tables } from '../statement.ts';
import type { Migration } from './migration.ts';

/**
 * Organizations are strangers: a sign-in name and a lock's identifier are unique in their organization and no longer in
 * the whole record, where a refusal would have said that somebody else has them. SQLite drops a table's own constraint
 * only with the table, so both tables are made anew with their rows.
 */
export const strangers: Migration = {
  number: 2,
  name: 'strangers',
  statements: (sql) => [
    ...anew(sql, 'person', 'email', {
      created_at: 'bigint',
      name: 'text',
      email: 'text',
      role: 'text',
      must_change_password: 'integer',
    }),
    ...anew(sql, 'lock', 'identifier', {
      created_at: 'bigint',
      identifier: 'text',
      maker: 'text',
      model: 'text',
      bluetooth: 'text',
      state: 'text',
    }),
  ],
};

/** The noun `name` with these columns, in which `unique` is unique in an organization; its rows and index kept. */
function anew(
  sql: Kysely<Tables>,
  name: string,
  unique: string,
  columns: Readonly<Record<string, 'text' | 'bigint' | 'integer'>>,
): readonly Compilable[] {
  const fresh = `fresh_${name}`;
  const names = ['id', 'organization_id', ...Object.keys(columns)];
  const keyed: CreateTableBuilder<string> = sql.schema
    .createTable(fresh)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
    .addUniqueConstraint(`${name}_${unique}`, ['organization_id', unique] as never);
  const table = Object.entries(columns).reduce(
    (known, [column, type]) => known.addColumn(column, type, (c) => c.notNull()),
    keyed,
  );
  return [
    table,
    sql
      .insertInto(fresh)
      .columns(names)
      .expression(sql.selectFrom(name).select(names as ['id'])),
    sql.schema.dropTable(name),
    sql.schema.alterTable(fresh).renameTo(name),
    sql.schema.createIndex(`${name}_by_organization_id_id`).on(name).columns(['organization_id', 'id']),
  ];
}
