import type { Migration } from './migration.ts';

/** The audit log: a Merkle tree an organization, its signed heads and where they were witnessed, and what erasure destroys. */
export const auditLog: Migration = {
  number: 5,
  name: 'audit-log',
  statements(sql, { octets }) {
    const table = (name: string) => sql.schema.createTable(name);
    return [
      // No reference to `organization`: an event's own row, in the same unit, has it.
      table('audit_leaf')
        .addColumn('organization_id', 'text', (c) => c.notNull())
        .addColumn('number', 'bigint', (c) => c.notNull())
        .addColumn('leaf', 'text', (c) => c.notNull())
        .addColumn('hash', octets, (c) => c.notNull())
        .addPrimaryKeyConstraint('audit_leaf_key', ['organization_id', 'number']),
      table('audit_node')
        .addColumn('organization_id', 'text', (c) => c.notNull())
        .addColumn('level', 'integer', (c) => c.notNull())
        .addColumn('number', 'bigint', (c) => c.notNull())
        .addColumn('hash', octets, (c) => c.notNull())
        .addPrimaryKeyConstraint('audit_node_key', ['organization_id', 'level', 'number']),
      table('audit_salt')
        .addColumn('event_id', 'text', (c) => c.primaryKey())
        .addColumn('organization_id', 'text', (c) => c.notNull())
        .addColumn('number', 'bigint', (c) => c.notNull())
        .addColumn('salt', octets),
      table('audit_person_key')
        .addColumn('person_id', 'text', (c) => c.primaryKey())
        .addColumn('key', octets, (c) => c.notNull()),
      table('audit_head')
        .addColumn('organization_id', 'text', (c) => c.notNull())
        .addColumn('size', 'bigint', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addColumn('note', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('audit_head_key', ['organization_id', 'size']),
      table('audit_signer')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('public_key', octets, (c) => c.notNull())
        .addColumn('scalar', octets, (c) => c.notNull())
        .addColumn('made_at', 'bigint', (c) => c.notNull()),
      table('audit_witnessing')
        .addColumn('organization_id', 'text', (c) => c.notNull())
        .addColumn('size', 'bigint', (c) => c.notNull())
        .addColumn('witness', 'text', (c) => c.notNull())
        .addColumn('witnessed_at', 'bigint', (c) => c.notNull())
        .addColumn('receipt', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('audit_witnessing_key', ['organization_id', 'size', 'witness']),
    ];
  },
};
