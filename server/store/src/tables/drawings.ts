import type { FloorDrawing, Transaction } from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import { keyedTable } from '../keyed-table.ts';

/** Pictures that stand behind the plans of floors. */
export function drawingTables(connection: Connection): Pick<Transaction, 'drawings'> {
  const { get, set, remove } = keyedTable<FloorDrawing>(connection, 'floor_drawing', 'floorId', {
    floorId: 'text',
    organizationId: 'text',
    mediaType: 'text',
    octets: 'octets',
    createdAt: 'integer',
  });
  return { drawings: { get, set, remove } };
}
