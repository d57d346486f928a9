import type { BodyOf, InvitedVisitor, QueryOf, RevokedVisitor, Visitor } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Visitors of a resident. */
export interface VisitorsClient {
  /** One's own visitors: whom one lets through doors of one's own for a time. */
  readonly visitors: Listing<Visitor, QueryOf<'GET /v1/visitors'>> & {
    /** Link and PIN are in the answer, this once. */
    invite(input: BodyOf<'POST /v1/visitors'>, options?: RequestOptions): Promise<InvitedVisitor>;
    /** Takes back what the visitor was given; the answer says until when each door can still be opened. */
    revoke(id: string, options?: RequestOptions): Promise<RevokedVisitor>;
  };
}

/** {@link VisitorsClient} over a transport. */
export const visitorsClient = ({ call }: Transport): VisitorsClient => ({
  visitors: {
    ...listing((query, more) => call('GET /v1/visitors', { query }, more)),
    invite: (body, more) => call('POST /v1/visitors', { body }, more),
    revoke: (id, more) => call('POST /v1/visitors/{id}/revoke', { params: { id } }, more),
  },
});
