import type { BodyOf, Property, QueryOf } from '@cardea/wire-api';
import { listing, type Noun } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Properties: a hotel, a house, a site. */
export interface PropertiesClient {
  readonly properties: Noun<Property, QueryOf<'GET /v1/properties'>, BodyOf<'POST /v1/properties'>> & {
    /** Changes what is named; the rest stays. */
    change(id: string, change: BodyOf<'PATCH /v1/properties/{id}'>, options?: RequestOptions): Promise<Property>;
  };
}

/** {@link PropertiesClient} over a transport. */
export const propertiesClient = ({ call }: Transport): PropertiesClient => ({
  properties: {
    ...listing((query, more) => call('GET /v1/properties', { query }, more)),
    get: (id, more) => call('GET /v1/properties/{id}', { params: { id } }, more),
    add: (body, more) => call('POST /v1/properties', { body }, more),
    change: (id, body, more) => call('PATCH /v1/properties/{id}', { params: { id }, body }, more),
    remove: (id, more) => call('DELETE /v1/properties/{id}', { params: { id } }, more),
  },
});
