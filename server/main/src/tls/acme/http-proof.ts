import { createServer } from 'node:http';
import { ServerError } from '../../errors.ts';

const PATH = '/.well-known/acme-challenge/';

/**
 * Shows the proof for one http-01 challenge (RFC 8555, 8.3) on a port of its own, which is open for as long as the proof is
 * wanted and answers nothing else. @throws ServerError `port`
 */
export async function showHttpProof(
  listen: { readonly host: string; readonly port: number },
  token: string,
  keyAuthorization: string,
): Promise<() => Promise<void>> {
  const server = createServer(
    { maxHeaderSize: 8_192, requestTimeout: 10_000, headersTimeout: 5_000 },
    (request, answer) => {
      if ((request.method === 'GET' || request.method === 'HEAD') && request.url === `${PATH}${token}`) {
        answer.writeHead(200, { 'content-type': 'application/octet-stream', connection: 'close' });
        answer.end(request.method === 'GET' ? keyAuthorization : undefined);
      } else {
        answer.writeHead(404, { connection: 'close' }).end();
      }
    },
  );
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new ServerError(
          'port',
          `port ${listen.port} on ${listen.host} cannot be opened for the proof of name (${error.code ?? error.message})`,
          'free it, set acme_http_port to one that port 80 is forwarded to, or use acme_challenge tls-alpn-01',
        ),
      ),
    );
    server.listen(listen.port, listen.host, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
