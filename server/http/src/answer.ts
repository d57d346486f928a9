import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf, matches } from './conditional.ts';
import type { Route } from './route.ts';

/** What is answered: `body` is the text that goes out. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a handler answered, as the operation says; 304 where the reader has it already (RFC 9110, 13.1.2). */
export function answerOf(route: Route, request: FastifyRequest, answer: unknown): Answer {
  const { status, conditional } = route.endpoint;
  if (status === 204) return { status, headers: {}, body: '' };
  const body = JSON.stringify(answer);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (status === 201 && hasId(answer)) headers.location = `${route.path}/${answer.id}`;
  if (!conditional || route.method !== 'GET') return { status, headers, body };
  headers.etag = etagOf(body);
  headers['cache-control'] = 'private, no-cache';
  const known = request.headers['if-none-match'];
  return known !== undefined && matches(known, headers.etag)
    ? { status: 304, headers, body: '' }
    : { status, headers, body };
}

/** Sends an answer, and nothing where its body is empty. */
export function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  reply.code(status).headers(headers);
  return body === '' ? reply.send() : reply.send(body);
}

function hasId(answer: unknown): answer is { readonly id: string } {
  return typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string';
}
