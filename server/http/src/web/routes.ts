import type { Random } from '@cardea/kit-runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { etagOf, matches } from '../conditional.ts';
import { HttpRefusal } from '../refusal.ts';
import { refuseOtherMethods } from '../server.ts';
import { WEB_APPS, type WebApps, type WebFile } from './apps.ts';
import { codedFor } from './coding.ts';
import { contentTypeOf } from './content-type.ts';
import { webHeaders } from './policy.ts';

const METHODS = ['GET', 'HEAD'];
/** The build puts a hash of its content into the name of each file there: what has such a name never changes. */
const HASHED = 'assets/';
const SERVICE_WORKER = 'worker.js';
const NONCE_OCTETS = 16;

/**
 * Serves the web apps at `/console/` and `/phone/`, from memory alone: an address is looked up in a map, never in a file
 * system. Addresses inside an app that name no file are the app's own and answer its index.html.
 */
export function serveWebApps(app: FastifyInstance, apps: () => WebApps, random: Random): void {
  const serve = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => FastifyReply): void => {
    app.route({ method: METHODS, url, handler });
    refuseOtherMethods(app, url, METHODS);
  };
  serve('/', (_, reply) => redirect(reply, '/console/'));
  for (const name of WEB_APPS) {
    serve(`/${name}`, (_, reply) => redirect(reply, `/${name}/`));
    serve(`/${name}/*`, (request, reply) => {
      const files = apps()[name];
      if (files === undefined) return notBuilt(reply);
      const path = (request.params as { readonly '*': string })['*'];
      const index = files.get('index.html');
      const file = files.get(path === '' ? 'index.html' : path);
      if (file !== undefined && file !== index) return sendFile(request, reply, path, file);
      if (index === undefined || (file === undefined && namesFile(path))) {
        throw new HttpRefusal('not_found', 'There is nothing at this address.');
      }
      return name === 'console' ? sendWithNonce(reply, index, random) : sendFile(request, reply, 'index.html', index);
    });
  }
}

/** Whether a path is that of a file rather than of a page inside the app: identifiers have no dots. */
function namesFile(path: string): boolean {
  return path.startsWith(HASHED) || path.slice(path.lastIndexOf('/') + 1).includes('.');
}

function sendFile(request: FastifyRequest, reply: FastifyReply, path: string, file: WebFile): FastifyReply {
  const { octets, coding } = codedFor(request.headers['accept-encoding'], file);
  const etag = tagOf(octets);
  reply.headers({
    ...webHeaders(),
    vary: 'accept-encoding',
    etag,
    'cache-control': path.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(path === SERVICE_WORKER ? { 'service-worker-allowed': '/phone/' } : {}),
  });
  const known = request.headers['if-none-match'];
  if (known !== undefined && matches(known, etag)) return reply.code(304).send();
  if (coding !== undefined) reply.header('content-encoding', coding);
  return reply.header('content-type', contentTypeOf(path)).send(octets);
}

const tags = new WeakMap<Buffer, string>();

/** Files do not change while they are held: each is hashed once. */
function tagOf(octets: Buffer): string {
  const tag = tags.get(octets) ?? etagOf(octets);
  tags.set(octets, tag);
  return tag;
}

/**
 * The page with a nonce of its own, under which the app makes its style elements. It has no ETag: a browser that kept the
 * page would meet the nonce of a newer answer's header with the older one in the page.
 */
function sendWithNonce(reply: FastifyReply, { octets }: WebFile, random: Random): FastifyReply {
  const nonce = Buffer.from(random.octets(NONCE_OCTETS)).toString('base64');
  const page = octets.toString('utf8').replace('<head>', `<head>\n    <meta property="csp-nonce" nonce="${nonce}" />`);
  return reply
    .headers({ ...webHeaders(nonce), 'cache-control': 'no-cache', 'content-type': contentTypeOf('index.html') })
    .send(page);
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Cardea</title></head>
  <body>
    <h1>The web apps have not been built</h1>
    <p>Run <code>npm run build:web</code> where Cardea was installed, and start the server again. The API is there all the same, below <code>/v1</code>.</p>
  </body>
</html>
`;

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .headers({ ...webHeaders(), 'content-type': contentTypeOf('index.html') })
    .send(NOT_BUILT);
}

function redirect(reply: FastifyReply, to: string): FastifyReply {
  return reply.code(302).header('location', to).send();
}
