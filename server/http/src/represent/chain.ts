import { toHex } from '@cardea/kit-octets';
import type { ChainView } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** A lock's event chain, as the API shows it. */
export function chain({ lock, chained, chain: known, gaps }: ChainView): api.LockChain {
  return {
    lock_id: lock.id,
    chained,
    verified_to: known?.verifiedTo ?? 0,
    head:
      known === undefined
        ? null
        : {
            day: known.headDay,
            sequence: known.headSequence,
            hash: toHex(known.headHash),
            signature: toHex(known.headSignature),
          },
    last_head_at: known === undefined ? null : time(known.headAt),
    unsettled_since: known === undefined || known.unsettledSince === null ? null : time(known.unsettledSince),
    gaps: gaps.map((gap) => ({
      id: gap.id,
      kind: gap.kind,
      from: gap.fromSequence,
      to: gap.toSequence,
      seen_at: time(gap.seenAt),
      closed_at: gap.closedAt === null ? null : time(gap.closedAt),
      head_sequence: gap.headSequence,
    })),
  };
}
