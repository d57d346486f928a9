import { checkWhole } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { noteEvent } from '../link/facts.ts';
import type { Links } from '../link/links.ts';
import type { LockWatch } from '../link/watch.ts';
import { requireScope } from '../person/roles.ts';
import type { ReceiptResult } from './use-cases.ts';

/** Most records that one call hands in. */
export const RECORDS_MOST = 64;

/** Receipts of locks that phones hand in when they are online again: each is verified, and recorded once. */
export function receiptUseCases(context: Context, links: Links, watch: LockWatch): Core['receipts'] {
  return {
    async hand(actor, records) {
      requireScope(actor, 'access:use');
      checkWhole('records', records.length, 1, RECORDS_MOST);
      const results: ReceiptResult[] = [];
      for (const { identifier, octets } of records) {
        const link = links.byIdentifier(actor.organizationId, identifier);
        const seals = link?.seals;
        if (link === undefined || seals === undefined) {
          results.push('unknown_lock');
          continue;
        }
        const event = opened(() => seals.openCarried(octets));
        if (event === undefined) {
          results.push('forged');
          continue;
        }
        const { lock, place } = link;
        const fresh = await context.write(async (tx, note) => {
          const clockOffsetS = (await tx.locks.report(lock.id))?.clockOffsetS ?? undefined;
          const carriedBy = actor.personId;
          return noteEvent(tx, note, watch, { lock, place }, { event, clockOffsetS, carriedBy });
        });
        results.push(fresh ? 'recorded' : 'known');
      }
      return results;
    },
  };
}

/** A record that is not even of the form is no more the lock's than one that does not open. */
function opened<T>(open: () => T | undefined): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessError') return undefined;
    throw error;
  }
}
