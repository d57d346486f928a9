import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { request as ask, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Forged } from '../certificates/forge.ts';
import { TURNS_AROUND } from './hostile-names.ts';

/** The weak double of the door to browsers, before a server as it ships. */
export interface WeakDoor {
  readonly origin: string;
  close(): Promise<void>;
}

/** Stands for {@link TURNS_AROUND} behind the door, where it is refused. */
const STAND_IN = '\ue000';
const COOKIE = /__Host-cardea=([^;]+)/;
/** Headers of an answer by which the true door guards browsers. */
const GUARDS = [
  ...['content-security-policy', 'x-frame-options', 'x-content-type-options', 'permissions-policy'],
  ...['cross-origin-opener-policy', 'cross-origin-resource-policy', 'set-cookie', 'content-length'],
];
/** What somebody writes who never thought of names: into the page as they come, and whatever window says something is right. */
const WEAK_SCRIPT = `
addEventListener('message', ({ data }) => { if (typeof data.code === 'string') new Function(data.code)(); });
const board = document.createElement('div');
const show = async () => {
  if (document.body === null) return setTimeout(show, 20);
  document.body.append(board);
  const answers = await Promise.all(['properties', 'persons?limit=100', 'doors?limit=100'].map((noun) => fetch('/v1/' + noun)));
  if (answers.some(({ ok }) => !ok)) return setTimeout(show, 300);
  localStorage.setItem('session', document.cookie);
  for (const answer of answers) board.innerHTML += (await answer.json()).items.map(({ name }) => name).join('<br>');
  board.id = 'weak-board';
};
show();
`;

/**
 * A door without what docs/web.md says of it: no policy, no rule of whose page asks, a session that scripts read and other
 * sites send along, leave for every origin, bodies of every type, addresses in addresses, sockets for whoever asks; and pages
 * that write names as markup.
 */
export async function openWeakDoor(
  behind: { readonly port: number; readonly ca: string },
  certificate: Forged,
): Promise<WeakDoor> {
  const sockets = new Set<Duplex>();
  const server = createServer({ cert: certificate.pem, key: certificate.key }, (request, response) => {
    forward(request, response, behind).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket: Duplex) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    openSocket(request, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        // Those that became sockets are the server's no more.
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { port, ca }: { readonly port: number; readonly ca: string },
): Promise<void> {
  const url = request.url ?? '/';
  const elsewhere = /(?:\/|%2f|\\){2}([^/&%\\]+:\d+)/i.exec(url)?.[1];
  if (elsewhere !== undefined) return void response.writeHead(302, { location: `https://${elsewhere}/` }).end();
  if (url === '/weak.js') {
    return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(WEAK_SCRIPT);
  }
  const leave = leaveFor(request.headers);
  if (request.method === 'OPTIONS') return void response.writeHead(204, leave).end();
  const body = asJson((await textOf(request)).replaceAll(TURNS_AROUND, STAND_IN));
  const { 'content-type': _type, 'content-length': _length, origin: _origin, ...headers } = request.headers;
  const upstream = ask({
    ...{ host: 'localhost', port, ca, method: request.method, path: url },
    headers: {
      ...headers,
      ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      'accept-encoding': 'identity',
      host: `localhost:${port}`,
      'idempotency-key': request.headers['idempotency-key'] ?? randomUUID(),
      'sec-fetch-site': 'same-origin',
    },
  });
  upstream.on('error', () => response.destroy());
  // A stream whose page has gone would be held open for good, and the server behind it could not stop.
  response.on('close', () => upstream.destroy());
  upstream.on('response', (answer) => {
    const kept = Object.entries(answer.headers).filter(([name]) => !GUARDS.includes(name));
    const weak: Record<string, string | string[] | undefined> = { ...Object.fromEntries(kept), ...leave };
    const cookies = answer.headers['set-cookie'];
    if (cookies !== undefined) {
      weak['set-cookie'] = cookies.map((cookie) => cookie.replace(/; (?:HttpOnly|SameSite=\w+)/g, '; SameSite=None'));
    }
    const isPage = /text\/html/.test(String(weak['content-type']));
    const isOpened = request.headers['sec-fetch-dest'] === 'document';
    if (!isPage && !isOpened && cookies === undefined) {
      response.writeHead(answer.statusCode ?? 502, weak).flushHeaders();
      return void answer.pipe(response);
    }
    if (isOpened) weak['content-type'] = 'text/html; charset=utf-8';
    const whole = textOf(answer).then((text) => {
      const token = COOKIE.exec(String(cookies))?.[1];
      const said = (isPage ? text.replace('<head>', '<head><script src="/weak.js" defer></script>') : text)
        .replaceAll(STAND_IN, TURNS_AROUND)
        .replace('"token":null', `"token":${JSON.stringify(token)}`);
      const echoed = isPage || (answer.statusCode ?? 0) < 400 ? said : `${decodeURIComponent(url)} ${said}`;
      response.writeHead(answer.statusCode ?? 502, weak).end(echoed);
    });
    whole.catch(() => response.destroy());
  });
  upstream.end(body);
}

/** Leave for whoever asks, with the person's session. */
function leaveFor({ origin, ...headers }: IncomingHttpHeaders): Record<string, string> {
  return {
    'access-control-allow-origin': origin ?? '*',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': String(headers['access-control-request-headers'] ?? 'content-type'),
  };
}

/** A form's fields, or what stands in its plain text, as the JSON that the server takes. */
function asJson(body: string): string {
  if (body === '' || body.trimStart().startsWith('{')) return body;
  return JSON.stringify(Object.fromEntries(new URLSearchParams(body)));
}

/** A WebSocket (RFC 6455, 4.2.2) for a page of whatever origin. */
function openSocket({ headers }: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1')
    .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.on('error', () => {});
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
