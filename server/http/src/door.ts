import type { TlsOptions } from 'node:tls';
import { type ConnectionGuard, createConnectionGuard, GUARD_LIMITS } from '@cardea/kit-node';
import type { Log, Random, Secret } from '@cardea/kit-runtime';
import type { Actor } from '@cardea/server-core';
import { openApi } from '@cardea/wire-api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { type Answer, answerOf, send } from './answer.ts';
import { authorize, bearerOf } from './authentication.ts';
import { checkIfMatch } from './conditional.ts';
import { createEventStreams } from './event-stream.ts';
import { fieldIn } from './field.ts';
import { createIdempotency, type IdempotencyStore } from './idempotency.ts';
import { defaultLimits, type HttpLimits } from './limits.ts';
import { streamLines } from './line-stream.ts';
import { createHttpMetrics, isLoopback } from './metrics.ts';
import { createRateLimiter, type RateAnswer, senderOf } from './rate-limit.ts';
import { HttpRefusal, problemBody, problemHeaders, refusalOf } from './refusal.ts';
import { idempotencyKeyOf, lastEventIdOf } from './request-headers.ts';
import type { Route } from './route.ts';
import { eventFilter } from './routes/events.ts';
import { type RoutesOptions, routesOf } from './routes/routes.ts';
import { createAnswerSeal } from './sealed-answer.ts';
import { newServer, refuseOtherMethods } from './server.ts';
import { type Check, coerceTexts, createCheck } from './validation.ts';
import type { WebApps } from './web/apps.ts';
import { browserOf } from './web/browser.ts';
import { serveWebApps } from './web/routes.ts';

/** What the door is made of. */
export interface HttpDoorOptions extends RoutesOptions {
  readonly random: Random;
  readonly log: Log;
  readonly idempotency: IdempotencyStore;
  /** Certificate and key (TLS 1.2 or newer is seen to here). `plaintext` is for tests on the loopback alone. */
  readonly tls: TlsOptions | 'plaintext';
  readonly version: string;
  /**
   * Tells browsers to come by HTTPS alone for a year (HSTS, RFC 6797). For a public name only: it counts for every port of
   * a name, so for `localhost` it would break what else runs there.
   */
  readonly hsts?: boolean | undefined;
  /** The built web apps, asked for with every request, so that they can be read anew. Without it there are none. */
  readonly web?: (() => WebApps) | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Who may connect; one of its own unless other doors of the process share it. */
  readonly guard?: ConnectionGuard | undefined;
  /** Where metrics are gathered; the process adds its own to it. */
  readonly registry?: Registry | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set after authentication on operations that need a token. */
    actor: Actor | undefined;
    /** The token that proved it. */
    bearer: Secret<string> | undefined;
    /** How the request stands against the limit that was looked at last. */
    rate: RateAnswer | undefined;
  }
  interface FastifyContextConfig {
    cardea?: Operation;
  }
}

/** A route with the checks compiled from its schemas. */
interface Operation {
  readonly route: Route;
  readonly checkParams: Check | undefined;
  readonly checkQuery: Check | undefined;
  readonly checkBody: Check | undefined;
}

const SWEEP_MS = 3_600_000;

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * The HTTP door of the RAS, ready to listen. A request passes, in this order: the limit of its address, its token, the
 * limit of its token, its scopes, the schemas of path, query and body, its Idempotency-Key, and then the core, which
 * checks all rights again.
 */
