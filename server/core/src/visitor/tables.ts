import type { Table } from '../table.ts';
import type { Visitor } from './model.ts';

/** The record of visitors. */
export interface VisitorTables {
  readonly visitors: Table<Visitor>;
}
