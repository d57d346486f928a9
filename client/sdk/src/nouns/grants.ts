import type { BodyOf, Explanation, Grant, GrantAnswer, GrantMethod, QueryOf, RevokedGrant } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Grants, and what follows of them at a door. */
export interface GrantsClient {
  /** Who may open which doors, when and how. */
  readonly grants: Listing<Grant, QueryOf<'GET /v1/grants'>> & {
    get(id: string, options?: RequestOptions): Promise<Grant>;
    create(input: BodyOf<'POST /v1/grants'>, options?: RequestOptions): Promise<GrantAnswer>;
    /**
     * Changes what is named; `drop` names every constraint that falls. `ifMatch` is the ETag of what was read
     * (`onEtag` of `get`); without it the grant is read first, and changed only if nobody does meanwhile.
     */
    change(id: string, change: BodyOf<'PATCH /v1/grants/{id}'>, options?: RequestOptions): Promise<GrantAnswer>;
    /** The grant as it is over, and of each lock until when it can still be opened there. */
    revoke(id: string, options?: RequestOptions): Promise<RevokedGrant>;
  };
  /** How the methods of a grant stand at its locks, and until when each opens. */
  grantMethods(grantId: string, options?: RequestOptions): Promise<readonly GrantMethod[]>;
  /** Whether and why a person may open a door at a time. */
  explain(
    doorId: string,
    question: QueryOf<'GET /v1/doors/{id}/explain'>,
    options?: RequestOptions,
  ): Promise<Explanation>;
}

/** {@link GrantsClient} over a transport. */
export const grantsClient = ({ call }: Transport): GrantsClient => ({
  grants: {
    ...listing((query, more) => call('GET /v1/grants', { query }, more)),
    get: (id, more) => call('GET /v1/grants/{id}', { params: { id } }, more),
    create: (body, more) => call('POST /v1/grants', { body }, more),
    async change(id, body, more = {}) {
      let { ifMatch } = more;
      if (ifMatch === undefined) {
        const onEtag = (etag: string): void => {
          ifMatch = etag;
        };
        await call('GET /v1/grants/{id}', { params: { id } }, { signal: more.signal, onEtag });
      }
      return call('PATCH /v1/grants/{id}', { params: { id }, body }, { ...more, ifMatch });
    },
    revoke: (id, more) => call('POST /v1/grants/{id}/revoke', { params: { id } }, more),
  },
  grantMethods: async (id, more) => (await call('GET /v1/grants/{id}/methods', { params: { id } }, more)).items,
  explain: (id, query, more) => call('GET /v1/doors/{id}/explain', { params: { id }, query }, more),
});
