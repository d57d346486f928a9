import type { Migration } from './migration.ts';

/** Verifiers of SCRAM-SHA-1 for gateways that enrol while an operator has turned legacy sign-ins on. */
export const legacyVerifiers: Migration = {
  number: 8,
  name: 'legacy-verifiers',
  statements: (sql, { octets }) => [
    sql.schema
      .createTable('gateway_legacy_verifier')
      .addColumn('gateway_id', 'text', (c) => c.primaryKey().references('gateway.id').onDelete('cascade'))
      .addColumn('salt', octets, (c) => c.notNull())
      .addColumn('iterations', 'integer', (c) => c.notNull())
      .addColumn('stored_key', octets, (c) => c.notNull())
      .addColumn('server_key', octets, (c) => c.notNull()),
  ],
};
