import type { AddedOrganization, BodyOf, Organization, QueryOf } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** The organizations of the installation. */
export interface OrganizationsClient {
  /** The installation's organizations, for its operator. */
  readonly organizations: Listing<Organization, QueryOf<'GET /v1/organizations'>> & {
    /** Founds another organization; its owner's password is in the answer, this once. */
    add(input: BodyOf<'POST /v1/organizations'>, options?: RequestOptions): Promise<AddedOrganization>;
  };
}

/** {@link OrganizationsClient} over a transport. */
export const organizationsClient = ({ call }: Transport): OrganizationsClient => ({
  organizations: {
    ...listing((query, more) => call('GET /v1/organizations', { query }, more)),
    add: (body, more) => call('POST /v1/organizations', { body }, more),
  },
});
