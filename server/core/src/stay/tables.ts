import type { Table } from '../table.ts';
import type { Stay } from './model.ts';

/** The record of stays. */
export interface StayTables {
  readonly stays: Table<Stay> & {
    byReference(organizationId: string, propertyId: string, reference: string): Promise<Stay | undefined>;
    /** Stays that are reserved or checked in at any of these doors, earliest first. */
    holding(organizationId: string, doorIds: readonly string[]): Promise<readonly Stay[]>;
    /** Stays of every organization that are in this state and whose time is over by `time`. */
    overdue(state: Stay['state'], time: number, limit: number): Promise<readonly Stay[]>;
  };
}
