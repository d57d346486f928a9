import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Forged } from '../certificates/forge.ts';

/** A site of somebody else, which the person under attack has opened. */
export interface HostileSite {
  /** What it is to the door: a neighbour on another port of its host, or a stranger. */
  readonly what: string;
  /** Whether browsers hold it to be of the door's own site, so that they send its cookies along. */
  readonly sameSite: boolean;
  /** For instance `https://127.0.0.1:41234`. */
  readonly origin: string;
  /** Requests for anything but its own page, since the last call: method and path. */
  hits(): readonly string[];
  close(): Promise<void>;
}

/** Says all that a browser may ask a site for, so that nothing but our own rules stops a page of ours. */
const OPEN = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'cache-control': 'no-store' };
const SCRIPT = 'canary("a script of another site");';
const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/': ['text/html', '<!doctype html><html lang="en"><title>Free rooms</title><body><h1>Free rooms</h1></body></html>'],
  '/favicon.ico': ['image/x-icon', ''],
  '/hostile.js': ['text/javascript', SCRIPT],
  '/hostile.css': ['text/css', '.hostile { color: red; }'],
  '/framed': ['text/html', `<!doctype html><html lang="en"><title>Framed</title><script>${SCRIPT}</script></html>`],
};

/** Opens it at `host`, which `certificate` names. */
export async function openHostileSite(
  { what, host, sameSite }: Pick<HostileSite, 'what' | 'sameSite'> & { readonly host: string },
  certificate: Forged,
): Promise<HostileSite> {
  let hits: string[] = [];
  const server = createServer({ cert: certificate.pem, key: certificate.key }, (request, response) => {
    const path = new URL(request.url ?? '/', 'https://hostile.invalid').pathname;
    if (path !== '/' && path !== '/favicon.ico') hits.push(`${request.method} ${path}`);
    const [type, text] = FILES[path] ?? ['text/plain', 'taken'];
    request.resume();
    response.writeHead(200, { ...OPEN, 'content-type': type }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    what,
    sameSite,
    origin: `https://${host}:${port}`,
    hits() {
      const seen = hits;
      hits = [];
      return seen;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
