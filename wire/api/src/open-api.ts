import type { Endpoint } from './endpoint.ts';
import { endpointKeys, endpoints, methodAndPath } from './endpoints.ts';
import { Event, StreamEnd } from './event.ts';
import { Problem, type ProblemCode, problemKinds } from './problem.ts';

type Json = { [key: string]: unknown };

/** The description of the API in OpenAPI 3.1, whole: every operation with its answers, refusals included. */
export function openApi(version: string): Json {
  const schemas: Json = {};
  const paths: Json = {};
  for (const key of endpointKeys) {
    const { method, path } = methodAndPath(key);
    const item = (paths[path] ?? {}) as Json;
    item[method.toLowerCase()] = operation(endpoints[key] as Endpoint, method, schemas);
    paths[path] = item;
  }
  for (const schema of [Problem, Event, StreamEnd]) hoist(schema, schemas);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Cardea',
      version,
      summary: 'Opens doors, and knows that they opened because the lock said so.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A session or an API token.' },
      },
    },
  };
}

function operation(endpoint: Endpoint, method: string, schemas: Json): Json {
  return {
    operationId: endpoint.name,
    summary: endpoint.summary,
    ...(endpoint.scopes.length > 0 ? { description: `Scope: ${endpoint.scopes.join(' or ')}.` } : {}),
    parameters: [
      ...parameters(endpoint.params, 'path', schemas),
      ...parameters(endpoint.query, 'query', schemas),
      ...headerParameters(endpoint, method),
    ],
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: ((endpoint.body as Json).required as string[] | undefined)?.length !== undefined,
            content: { 'application/json': { schema: hoist(endpoint.body, schemas) } },
          },
        }),
    responses: responses(endpoint, method, schemas),
    security: endpoint.access === 'token' ? [{ bearer: [] }] : [],
  };
}

function parameters(schema: unknown, place: 'path' | 'query', schemas: Json): Json[] {
  if (schema === undefined) return [];
  const { properties, required = [] } = schema as { properties: Json; required?: string[] };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: hoist(property, schemas),
  }));
}

function headerParameters(endpoint: Endpoint, method: string): Json[] {
  const header = (name: string, required: boolean, description: string): Json => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string', maxLength: 255 },
  });
  return [
    ...(endpoint.idempotent
      ? [header('Idempotency-Key', true, 'A fresh UUID for each wish; the same one gets the same answer for 24 h.')]
      : []),
    ...(endpoint.conditional && method === 'GET' ? [header('If-None-Match', false, 'ETag of the copy at hand.')] : []),
    ...(endpoint.conditional && method !== 'GET'
      ? [
          header(
            'If-Match',
            endpoint.ifMatchRequired,
            'ETag of what was read: removed or changed only if it is still that.',
          ),
        ]
      : []),
    ...(endpoint.media === 'text/event-stream'
      ? [header('Last-Event-ID', false, 'Id of the last event known; what came after it is told first.')]
      : []),
  ];
}

/** Codes that an operation may answer besides its own, by what it takes. */
export function refusalsOf(endpoint: Endpoint, method: string): readonly ProblemCode[] {
  const codes: ProblemCode[] = [...endpoint.refusals];
  if (endpoint.access === 'token') codes.push('not_signed_in', 'not_permitted', 'locked_out');
  if (endpoint.access === 'token' && !endpoint.beforePasswordChange) codes.push('password_change_required');
  if (endpoint.params !== undefined || endpoint.query !== undefined) codes.push('invalid');
  if (method === 'POST' || method === 'PUT' || method === 'PATCH')
    codes.push('invalid', 'malformed_json', 'body_too_large', 'unsupported_media_type');
  if (endpoint.idempotent) codes.push('idempotency_key_missing', 'idempotency_key_reused', 'outcome_unknown');
  codes.push('too_many', 'internal', 'unavailable');
  return [...new Set(codes)];
}

function responses(endpoint: Endpoint, method: string, schemas: Json): Json {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of refusalsOf(endpoint, method)) {
    const { status } = problemKinds[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const rateLimit = {
    'RateLimit-Limit': { schema: { type: 'integer' }, description: 'Requests that may come at once.' },
    'RateLimit-Remaining': { schema: { type: 'integer' }, description: 'How many of them are left.' },
    'RateLimit-Reset': { schema: { type: 'integer' }, description: 'Seconds until all of them are there again.' },
  };
  const answers: Json = {
    [endpoint.status]: {
      description: endpoint.summary,
      headers: {
        ...rateLimit,
        ...(endpoint.conditional && method === 'GET' ? { ETag: { schema: { type: 'string' } } } : {}),
      },
      ...(endpoint.status === 204
        ? {}
        : {
            content: {
              [endpoint.media]: {
                schema:
                  endpoint.answer === undefined
                    ? { type: endpoint.media === 'application/json' ? 'object' : 'string' }
                    : hoist(endpoint.answer, schemas),
              },
            },
          }),
    },
  };
  if (endpoint.conditional && method === 'GET') answers['304'] = { description: 'The copy at hand is still right.' };
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    answers[status] = {
      description: codes.map((code) => `\`${code}\`: ${problemKinds[code].title}.`).join(' '),
      ...(codes.some((code) => problemKinds[code].retryable)
        ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } } }
        : {}),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return answers;
}

/** A copy of `schema` in which every schema with a name (its `title`) is a reference to `#/components/schemas`. */
function hoist(schema: unknown, schemas: Json): unknown {
  if (Array.isArray(schema)) return schema.map((part) => hoist(part, schemas));
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Json = {};
  for (const [key, value] of Object.entries(schema))
    if (key !== 'title' || typeof value !== 'string') copy[key] = hoist(value, schemas);
  const name = (schema as Json).title;
  if (typeof name !== 'string') return copy;
  schemas[name] = copy;
  return { $ref: `#/components/schemas/${name}` };
}
