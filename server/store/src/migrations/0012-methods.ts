import type { Migration } from './migration.ts';

/** Methods at the locks: phones and their keys, PINs, what each lock should hold, what was taken back. */
export const methods: Migration = {
  number: 12,
  name: 'methods',
  statements(sql, { octets }) {
    const noun = (name: string) =>
      sql.schema
        .createTable(name)
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('organization_id', 'text', (c) => c.notNull().references('organization.id'));
    const withLife = (name: string) =>
      noun(name)
        .addColumn('lock_id', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('reason', 'text')
        .addColumn('tries', 'integer', (c) => c.notNull())
        .addColumn('next_try_at', 'bigint')
        .addColumn('acknowledged_at', 'bigint');
    const index = (table: string, name: string, ...columns: string[]) =>
      sql.schema.createIndex(`${table}_by_${name}`).on(table).columns(columns);
    const ofOrganization = (table: string, column: string, name: string) =>
      index(table, name, 'organization_id', column, 'id');
    return [
      withLife('grant_method')
        .addColumn('grant_id', 'text', (c) => c.notNull())
        .addColumn('person_id', 'text', (c) => c.notNull())
        .addColumn('method', 'text', (c) => c.notNull())
        .addColumn('schedule_id', 'text')
        .addColumn('series', 'integer', (c) => c.notNull())
        .addColumn('generation', 'bigint', (c) => c.notNull())
        .addColumn('slot', 'integer')
        .addColumn('verifier', octets)
        .addColumn('order_no', 'bigint')
        .addColumn('created_at', 'bigint', (c) => c.notNull()),
      ofOrganization('grant_method', 'grant_id', 'grant'),
      ofOrganization('grant_method', 'lock_id', 'lock'),
      ofOrganization('grant_method', 'person_id', 'person'),
      index('grant_method', 'turn', 'next_try_at'),
      withLife('lock_item')
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('schedule_id', 'text')
        .addColumn('number', 'integer', (c) => c.notNull())
        .addColumn('revision', 'integer', (c) => c.notNull()),
      ofOrganization('lock_item', 'lock_id', 'lock'),
      ofOrganization('lock_item', 'schedule_id', 'schedule'),
      index('lock_item', 'turn', 'next_try_at'),
      noun('lock_access')
        .addColumn('property_id', 'text', (c) => c.notNull())
        .addColumn('order_issued', 'bigint', (c) => c.notNull())
        .addColumn('order_acknowledged', 'bigint', (c) => c.notNull())
        .addColumn('halted_at', 'bigint'),
      noun('lock_series')
        .addColumn('lock_id', 'text', (c) => c.notNull())
        .addColumn('series', 'integer', (c) => c.notNull())
        .addColumn('generation', 'bigint', (c) => c.notNull())
        .addColumn('acknowledged', 'bigint', (c) => c.notNull())
        .addColumn('acknowledged_at', 'bigint')
        .addColumn('order_no', 'bigint', (c) => c.notNull()),
      ofOrganization('lock_series', 'lock_id', 'lock'),
      noun('lock_denial')
        .addColumn('lock_id', 'text', (c) => c.notNull())
        .addColumn('key_id', octets, (c) => c.notNull())
        .addColumn('series', 'integer', (c) => c.notNull())
        .addColumn('lease_end_at', 'bigint', (c) => c.notNull())
        .addColumn('order_no', 'bigint', (c) => c.notNull())
        .addColumn('acknowledged_at', 'bigint'),
      ofOrganization('lock_denial', 'lock_id', 'lock'),
      noun('phone')
        .addColumn('person_id', 'text', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('public_key', octets, (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('lost_at', 'bigint')
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addUniqueConstraint('phone_key', ['organization_id', 'public_key']),
      ofOrganization('phone', 'person_id', 'person'),
      noun('key_lease')
        .addColumn('person_id', 'text', (c) => c.notNull())
        .addColumn('grant_id', 'text', (c) => c.notNull())
        .addColumn('phone_id', 'text', (c) => c.notNull())
        .addColumn('lock_id', 'text')
        .addColumn('property_id', 'text', (c) => c.notNull())
        .addColumn('key_id', octets, (c) => c.notNull())
        .addColumn('key_prefix', 'bigint', (c) => c.notNull())
        .addColumn('series', 'integer', (c) => c.notNull())
        .addColumn('generation', 'bigint', (c) => c.notNull())
        .addColumn('no_clock', 'integer', (c) => c.notNull())
        .addColumn('issued_at', 'bigint', (c) => c.notNull())
        .addColumn('lease_end_at', 'bigint', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('revoked_at', 'bigint'),
      ofOrganization('key_lease', 'grant_id', 'grant'),
      ofOrganization('key_lease', 'phone_id', 'phone'),
      ofOrganization('key_lease', 'person_id', 'person'),
      ofOrganization('key_lease', 'key_prefix', 'prefix'),
      noun('offline_pin')
        .addColumn('grant_id', 'text', (c) => c.notNull())
        .addColumn('person_id', 'text', (c) => c.notNull())
        .addColumn('lock_id', 'text', (c) => c.notNull())
        .addColumn('kind', 'integer', (c) => c.notNull())
        .addColumn('start_at', 'bigint', (c) => c.notNull())
        .addColumn('end_at', 'bigint', (c) => c.notNull())
        .addColumn('generation', 'bigint', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('voided_at', 'bigint'),
      ofOrganization('offline_pin', 'grant_id', 'grant'),
      ofOrganization('offline_pin', 'lock_id', 'lock'),
      ofOrganization('offline_pin', 'person_id', 'person'),
      noun('property_access')
        .addColumn('hotel_id', octets, (c) => c.notNull())
        .addColumn('grant_key', octets, (c) => c.notNull())
        .addColumn('level_generation', 'bigint', (c) => c.notNull()),
      sql.schema
        .createTable('property_grant_key')
        .addColumn('property_id', 'text', (c) => c.primaryKey().references('property_access.id').onDelete('cascade'))
        .addColumn('scalar', octets, (c) => c.notNull()),
      noun('place_number')
        .addColumn('property_id', 'text', (c) => c.notNull())
        .addColumn('number', 'integer', (c) => c.notNull())
        .addUniqueConstraint('place_number_of_property', ['property_id', 'number']),
      ofOrganization('place_number', 'property_id', 'property'),
    ];
  },
};