export function createHttpDoor(options: HttpDoorOptions): FastifyInstance {
  const { core, clock, random, log } = options;
  const limits: HttpLimits = { ...defaultLimits, ...options.limits };
  const perAddress = createRateLimiter(clock, limits.perAddress, limits.rateKeys);
  const strangers = createRateLimiter(clock, limits.strangers, 1);
  const perToken = createRateLimiter(clock, limits.perToken, limits.rateKeys);
  const idempotency = createIdempotency(
    options.idempotency,
    clock,
    limits.idempotencyMs,
    limits.idempotencyKeysPerOrganization,
  );
  const registry = options.registry ?? new Registry();
  const metrics = createHttpMetrics(registry, core);
  const streams = createEventStreams(core, clock, limits, (open) => metrics.streams.set(open));
  let close = () => {};
  const closing = new Promise<void>((resolve) => {
    close = resolve;
  });
  const scheme = options.tls === 'plaintext' ? 'http' : 'https';
  const description = JSON.stringify(openApi(options.version));

  const guard = options.guard ?? createConnectionGuard(clock, GUARD_LIMITS);
  const app = newServer({ ...options, guard }, limits);
  app.decorateRequest('actor', undefined);
  app.decorateRequest('bearer', undefined);
  app.decorateRequest('rate', undefined);

  const hsts = options.hsts === true ? { 'strict-transport-security': 'max-age=31536000' } : {};
  const everyHeaders = { ...securityHeaders, ...hsts };
  const headersOf = ({ id, rate }: FastifyRequest): Record<string, string> => ({
    ...everyHeaders,
    'x-request-id': id,
    ...(rate && rateHeaders(rate)),
  });
  // Only with the answer: whoever has sent half a request costs no headers.
  app.addHook('onSend', (request, reply, payload, done) => {
    for (const [name, value] of Object.entries(headersOf(request))) {
      if (!reply.hasHeader(name)) reply.header(name, value);
    }
    done(null, payload);
  });
  app.addHook('onRequest', async (request) => {
    guard.progressed(request.socket, 'spoke');
    const { endpoint } = request.routeOptions.config.cardea?.route ?? {};
    const cost = request.method === 'POST' && endpoint?.access === 'public' ? limits.signInCost : 1;
    admit(request, perAddress.take(senderOf(request.socket.remoteAddress), cost), 'address');
    if (endpoint?.access !== 'loopback' && !guard.knows(request.socket)) {
      admit(request, strangers.take('everybody', Math.min(cost, limits.strangerCost)), 'strangers');
    }
    if (endpoint?.access === 'token') {
      request.bearer = bearerOf(request.headers, scheme);
      request.actor = await core.access.authenticate(request.bearer, senderOf(request.socket.remoteAddress));
      guard.trusted(request.socket);
      admit(request, perToken.take(request.actor.tokenId), 'token');
      try {
        authorize(request.actor, endpoint);
      } catch (error) {
        if (error instanceof HttpRefusal && error.code === 'not_permitted') {
          await core.access.denied(request.actor, endpoint.name);
        }
        throw error;
      }
    }
    const coding = request.headers['content-encoding'];
    if (coding !== undefined && coding !== 'identity') {
      throw new HttpRefusal('unsupported_media_type', 'Send the body as it is, without Content-Encoding.', {
        field: 'header.Content-Encoding',
      });
    }
    if (endpoint?.access === 'loopback' && !isLoopback(request.socket.remoteAddress, request.headers)) {
      throw new HttpRefusal('not_found', 'There is nothing at this address.');
    }
  });

  app.addHook('onResponse', (request, reply, done) => {
    const { route } = request.routeOptions.config.cardea ?? {};
    const operation = route?.endpoint.name ?? 'none';
    metrics.answered(operation, reply.statusCode);
    const waited = request.query !== null && typeof request.query === 'object' && 'wait_s' in request.query;
    if (!waited && route?.endpoint.media !== 'text/event-stream') {
      metrics.seconds.observe({ operation }, reply.elapsedTime / 1000);
    }
    log.info('request', {
      request_id: request.id,
      operation,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
      person_id: request.actor?.personId,
      token_id: request.actor?.tokenId,
    });
    done();
  });

  const refuse = (error: unknown, request: FastifyRequest): Answer => {
    const operation = request.routeOptions.config.cardea;
    let refusal = refusalOf(error, (field) => fieldIn(operation?.route.endpoint, field));
    if (refusal === undefined && request.raw.destroyed && !request.raw.complete) {
      // The peer went before it had sent everything: nobody's mistake here, and nobody hears the answer.
      refusal = new HttpRefusal('invalid', 'The request did not arrive whole.');
    }
    if (refusal === undefined) {
      log.error('request failed', {
        request_id: request.id,
        operation: operation?.route.endpoint.name,
        error: error instanceof Error ? error.name : typeof error,
        message: error instanceof Error ? error.message : undefined,
        stack: error instanceof Error ? error.stack : undefined,
      });
      refusal = new HttpRefusal('internal', 'The server made a mistake; its log names it by this request_id.');
    }
    const body = problemBody(refusal, request.id);
    return { status: body.status, headers: problemHeaders(refusal), body: JSON.stringify(body) };
  };
  app.setErrorHandler((error, request, reply) => send(reply, refuse(error, request)));
  app.setNotFoundHandler((request, reply) =>
    send(reply, refuse(new HttpRefusal('not_found', 'There is nothing at this address.'), request)),
  );

  const perform = async (operation: Operation, request: FastifyRequest): Promise<Answer> => {
    const { route } = operation;
    const query = route.endpoint.query
      ? coerceTexts(route.endpoint.query, request.query as Record<string, unknown>)
      : {};
    const told: Record<string, string> = {};
    const asked = {
      params: operation.checkParams?.(request.params),
      query: operation.checkQuery?.(query),
      body: operation.checkBody?.(
        request.body ?? (route.endpoint.body === undefined && route.method !== 'POST' ? undefined : {}),
      ),
      from: senderOf(request.socket.remoteAddress),
      browser: browserOf(request.headers, scheme, clock, told),
      unchanged: (now: unknown) => checkIfMatch(request.headers['if-match'], JSON.stringify(now)),
    };
    if (route.endpoint.ifMatchRequired && request.headers['if-match'] === undefined) {
      throw new HttpRefusal('if_match_missing', 'Send If-Match with the ETag of what was read.', {
        field: 'header.If-Match',
      });
    }
    const run = async (): Promise<Answer> => {
      const answered = answerOf(route, request, await route.handle?.(request.actor, asked));
      return { ...answered, headers: { ...answered.headers, ...told } };
    };
    const { actor, bearer } = request;
    if (!route.endpoint.idempotent || actor === undefined || bearer === undefined) return run();
    const seal = createAnswerSeal(random, actor.tokenId, bearer, idempotencyKeyOf(request));
    return idempotency.once(
      seal,
      actor.organizationId,
      seal.fingerprint(route.method, request.url, request.body),
      async () => {
        try {
          return await run();
        } catch (error) {
          // A refusal is an answer like any other; a mistake is not: whether there was an effect is unknown.
          if (refusalOf(error, (field) => field) === undefined) throw error;
          return refuse(error, request);
        }
      },
    );
  };

  const special: Partial<Record<Route['key'], (request: FastifyRequest, reply: FastifyReply) => unknown>> = {
    'GET /v1/openapi.json': (_, reply) =>
      send(reply, { status: 200, headers: { 'content-type': 'application/json' }, body: description }),
    'GET /metrics': async (_, reply) =>
      send(reply, { status: 200, headers: { 'content-type': registry.contentType }, body: await metrics.text() }),
    'GET /v1/audit/export': async (request, reply) => {
      const { actor } = request;
      if (actor === undefined) throw new Error('the audit log was reached without an actor');
      const lines = await core.audit.export(actor);
      reply.hijack();
      const headers = { ...headersOf(request), 'content-type': 'application/x-ndjson' };
      await streamLines(reply.raw, headers, lines).catch((error: unknown) =>
        log.error('an export of the audit log failed', { request_id: request.id, message: String(error) }),
      );
    },
    'GET /v1/events/stream': (request, reply) => {
      const { actor, bearer } = request;
      if (actor === undefined || bearer === undefined) throw new Error('a stream was reached without an actor');
      const operation = request.routeOptions.config.cardea;
      const query = operation?.checkQuery?.(request.query) as { door_id?: string; type?: string } | undefined;
      const lastEventId = lastEventIdOf(request);
      streams.admit(actor);
      reply.hijack();
      streams.open(
        {
          actor,
          filter: eventFilter(query ?? {}),
          lastEventId,
          reauthenticate: () => core.access.authenticate(bearer),
        },
        request.raw,
        reply.raw,
        headersOf(request),
      );
    },
  };

  const methods = new Map<string, string[]>();
  for (const route of routesOf(options, closing)) {
    const operation = compile(route);
    const url = route.path.replace(/\{([a-z_]+)\}/g, ':$1');
    methods.set(url, [...(methods.get(url) ?? []), route.method]);
    app.route({
      method: route.method,
      url,
      bodyLimit:
        route.endpoint.access === 'public'
          ? Math.min(limits.publicBodyOctets, route.endpoint.bodyLimitOctets)
          : route.endpoint.bodyLimitOctets,
      config: { cardea: operation },
      handler: special[route.key] ?? (async (request, reply) => send(reply, await perform(operation, request))),
    });
  }
  for (const [url, allowed] of methods) refuseOtherMethods(app, url, allowed);
  if (options.web !== undefined) serveWebApps(app, options.web, random);

  let cancelSweep = () => {};
  const sweep = () => {
    cancelSweep = clock.after(SWEEP_MS, () => {
      idempotency.sweep().catch((error: unknown) => log.warn('sweep failed', { message: String(error) }));
      sweep();
    });
  };
  app.addHook('onReady', async () => sweep());
  app.addHook('preClose', async () => {
    cancelSweep();
    close();
    streams.endAll();
  });
  return app;
}

function compile(route: Route): Operation {
  const { params, query, body } = route.endpoint;
  return {
    route,
    checkParams: params && createCheck(params, 'path'),
    checkQuery: query && createCheck(query, 'query'),
    checkBody: body && createCheck(body, 'body'),
  };
}

function rateHeaders({ limit, remaining, resetS }: RateAnswer): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetS),
  };
}

function admit(request: FastifyRequest, rate: RateAnswer, of: 'address' | 'token' | 'strangers'): void {
  request.rate = rate;
  if (rate.allowed) return;
  const whose = of === 'strangers' ? 'addresses from which nobody has signed in' : `this ${of}`;
  throw new HttpRefusal('too_many', `Too many requests from ${whose}.`, { retryAfterS: rate.retryAfterS });
}
