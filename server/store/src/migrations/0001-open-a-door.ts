import type { CreateTableBuilder, Kysely } from 'kysely';
import type { Tables } from '../statement.ts';
import type { Migration } from './migration.ts';

/** The first schema: estate, persons, locks, gateways, attempts and events. */
export const openADoor: Migration = {
  number: 1,
  name: 'open-a-door',
  statements(sql, { octets }) {
    const table = (name: string) => sql.schema.createTable(name);
    const index = (table: string, ...columns: string[]) =>
      sql.schema
        .createIndex(`${table}_by_${columns.join('_')}`)
        .on(table)
        .columns(columns);
    return [
      table('organization')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull()),
      noun(sql, 'property')
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('time_zone', 'text', (c) => c.notNull())
        .addColumn('region', 'text', (c) => c.notNull())
        .addColumn('geofence', 'text'),
      noun(sql, 'floor')
        .addColumn('property_id', 'text', (c) => c.notNull().references('property.id'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('level', 'integer', (c) => c.notNull()),
      noun(sql, 'lock')
        .addColumn('identifier', 'text', (c) => c.notNull().unique())
        .addColumn('maker', 'text', (c) => c.notNull())
        .addColumn('model', 'text', (c) => c.notNull())
        .addColumn('bluetooth', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull()),
      table('lock_secret')
        .addColumn('lock_id', 'text', (c) => c.primaryKey().references('lock.id').onDelete('cascade'))
        .addColumn('factory_key', octets)
        .addColumn('serial_public_key', octets)
        .addColumn('printed_code_hash', octets),
      table('lock_binding')
        .addColumn('lock_id', 'text', (c) => c.primaryKey().references('lock.id').onDelete('cascade'))
        .addColumn('key_version', 'bigint', (c) => c.notNull())
        .addColumn('reset_count', 'bigint', (c) => c.notNull())
        .addColumn('active', octets)
        .addColumn('pending', octets),
      table('lock_report')
        .addColumn('lock_id', 'text', (c) => c.primaryKey().references('lock.id').onDelete('cascade'))
        .addColumn('attributes', 'text', (c) => c.notNull())
        .addColumn('proved_at', 'bigint', (c) => c.notNull())
        .addColumn('clock_offset_s', 'double precision')
        .addColumn('clock_error_s', 'double precision'),
      table('maker')
        .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('public_key', octets, (c) => c.notNull())
        .addColumn('pinned_at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('maker_key', ['organization_id', 'name']),
      noun(sql, 'door')
        .addColumn('property_id', 'text', (c) => c.notNull().references('property.id'))
        .addColumn('floor_id', 'text', (c) => c.references('floor.id'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('lock_id', 'text', (c) => c.unique().references('lock.id'))
        .addUniqueConstraint('door_name', ['property_id', 'name']),
      noun(sql, 'gateway')
        .addColumn('property_id', 'text', (c) => c.notNull().references('property.id'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('last_seen_at', 'bigint'),
      table('gateway_enrolment')
        .addColumn('gateway_id', 'text', (c) => c.primaryKey().references('gateway.id').onDelete('cascade'))
        .addColumn('token_hash', 'text', (c) => c.notNull().unique())
        .addColumn('expires_at', 'bigint', (c) => c.notNull()),
      table('gateway_verifier')
        .addColumn('gateway_id', 'text', (c) => c.primaryKey().references('gateway.id').onDelete('cascade'))
        .addColumn('salt', octets, (c) => c.notNull())
        .addColumn('iterations', 'integer', (c) => c.notNull())
        .addColumn('stored_key', octets, (c) => c.notNull())
        .addColumn('server_key', octets, (c) => c.notNull()),
      noun(sql, 'person')
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('email', 'text', (c) => c.notNull().unique())
        .addColumn('role', 'text', (c) => c.notNull())
        .addColumn('must_change_password', 'integer', (c) => c.notNull()),
      table('person_password')
        .addColumn('person_id', 'text', (c) => c.primaryKey().references('person.id').onDelete('cascade'))
        .addColumn('hash', 'text', (c) => c.notNull()),
      table('sign_in_failure')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .addColumn('count', 'integer', (c) => c.notNull())
        .addColumn('last_at', 'bigint', (c) => c.notNull()),
      noun(sql, 'token')
        .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('hash', 'text', (c) => c.notNull().unique())
        .addColumn('scopes', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull()),
      noun(sql, 'attempt')
        .addColumn('door_id', 'text')
        .addColumn('lock_id', 'text', (c) => c.notNull())
        .addColumn('actor_id', 'text', (c) => c.notNull())
        .addColumn('operation', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('reason', 'text')
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .addColumn('sent_at', 'bigint')
        .addColumn('ended_at', 'bigint')
        .addColumn('queue_position', 'integer')
        .addColumn('clock_offset_s', 'double precision')
        .addColumn('receipt', 'text')
        .addColumn('late_receipt', 'text'),
      table('event')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
        .addColumn('property_id', 'text')
        .addColumn('door_id', 'text')
        .addColumn('lock_id', 'text')
        .addColumn('gateway_id', 'text')
        .addColumn('person_id', 'text')
        .addColumn('attempt_id', 'text')
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('lock_sequence', 'bigint')
        .addColumn('occurred_at', 'bigint')
        .addColumn('received_at', 'bigint', (c) => c.notNull())
        .addColumn('detail', 'text', (c) => c.notNull())
        .addUniqueConstraint('event_of_lock', ['lock_id', 'lock_sequence']),
      table('idempotent_answer')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .addColumn('body_hash', 'text', (c) => c.notNull())
        .addColumn('status', 'integer', (c) => c.notNull())
        .addColumn('headers', 'text', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull()),
      index('property', 'organization_id', 'id'),
      index('floor', 'organization_id', 'property_id', 'id'),
      index('door', 'organization_id', 'property_id', 'id'),
      index('lock', 'organization_id', 'id'),
      index('gateway', 'organization_id', 'id'),
      index('person', 'organization_id', 'id'),
      index('token', 'person_id', 'id'),
      index('token', 'expires_at'),
      index('attempt', 'organization_id', 'id'),
      index('attempt', 'door_id', 'id'),
      index('attempt', 'state'),
      index('event', 'organization_id', 'id'),
      index('event', 'door_id', 'id'),
      index('sign_in_failure', 'last_at'),
      index('idempotent_answer', 'created_at'),
    ];
  },
};

/** What every noun of an organization begins with. */
function noun(sql: Kysely<Tables>, name: string): CreateTableBuilder<string> {
  return sql.schema
    .createTable(name)
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull());
}
