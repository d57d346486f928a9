import type { Static, TSchema } from 'typebox';
import type { ProblemCode } from './problem.ts';
import type { Scope } from './scope.ts';

/** One operation of the API as both sides see it. The key of the table says method and path: `GET /v1/doors/{id}`. */
export interface Endpoint {
  /** Stable name of the operation: `operationId` in OpenAPI. */
  readonly name: string;
  readonly summary: string;
  /** `public` needs no token; `loopback` answers only to the machine itself; `token` wants a bearer token. */
  readonly access: 'public' | 'loopback' | 'token';
  /** Any one of these scopes is enough; none named: any token will do. */
  readonly scopes: readonly Scope[];
  /** Whether a person whose password has to be changed may still use it. */
  readonly beforePasswordChange: boolean;
  /** Whether a person who owes the organization a second factor may still use it. */
  readonly beforeSecondFactor: boolean;
  readonly params: TSchema | undefined;
  readonly query: TSchema | undefined;
  readonly body: TSchema | undefined;
  /** Largest body in octets. */
  readonly bodyLimitOctets: number;
  /** Whether Idempotency-Key must be there. */
  readonly idempotent: boolean;
  /** Whether ETag is sent, and If-None-Match (GET) or If-Match (DELETE, PATCH) is honoured. */
  readonly conditional: boolean;
  /** Whether If-Match must be there. */
  readonly ifMatchRequired: boolean;
  readonly status: 200 | 201 | 202 | 204;
  readonly answer: TSchema | undefined;
  /** Media type of the answer. */
  readonly media: 'application/json' | 'application/x-ndjson' | 'text/event-stream' | 'text/plain';
  /** What it refuses, besides what every operation does. */
  readonly refusals: readonly ProblemCode[];
}

/** What a table entry names; the rest is as most operations have it. */
export type EndpointInput = Pick<Endpoint, 'name' | 'summary' | 'status'> & Partial<Endpoint>;

type Filled<T extends EndpointInput> = Omit<Endpoint, 'params' | 'query' | 'body' | 'answer'> & {
  readonly params: T['params'] extends TSchema ? T['params'] : undefined;
  readonly query: T['query'] extends TSchema ? T['query'] : undefined;
  readonly body: T['body'] extends TSchema ? T['body'] : undefined;
  readonly answer: T['answer'] extends TSchema ? T['answer'] : undefined;
};

const usual: Omit<Endpoint, 'name' | 'summary' | 'status'> = {
  access: 'token',
  scopes: [],
  beforePasswordChange: false,
  beforeSecondFactor: false,
  params: undefined,
  query: undefined,
  body: undefined,
  bodyLimitOctets: 65_536,
  idempotent: false,
  conditional: false,
  ifMatchRequired: false,
  answer: undefined,
  media: 'application/json',
  refusals: [],
};

/** A table entry with everything said. */
export function endpoint<const T extends EndpointInput>(input: T): Filled<T>;
export function endpoint(input: EndpointInput): Endpoint {
  return { ...usual, ...input };
}

/** The TypeScript type of a schema that may be absent. */
export type StaticOf<T> = T extends TSchema ? Static<T> : undefined;
