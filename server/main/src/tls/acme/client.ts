import type { KeyObject } from 'node:crypto';
import type { Clock } from '@cardea/kit-runtime';
import { ServerError } from '../../errors.ts';
import { keyAuthorization, signRequest } from './jws.ts';
import {
  type Authorization,
  type Challenge,
  type Directory,
  type Order,
  type Problem,
  readAuthorization,
  readDirectory,
  readOrder,
  readProblem,
} from './messages.ts';
import type { AcmeAnswer, AcmeRequest, AcmeTransport } from './transport.ts';

/**
 * A client of RFC 8555, as far as a server needs it that shows its own names:
 *
 *     directory -> account -> order -> each authorization: challenge -> finalize (CSR) -> certificate
 *
 * acme-client, the kept package for this, was looked at and left: its requests have no bound in time or size and cannot be
 * ended, whom it trusts is a setting of the whole process, and it brings some thirty packages for ten requests
 * (docs/decisions/0004-own-acme-client.md).
 */
export interface AcmeClientOptions {
  readonly directoryUrl: string;
  readonly transport: AcmeTransport;
  readonly accountKey: KeyObject;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  /** Ends waiting between two looks. */
  readonly signal: AbortSignal;
}

/** Shows the proof for one challenge until the returned function is called. */
export type Solve = (challenge: {
  readonly type: string;
  readonly name: string;
  readonly token: string;
  readonly keyAuthorization: string;
}) => Promise<() => Promise<void>>;

/** What a certificate is asked for with. */
export interface CertificateRequest {
  readonly names: readonly string[];
  /** PKCS #10, DER. */
  readonly csr: Uint8Array;
  /** `tls-alpn-01` or `http-01`. */
  readonly challengeType: string;
  readonly solve: Solve;
}

export interface AcmeClient {
  /** What has to be agreed to, as the server says; undefined when it wants nothing. */
  termsOfService(): Promise<string | undefined>;
  /** Finds or makes the account of the key. */
  account(contact: { readonly email: string | undefined; readonly agreed: boolean }): Promise<void>;
  /** A PEM chain, the leaf first. @throws ServerError `acme`, with `retryAfterMs` where the server says when */
  obtain(request: CertificateRequest): Promise<string>;
}

const LOOK_MS = { first: 1_000, most: 30_000 };
/** An order that is not through by then is given up; the next try makes a new one. */
const ORDER_WITHIN_MS = 5 * 60_000;
/** A server may refuse good nonces now and then (6.5); more in a row than this is no accident. */
const NONCE_TRIES = 8;

/** @throws (each method) ServerError `acme` */
export function createAcmeClient(options: AcmeClientOptions): AcmeClient {
  const { transport, accountKey, clock } = options;
  let directory: Directory | undefined;
  let account: string | undefined;
  let nonce: string | undefined;

  const send = async (request: AcmeRequest): Promise<AcmeAnswer> => {
    const answer = await transport(request);
    nonce = answer.headers['replay-nonce'] ?? nonce;
    return answer;
  };

  const find = async (): Promise<Directory> => {
    if (directory === undefined) {
      const answer = await send({ method: 'GET', url: options.directoryUrl });
      if (answer.status !== 200) throw refused(answer, readProblem(answer));
      directory = readDirectory(answer);
    }
    return directory;
  };

  /** A nonce serves once (6.5). */
  const takeNonce = async (): Promise<string> => {
    if (nonce === undefined) await send({ method: 'HEAD', url: (await find()).newNonce });
    const taken = nonce;
    nonce = undefined;
    if (taken === undefined) throw new ServerError('acme', 'the ACME server gives no nonce', 'check acme_directory');
    return taken;
  };

  /** A signed request (6.2), again with a new nonce where the server wants that (6.5). */
  const post = async (url: string, payload: unknown): Promise<AcmeAnswer> => {
    for (let tries = 1; ; tries++) {
      const body = JSON.stringify(signRequest(accountKey, { url, nonce: await takeNonce(), account }, payload));
      const answer = await send({ method: 'POST', url, body });
      if (answer.status < 400) return answer;
      const problem = readProblem(answer);
      if (problem.type !== 'badNonce' || tries === NONCE_TRIES) throw refused(answer, problem);
    }
  };

  const look = (url: string): Promise<AcmeAnswer> => post(url, undefined);

  /** Looks until `done` gives something, as often as the server asks for. */
  const until = async <T>(url: string, done: (answer: AcmeAnswer) => T | undefined): Promise<T> => {
    const beganMs = clock.monotonic();
    let pauseMs = LOOK_MS.first;
    for (;;) {
      const answer = await look(url);
      const found = done(answer);
      if (found !== undefined) return found;
      if (clock.monotonic() - beganMs > ORDER_WITHIN_MS) {
        throw new ServerError('acme', 'the ACME server did not finish in time', 'it is tried again by itself');
      }
      const askedMs = retryAfterMs(answer, clock.now()) ?? pauseMs;
      await pause(clock, Math.min(Math.max(askedMs, LOOK_MS.first), LOOK_MS.most), options.signal);
      pauseMs = Math.min(2 * pauseMs, LOOK_MS.most);
    }
  };

  const authorize = async (url: string, { challengeType, solve }: CertificateRequest): Promise<void> => {
    const authorization = readAuthorization(await look(url));
    if (authorization.status === 'valid') return;
    const challenge = authorization.challenges.find((one) => one.type === challengeType);
    if (challenge === undefined) {
      const offered = authorization.challenges.map((one) => one.type).join(', ');
      throw new ServerError(
        'acme',
        `the ACME server does not offer ${challengeType} for ${authorization.name}`,
        `set acme_challenge to one of those it offers: ${offered}`,
      );
    }
    const withdraw = await solve({
      type: challenge.type,
      name: authorization.name,
      token: challenge.token,
      keyAuthorization: keyAuthorization(challenge.token, accountKey),
    });
    try {
      // An empty object, as opposed to nothing, says that the proof is in place (7.5.1).
      await post(challenge.url, {});
      await until(url, (answer) => settled(readAuthorization(answer), challengeType));
    } finally {
      await withdraw();
    }
  };

  return {
    async termsOfService() {
      return (await find()).termsOfService;
    },
    async account({ email, agreed }) {
      const answer = await post((await find()).newAccount, {
        termsOfServiceAgreed: agreed,
        ...(email === undefined ? {} : { contact: [`mailto:${email}`] }),
      });
      const { location } = answer.headers;
      if (location === undefined)
        throw new ServerError('acme', 'the ACME server names no account', 'check acme_directory');
      account = location;
    },
    async obtain(request) {
      const identifiers = request.names.map((value) => ({ type: 'dns', value }));
      const ordered = await post((await find()).newOrder, { identifiers });
      const url = ordered.headers.location;
      if (url === undefined) throw new ServerError('acme', 'the ACME server names no order', 'check acme_directory');
      const order = readOrder(ordered);
      for (const authorization of order.authorizations) await authorize(authorization, request);
      await until(url, (answer) => past(readOrder(answer), 'pending'));
      await post(order.finalize, { csr: Buffer.from(request.csr).toString('base64url') });
      const valid = await until(url, (answer) => past(readOrder(answer), 'processing', 'ready'));
      if (valid.certificate === undefined) throw failedOrder(valid);
      return (await look(valid.certificate)).text;
    },
  };
}

