import type { QueryOf, SecurityCheck, Statistics } from '@cardea/wire-api';
import type { RequestOptions, Transport } from '../transport.ts';

/** What is counted of the use, and what is found of the set-up. */
export interface InsightsClient {
  /** What a property tells of its use in a range: until now, the seven days before, unless said otherwise. */
  statistics(query: QueryOf<'GET /v1/statistics'>, options?: RequestOptions): Promise<Statistics>;
  /** How safely the organization is set up: warnings first, then advice, then what is in order. */
  securityCheck(options?: RequestOptions): Promise<SecurityCheck>;
}

/** {@link InsightsClient} over a transport. */
export const insightsClient = ({ call }: Transport): InsightsClient => ({
  statistics: (query, more) => call('GET /v1/statistics', { query }, more),
  securityCheck: (more) => call('GET /v1/security-check', {}, more),
});
