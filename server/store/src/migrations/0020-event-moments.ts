import { sql as raw } from 'kysely';
import type { Migration } from './migration.ts';

/** Events of a type at a property in the order in which they happened: what is counted is read along it. */
export const eventMoments: Migration = {
  number: 20,
  name: 'event-moments',
  statements: (sql) => [
    sql.schema
      .createIndex('event_by_moment')
      .on('event')
      .columns(['organization_id', 'property_id', 'type'])
      .expression(raw`coalesce(occurred_at, received_at)`)
      .column('id'),
  ],
};
