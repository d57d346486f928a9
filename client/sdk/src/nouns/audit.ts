import type {
  AuditConsistency,
  AuditHead,
  AuditInclusion,
  AuditKey,
  AuditLeaf,
  AuditLeaves,
  QueryOf,
} from '@cardea/wire-api';
import { linesOf } from '../lines.ts';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** What shows that the record was not changed. */
export interface AuditClient {
  /** The audit log of the organization: what shows that the record was not changed (docs/audit.md). */
  readonly audit: {
    key(options?: RequestOptions): Promise<AuditKey>;
    head(options?: RequestOptions): Promise<AuditHead>;
    readonly heads: Listing<AuditHead, QueryOf<'GET /v1/audit/heads'>>;
    /** Every leaf from a number on, fetched a page at a time. */
    leaves(from?: number, options?: RequestOptions): AsyncGenerator<AuditLeaf, void, void>;
    inclusion(eventId: string, options?: RequestOptions): Promise<AuditInclusion>;
    consistency(from: number, to: number, options?: RequestOptions): Promise<AuditConsistency>;
    /** The whole log as lines. */
    export(options?: RequestOptions): AsyncGenerator<string, void, void>;
  };
}

/** {@link AuditClient} over a transport. */
export function auditClient(transport: Transport): AuditClient {
  const { call } = transport;
  return {
    audit: {
      key: (more) => call('GET /v1/audit/key', {}, more),
      head: (more) => call('GET /v1/audit/head', {}, more),
      heads: listing((query, more) => call('GET /v1/audit/heads', { query }, more)),
      async *leaves(from = 0, more) {
        for (let next: number | null = from; next !== null; ) {
          const page: AuditLeaves = await call('GET /v1/audit/leaves', { query: { from: next } }, more);
          yield* page.items;
          next = page.next;
        }
      },
      inclusion: (event, more) => call('GET /v1/audit/proof/inclusion', { query: { event } }, more),
      consistency: (from, to, more) => call('GET /v1/audit/proof/consistency', { query: { from, to } }, more),
      async *export({ signal } = {}) {
        yield* linesOf(await transport.open('GET /v1/audit/export', {}, {}, signal));
      },
    },
  };
}
