import type { ChainGap, LockChain, Transaction } from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import { keyedTable } from '../keyed-table.ts';
import { nounTable } from '../noun-table.ts';

/** How far the event chains of locks are verified, and their gaps. */
export function chainTables(connection: Connection): Pick<Transaction, 'chains'> {
  const chains = keyedTable<LockChain>(connection, 'lock_chain', 'lockId', {
    lockId: 'text',
    verifiedTo: 'integer',
    verifiedHash: 'octets',
    headDay: 'integer',
    headSequence: 'integer',
    headHash: 'octets',
    headSignature: 'octets',
    headAt: 'integer',
    unsettledSince: 'integer',
  });
  const gaps = nounTable<ChainGap>(connection, 'lock_chain_gap', {
    id: 'text',
    organizationId: 'text',
    lockId: 'text',
    kind: 'text',
    fromSequence: 'integer',
    toSequence: 'integer',
    seenAt: 'integer',
    closedAt: 'integer',
    beforeHash: 'octets',
    headSequence: 'integer',
    headHash: 'octets',
  });
  return { chains: { get: (lockId) => chains.get(lockId), set: (chain) => chains.set(chain), gaps } };
}
