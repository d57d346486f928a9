import type { AnswerOf, BodyOf, EndpointKey, ParamsOf, QueryOf } from '@cardea/wire-api';
import { ApiProblem, problemOf } from './problem.ts';

/** What the client needs of the world. */
export interface TransportOptions {
  /** Address of the server: `https://127.0.0.1:8443`. */
  readonly url: string;
  /** Session or API token; without one only sign-in and gateway enrolment work, and in a browser what its cookie may do. */
  readonly token?: string | undefined;
  /** The platform's fetch unless told; whoever needs a certificate authority of their own hands in theirs. */
  readonly fetch?: typeof fetch | undefined;
  /** Waits between tries; setTimeout unless told. */
  readonly sleep?: ((ms: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/** How one request is made. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** The same key for the same wish: made up per call unless told. */
  readonly idempotencyKey?: string | undefined;
  /** ETag of what was read: changed only if it is still that. */
  readonly ifMatch?: string | undefined;
  /** Told the ETag of the answer, where it has one. */
  readonly onEtag?: ((etag: string) => void) | undefined;
}

type Part<Name extends string, T> = [T] extends [undefined]
  ? unknown
  : Record<never, never> extends T
    ? { readonly [K in Name]?: T }
    : { readonly [K in Name]: T };

/** What an operation takes: the parameters in its path, its query and its body, as its schemas say. */
export type Call<K extends EndpointKey> = Part<'params', ParamsOf<K>> &
  Part<'query', QueryOf<K>> &
  Part<'body', BodyOf<K>>;

/** Makes requests, each typed by the table of the API. */
export interface Transport {
  /** Calls one operation. @throws ApiProblem */
  call<K extends EndpointKey>(key: K, input: Call<K>, options?: RequestOptions): Promise<AnswerOf<K>>;
  /** Opens the answer of an operation as it is, without retries. @throws ApiProblem */
  open(key: EndpointKey, query: object, headers: Record<string, string>, signal?: AbortSignal): Promise<Response>;
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

/** Tries of one request, the first included. */
const MAX_TRIES = 4;
/** Waits between the tries of one request last no longer than this together: a wish does not act long after it was made. */
const MAX_WAIT_MS = 10_000;
/** How long an answer may take beyond a `wait_s` asked for. */
const ANSWER_TIMEOUT_MS = 15_000;

/** A transport over `fetch`. It repeats only what is safe to repeat: reads, removals, and POSTs under one Idempotency-Key. */
export function createTransport(options: TransportOptions): Transport {
  const base = withoutEndSlashes(options.url);
  const fetchIt = options.fetch ?? globalThis.fetch.bind(globalThis);
  const sleep = options.sleep ?? sleepFor;
  const bearer: Record<string, string> =
    options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };

  const reach = async (address: string, init: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetchIt(address, init);
    } catch (cause) {
      if (init.signal?.aborted && !isTimeout(init.signal.reason)) throw init.signal.reason;
      throw new ApiProblem('unreachable', `No answer from ${base}: ${reasonOf(cause)}`, { retryable: true, cause });
    }
    if (response.status >= 400) throw await problemOf(response);
    return response;
  };

  return {
    sleep,
    open(key, query, headers, signal) {
      const { method, address } = addressOf(base, key, undefined, query);
      return reach(address, { method, headers: { ...bearer, ...headers }, ...(signal ? { signal } : {}) });
    },
    async call(key, input, { signal, idempotencyKey, ifMatch, onEtag } = {}) {
      const { params, query, body } = input as { params?: object; query?: object; body?: object };
      const { method, address } = addressOf(base, key, params, query);
      const headers: Record<string, string> = { ...bearer, accept: 'application/json' };
      if (method === 'POST') headers['idempotency-key'] = idempotencyKey ?? crypto.randomUUID();
      if (ifMatch !== undefined) headers['if-match'] = ifMatch;
      if (body !== undefined) headers['content-type'] = 'application/json';
      const text = body === undefined ? undefined : JSON.stringify(body);
      const safe = !notRepeatable.has(key);
      let waitedMs = 0;
      for (let tries = 1; ; tries++) {
        const limit = AbortSignal.timeout(ANSWER_TIMEOUT_MS + waitAskedMs(query));
        try {
          const response = await reach(address, {
            method,
            headers,
            signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
            ...(text === undefined ? {} : { body: text }),
          });
          const etag = response.headers.get('etag');
          if (etag !== null) onEtag?.(etag);
          return (await answerOf(response)) as AnswerOf<typeof key>;
        } catch (error) {
          if (!(error instanceof ApiProblem) || !error.retryable || !safe || tries >= MAX_TRIES) throw error;
          const waitMs = error.retryAfterS !== undefined ? error.retryAfterS * 1000 : 250 * 2 ** tries;
          if (error.code === 'internal' || error.code === 'locked_out' || waitedMs + waitMs > MAX_WAIT_MS) throw error;
          waitedMs += waitMs;
          await sleep(waitMs, signal);
        }
      }
    },
  };
}

/** What has no Idempotency-Key and would count twice if it were done twice. */
const notRepeatable: ReadonlySet<EndpointKey> = new Set<EndpointKey>([
  'POST /v1/sessions',
  'POST /v1/gateway-enrolments',
  'POST /v1/sim/{fault}',
  'DELETE /v1/locks/{id}',
]);

async function answerOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  try {
    return await response.json();
  } catch (cause) {
    throw new ApiProblem('malformed_answer', 'The answer of the server is not JSON.', {
      status: response.status,
      cause,
    });
  }
}

function addressOf(base: string, key: EndpointKey, params: object | undefined, query: object | undefined) {
  const space = key.indexOf(' ');
  const values = new Map(Object.entries(params ?? {}));
  const path = key
    .slice(space + 1)
    .replace(/\{([a-z_]+)\}/g, (_, name) => encodeURIComponent(String(values.get(name))));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return { method: key.slice(0, space), address: `${base}${path}${text === '' ? '' : `?${text}`}` };
}

function waitAskedMs(query: object | undefined): number {
  return query !== undefined && 'wait_s' in query ? Number(query.wait_s) * 1000 : 0;
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}

function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The address without slashes at its end; not by a pattern, which would begin anew at each of many slashes. */
function withoutEndSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end--;
  return url.slice(0, end);
}
