import type { Alert, QueryOf } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** What somebody should look at. */
export interface AlertsClient {
  readonly alerts: Listing<Alert, QueryOf<'GET /v1/alerts'>> & {
    get(id: string, options?: RequestOptions): Promise<Alert>;
    acknowledge(id: string, options?: RequestOptions): Promise<Alert>;
  };
}

/** {@link AlertsClient} over a transport. */
export const alertsClient = ({ call }: Transport): AlertsClient => ({
  alerts: {
    ...listing((query, more) => call('GET /v1/alerts', { query }, more)),
    get: (id, more) => call('GET /v1/alerts/{id}', { params: { id } }, more),
    acknowledge: (id, more) => call('POST /v1/alerts/{id}/acknowledge', { params: { id } }, more),
  },
});
