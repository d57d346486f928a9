import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import { LOCAL_AUTHORITY_ALPN, TLS_CLIENT, trustedAuthorities } from '@cardea/kit-node';
import { CliError } from './errors.ts';

/**
 * `fetch` over HTTPS that trusts the authority in `caFile` and no other; without one, those that the system knows. The
 * platform's own fetch cannot be told whom to trust per client, and an environment variable turns its checks off.
 * @throws CliError `usage` when the file cannot be read
 */
export function fetchTrusting(caFile: string | undefined): typeof fetch {
  let ca: string | undefined;
  try {
    ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw new CliError('usage', `the authority's certificate ${caFile} cannot be read`, {
      field: 'ca_file',
      remedy: 'correct the path in the profile, or log in again with --ca-file FILE',
      cause,
    });
  }
  const agent = new Agent({
    ...TLS_CLIENT,
    ca: trustedAuthorities(ca),
    ALPNProtocols: ['http/1.1', ...(ca === undefined ? [] : [LOCAL_AUTHORITY_ALPN])],
    keepAlive: true,
  });
  return async (input, init) => {
    const asked = new Request(input, init);
    const body = asked.body === null ? undefined : Buffer.from(await asked.arrayBuffer());
    return new Promise<Response>((resolve, reject) => {
      const sent = request(
        asked.url,
        { agent, method: asked.method, headers: headersOf(asked, body), signal: asked.signal },
        (answer) => {
          const headers = new Headers();
          for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
            headers.append(answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '');
          }
          const status = answer.statusCode ?? 500;
          const hasBody = status !== 204 && status !== 304 && status >= 200;
          if (!hasBody) answer.resume();
          const stream = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null;
          resolve(new Response(stream, { status, headers }));
        },
      );
      sent.on('error', (error) => reject(asked.signal.aborted ? asked.signal.reason : error));
      sent.end(body);
    });
  };
}

function headersOf(asked: Request, body: Buffer | undefined): Record<string, string> {
  const headers = Object.fromEntries(asked.headers);
  return body === undefined ? headers : { ...headers, 'content-length': String(body.length) };
}
