import type { Migration } from './migration.ts';

/** How far the event chain of each lock is verified against its signed heads, and what is missing of it. */
export const eventChains: Migration = {
  number: 4,
  name: 'event-chains',
  statements: (sql, { octets }) => [
    sql.schema
      .createTable('lock_chain')
      .addColumn('lock_id', 'text', (c) => c.primaryKey().references('lock.id').onDelete('cascade'))
      .addColumn('verified_to', 'bigint', (c) => c.notNull())
      .addColumn('verified_hash', octets)
      .addColumn('head_day', 'bigint', (c) => c.notNull())
      .addColumn('head_sequence', 'bigint', (c) => c.notNull())
      .addColumn('head_hash', octets, (c) => c.notNull())
      .addColumn('head_signature', octets, (c) => c.notNull())
      .addColumn('head_at', 'bigint', (c) => c.notNull())
      .addColumn('unsettled_since', 'bigint'),
    sql.schema
      .createTable('lock_chain_gap')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
      .addColumn('lock_id', 'text', (c) => c.notNull().references('lock.id').onDelete('cascade'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('from_sequence', 'bigint', (c) => c.notNull())
      .addColumn('to_sequence', 'bigint', (c) => c.notNull())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .addColumn('closed_at', 'bigint')
      .addColumn('before_hash', octets)
      .addColumn('head_sequence', 'bigint', (c) => c.notNull())
      .addColumn('head_hash', octets, (c) => c.notNull()),
    sql.schema.createIndex('lock_chain_gap_by_lock').on('lock_chain_gap').columns(['organization_id', 'lock_id', 'id']),
  ],
};
