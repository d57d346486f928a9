import { SecurityCheck } from '../checkup.ts';
import { endpoint } from '../endpoint.ts';
import { Statistics, StatisticsQuery } from '../statistics.ts';

/** What the record tells when it is counted. */
export const statisticsEndpoints = {
  'GET /v1/statistics': endpoint({
    name: 'getStatistics',
    summary: 'Count openings, denials and commands of a property, and list its batteries',
    scopes: ['events:read'],
    query: StatisticsQuery,
    status: 200,
    answer: Statistics,
    refusals: ['invalid', 'not_found'],
  }),
  'GET /v1/security-check': endpoint({
    name: 'checkSecurity',
    summary: 'Check how safely the organization is set up',
    scopes: ['estate:write'],
    status: 200,
    answer: SecurityCheck,
  }),
};
