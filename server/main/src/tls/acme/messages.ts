import { ServerError } from '../../errors.ts';
import type { AcmeAnswer } from './transport.ts';

/** Where an ACME server's resources are (RFC 8555, 7.1.1), as far as they are used. */
export interface Directory {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  readonly termsOfService: string | undefined;
}

/** An order (7.1.3). `invalid` is an end. */
export interface Order {
  readonly status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  readonly authorizations: readonly string[];
  readonly finalize: string;
  readonly certificate: string | undefined;
  readonly error: Problem | undefined;
}

/** An authorization of one name (7.1.4). */
export interface Authorization {
  readonly status: string;
  readonly name: string;
  readonly challenges: readonly Challenge[];
}

/** One way to show that a name is ours (7.1.5, 8). */
export interface Challenge {
  readonly type: string;
  readonly url: string;
  readonly status: string;
  readonly token: string;
  readonly error: Problem | undefined;
}

/** Why an ACME server refused (6.7): `type` without its `urn:ietf:params:acme:error:`. */
export interface Problem {
  readonly type: string;
  readonly detail: string;
}

const ERRORS = 'urn:ietf:params:acme:error:';
const ORDER_STATES = ['pending', 'ready', 'processing', 'valid', 'invalid'] as const;
/** base64url, with room for a longer token than the 128 bits that are asked for (8). */
const TOKEN = /^[A-Za-z0-9_-]{16,256}$/;
const MOST_AUTHORIZATIONS = 100;
const MOST_DETAIL = 400;

/** @throws ServerError `acme` when the answer is no directory */
export function readDirectory(answer: AcmeAnswer): Directory {
  const body = readObject(answer, 'directory');
  const meta = isObject(body.meta) ? body.meta : {};
  return {
    newNonce: url(body.newNonce, 'directory.newNonce'),
    newAccount: url(body.newAccount, 'directory.newAccount'),
    newOrder: url(body.newOrder, 'directory.newOrder'),
    termsOfService: typeof meta.termsOfService === 'string' ? clean(meta.termsOfService) : undefined,
  };
}

/** @throws ServerError `acme` when the answer is no order */
export function readOrder(answer: AcmeAnswer): Order {
  const body = readObject(answer, 'order');
  const status = ORDER_STATES.find((one) => one === body.status);
  if (status === undefined) throw malformed('order.status');
  if (!Array.isArray(body.authorizations) || body.authorizations.length > MOST_AUTHORIZATIONS) {
    throw malformed('order.authorizations');
  }
  return {
    status,
    authorizations: body.authorizations.map((one) => url(one, 'order.authorizations')),
    finalize: url(body.finalize, 'order.finalize'),
    certificate: body.certificate === undefined ? undefined : url(body.certificate, 'order.certificate'),
    error: problemIn(body.error),
  };
}

/** @throws ServerError `acme` when the answer is no authorization */
export function readAuthorization(answer: AcmeAnswer): Authorization {
  const body = readObject(answer, 'authorization');
  const identifier = isObject(body.identifier) ? body.identifier : {};
  if (typeof body.status !== 'string' || typeof identifier.value !== 'string' || !Array.isArray(body.challenges)) {
    throw malformed('authorization');
  }
  return {
    status: body.status,
    name: identifier.value,
    challenges: body.challenges.filter(isObject).flatMap((one): Challenge[] => {
      const { type, status, token } = one;
      // A challenge of a kind that we do not know may have no token; it is not ours to answer.
      if (typeof type !== 'string' || typeof status !== 'string' || typeof token !== 'string') return [];
      if (!TOKEN.test(token)) throw malformed('challenge.token');
      return [{ type, status, token, url: url(one.url, 'challenge.url'), error: problemIn(one.error) }];
    }),
  };
}

/** The problem that an answer of status 400 or more carries (6.7, RFC 9457). */
export function readProblem(answer: AcmeAnswer): Problem {
  try {
    const found = problemIn(JSON.parse(answer.text));
    if (found !== undefined) return found;
  } catch {
    // Not even JSON: its status has to do.
  }
  return { type: 'unknown', detail: `status ${answer.status}` };
}

function problemIn(value: unknown): Problem | undefined {
  if (!isObject(value) || typeof value.type !== 'string') return undefined;
  const detail = typeof value.detail === 'string' ? value.detail : '';
  return {
    type: clean(value.type.startsWith(ERRORS) ? value.type.slice(ERRORS.length) : value.type),
    detail: clean(detail),
  };
}

function readObject(answer: AcmeAnswer, what: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    throw malformed(what);
  }
  if (!isObject(body)) throw malformed(what);
  return body;
}

function url(value: unknown, what: string): string {
  if (typeof value !== 'string' || !URL.canParse(value) || !value.startsWith('https://')) throw malformed(what);
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the other side says goes into a log and onto a terminal: one line of bounded length. */
const clean = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, MOST_DETAIL)
    .trim();

const malformed = (what: string): ServerError =>
  new ServerError('acme', `the ACME server's answer is malformed (${what})`, 'check acme_directory');
