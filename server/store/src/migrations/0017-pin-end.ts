import type { Migration } from './migration.ts';

/** Until when a PIN may open at its lock, which may not have heard yet that its grant ends sooner. */
export const pinEnd: Migration = {
  number: 17,
  name: 'pin-end',
  statements: (sql) => [
    sql.schema.alterTable('grant_method').addColumn('pin_end_at', 'bigint'),
    // What locks have said holds; of what is on its way nobody knows what was told before.
    sql
      .updateTable('grant_method')
      .set({ pin_end_at: 0xffff_ffff * 1000 })
      .where('method', '=', 'pin')
      .where('state', '!=', 'set')
      .where('slot', 'is not', null),
  ],
};
