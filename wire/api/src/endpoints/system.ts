import { endpoint } from '../endpoint.ts';
import { Health, Readiness } from '../health.ts';

/** The process and its description. */
export const systemEndpoints = {
  'GET /v1/openapi.json': endpoint({
    name: 'getOpenApi',
    summary: 'This description, OpenAPI 3.1',
    access: 'public',
    status: 200,
  }),
  'GET /healthz': endpoint({
    name: 'getHealth',
    summary: 'Whether the process is alive',
    access: 'public',
    status: 200,
    answer: Health,
  }),
  'GET /readyz': endpoint({
    name: 'getReadiness',
    summary: 'Whether the process can do its work',
    access: 'public',
    status: 200,
    answer: Readiness,
    refusals: ['unavailable'],
  }),
  'GET /metrics': endpoint({
    name: 'getMetrics',
    summary: 'Metrics of the process in the text format of Prometheus; only from the machine itself',
    access: 'loopback',
    status: 200,
    media: 'text/plain',
    refusals: ['not_found'],
  }),
};
