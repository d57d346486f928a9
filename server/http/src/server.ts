import type { Server } from 'node:http';
import type { ServerOptions as HttpsOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { type ConnectionGuard, TLS_SERVER } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import type { Log, Random } from '@cardea/kit-runtime';
import { type Problem, problemType } from '@cardea/wire-api';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { checkJsonShape } from './json-shape.ts';
import type { HttpLimits } from './limits.ts';
import { boundPipelining } from './pipelining.ts';
import { HttpRefusal } from './refusal.ts';

/** Octets of a request's header that are read before it is refused. */
const MAX_HEADER_OCTETS = 16_384;
/** How often connections are looked at that are late with a header or a body. */
const CHECK_EVERY_MS = 1000;

/** Bodies of this length are worked on in several turns of the event loop. */
const LARGE_CHARACTERS = 65_537;

/** What the server below the routes is made of. */
export interface ServerOptions {
  readonly tls: TlsOptions | 'plaintext';
  readonly random: Random;
  readonly log: Log;
  /** Who may connect, and who makes room. */
  readonly guard: ConnectionGuard;
}

/** The HTTP library with our bounds: HTTP/1.1 over TLS 1.2 or newer, JSON alone, nothing waited for without end. */
export function newServer({ tls, random, log, guard }: ServerOptions, limits: HttpLimits): FastifyInstance {
  const settings = {
    http: { maxHeaderSize: MAX_HEADER_OCTETS, connectionsCheckingInterval: CHECK_EVERY_MS, noDelay: true },
    genReqId: () => `req_${toHex(random.octets(12))}`,
    requestIdHeader: false,
    logger: false,
    bodyLimit: 65_536,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: 60_000,
    connectionTimeout: limits.idleTimeoutMs,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100 },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    exposeHeadRoutes: false,
    clientErrorHandler: answerBrokenRequest,
    // An address that cannot be decoded reaches no route and no hook.
    frameworkErrors(_error: Error, request: FastifyRequest, reply: FastifyReply) {
      const problem = brokenProblem('400 Bad Request', 'The address is not a valid one.', request.id);
      void reply.code(400).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
    },
  } as const;
  const secured = tls === 'plaintext' ? settings : { ...settings, https: httpsOptions(tls, limits) };
  // Node's HTTPS server is an HTTP server too: the routes need not know which.
  const app: FastifyInstance = Fastify<Server>(secured);
  app.server.maxConnections = limits.connections;
  app.server.headersTimeout = limits.headerTimeoutMs;
  // TLS wraps the socket before the HTTP server sees it: an answer of a few hundred octets must not wait for an ACK.
  app.server.on('connection', (socket) => socket.setNoDelay(true));
  app.server.on('tlsClientError', (error) => log.debug('tls handshake failed', { message: error.message }));
  app.server.on('secureConnection', (socket: TLSSocket) => guard.progressed(socket, 'secured'));
  guard.watch(app.server);
  boundPipelining(app.server, limits.pipelined);
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    const check = (next: () => void): void => {
      try {
        checkJsonShape(body, limits.json);
      } catch (error) {
        done(error as Error);
        return;
      }
      next();
    };
    if (body.length < LARGE_CHARACTERS) return check(() => parse(request, body, done));
    // Each part of the work on a large body has a turn of the event loop of its own.
    const inTurn = (work: () => void): void => void setImmediate(work);
    const parsed = (error: Error | null, value?: unknown): void => inTurn(() => done(error, value));
    inTurn(() => check(() => inTurn(() => parse(request, body, parsed))));
  });
  return app;
}

function httpsOptions(tls: TlsOptions, limits: HttpLimits): HttpsOptions {
  return {
    maxHeaderSize: MAX_HEADER_OCTETS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    ...TLS_SERVER,
    // Whoever answers the offer of protocols by itself (tls-alpn-01, RFC 8737) also answers `http/1.1`.
    ...(tls.ALPNCallback === undefined ? { ALPNProtocols: ['http/1.1'] } : {}),
    ...tls,
    handshakeTimeout: limits.headerTimeoutMs,
  };
}

/** The answer to octets that are not HTTP, or that come too slowly. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'The request did not arrive in time.']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', `The header is larger than ${MAX_HEADER_OCTETS} octets.`]
        : ['400 Bad Request', 'This is not HTTP/1.1.'];
  const body = JSON.stringify(brokenProblem(status, detail, ''));
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function brokenProblem(status: string, detail: string, requestId: string): Problem {
  return {
    type: problemType('invalid'),
    code: 'invalid',
    title: status.slice(4),
    status: Number(status.slice(0, 3)),
    detail,
    request_id: requestId,
    retryable: false,
    field: null,
  };
}

const ALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Every method of `url` but the allowed ones answers 405 and says which they are. */
export function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  app.route({
    method: ALL_METHODS.filter((method) => !allowed.includes(method)),
    url,
    handler: (request) => {
      throw new HttpRefusal('method_not_allowed', `${request.method} is not allowed here, but ${allowed.join(', ')}.`, {
        headers: { allow: allowed.join(', ') },
      });
    },
  });
}