/** True once the name is shown to be ours. @throws ServerError `acme` when it was refused */
function settled({ status, name, challenges }: Authorization, challengeType: string): true | undefined {
  if (status === 'valid') return true;
  if (status === 'pending') return undefined;
  const { error }: Pick<Challenge, 'error'> = challenges.find((one) => one.type === challengeType) ?? {
    error: undefined,
  };
  throw new ServerError(
    'acme',
    `the ACME server could not see that ${name} is this server (${error === undefined ? status : describe(error)})`,
    challengeType === 'http-01'
      ? `${name} must reach this machine on port 80 from the internet`
      : `${name} must reach this machine's HTTPS on port 443 from the internet`,
  );
}

/** The order once it is past these states. @throws ServerError `acme` when it was refused */
function past(order: Order, ...states: readonly Order['status'][]): Order | undefined {
  if (order.status === 'invalid') throw failedOrder(order);
  return states.includes(order.status) ? undefined : order;
}

const failedOrder = ({ error }: Order): ServerError =>
  new ServerError(
    'acme',
    `the ACME server refused the order${error === undefined ? '' : ` (${describe(error)})`}`,
    'it is tried again by itself',
  );

function refused(answer: AcmeAnswer, problem: Problem): ServerError {
  const remedy =
    problem.type === 'rateLimited'
      ? 'it is tried again when the server allows; try with acme_directory letsencrypt-staging first'
      : problem.type === 'userActionRequired'
        ? 'read its new terms and agree to them with acme_agree_tos'
        : problem.type === 'invalidContact' || problem.type === 'unsupportedContact'
          ? 'correct acme_email'
          : 'it is tried again by itself';
  return new ServerError(
    'acme',
    `the ACME server refused: ${describe(problem)}`,
    remedy,
    retryAfterMs(answer, Date.parse(answer.headers.date ?? '')),
  );
}

const describe = ({ type, detail }: Problem): string => (detail === '' ? type : `${type}: ${detail}`);

/** How long the server asks to wait (RFC 9110, 10.2.3): seconds, or a date. */
export function retryAfterMs(answer: Pick<AcmeAnswer, 'headers'>, nowMs: number): number | undefined {
  const given = answer.headers['retry-after'];
  if (given === undefined) return undefined;
  const waitMs = /^\d{1,9}$/.test(given) ? Number(given) * 1000 : Date.parse(given) - nowMs;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}

function pause(clock: Pick<Clock, 'after'>, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (): void => {
      cancel();
      reject(new ServerError('acme', 'ended', 'the server is stopping'));
    };
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', ended);
      resolve();
    });
    if (signal.aborted) ended();
    else signal.addEventListener('abort', ended, { once: true });
  });
}
