import { request } from 'node:https';
import { TLS_CLIENT, trustedAuthorities } from '@cardea/kit-node';
import { ServerError } from '../../errors.ts';

/** A request to an ACME server. */
export interface AcmeRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  /** JSON text of a signed request. */
  readonly body?: string;
}

/** Its answer, header names in lower case. */
export interface AcmeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Carries requests. @throws ServerError `acme` when there is no answer */
export type AcmeTransport = (request: AcmeRequest) => Promise<AcmeAnswer>;

const ANSWER_WITHIN_MS = 30_000;
const ANSWER_MOST_OCTETS = 1024 * 1024;

/**
 * HTTPS with bounds on time and size; no redirect is followed (RFC 8555 uses none). `ca` is trusted in place of the
 * authorities that the system knows: for an ACME server of one's own. `signal` ends what is under way.
 */
export function httpsTransport(options: {
  readonly ca: string | undefined;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}): AcmeTransport {
  return ({ method, url, body }) =>
    new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new ServerError('acme', `${url}: ${why}`, 'check the network of this machine and acme_directory'));
      let target: URL;
      try {
        target = new URL(url);
      } catch {
        return fail('is no URL');
      }
      if (target.protocol !== 'https:') return fail('is not https');
      const asked = request(
        target,
        {
          ...TLS_CLIENT,
          method,
          ca: trustedAuthorities(options.ca),
          headers: {
            'user-agent': options.userAgent,
            'accept-language': 'en',
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/jose+json', 'content-length': Buffer.byteLength(body) }),
          },
          signal: AbortSignal.any([options.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
        },
        (answer) => {
          const parts: Buffer[] = [];
          let size = 0;
          answer.on('data', (part: Buffer) => {
            size += part.length;
            if (size > ANSWER_MOST_OCTETS) asked.destroy(new Error('its answer is too long'));
            else parts.push(part);
          });
          answer.on('end', () => {
            const headers = Object.fromEntries(
              Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
            );
            resolve({ status: answer.statusCode ?? 0, headers, text: Buffer.concat(parts).toString('utf8') });
          });
          answer.on('error', (error) => fail(error.message));
        },
      );
      asked.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
      asked.end(body);
    });
}
