import type { WebApps, WebFile, WebFiles } from '@cardea/server-http';
import { describe, expect, it } from 'vitest';
import { createRig } from './rig.ts';

const file = (text: string): WebFile => ({ octets: Buffer.from(text) });
const page = (title: string) => file(`<!doctype html>\n<html>\n  <head>\n    <title>${title}</title></head></html>\n`);
const PHONE: WebFiles = new Map([
  ['index.html', page('phone')],
  ['worker.js', file('worker')],
  ['app.webmanifest', file('{}')],
  ['notes.unheard', file('?')],
]);
const APPS: WebApps = {
  console: new Map<string, WebFile>([
    ['index.html', page('console')],
    ['assets/app-1a2b.js', { ...file('app'), gzip: Buffer.from('gzipped'), brotli: Buffer.from('brotlied') }],
  ]),
  phone: PHONE,
};
const rig = (web: WebApps = APPS) => createRig({ web: () => web });

const policyOf = (headers: Record<string, unknown>) => String(headers['content-security-policy']).split('; ');

describe('addresses of the web apps', () => {
  it('the root and an app without its slash lead into the app', async () => {
    const { app } = rig();
    for (const [url, to] of [
      ['/', '/console/'],
      ['/console', '/console/'],
      ['/phone', '/phone/'],
    ] as const) {
      const answer = await app.inject(url);
      expect([answer.statusCode, answer.headers.location]).toEqual([302, to]);
    }
  });

  it('a page inside an app answers its index.html', async () => {
    const { app } = rig();
    for (const url of ['/console/', '/console/index.html', '/console/doors/door_a?tab=history']) {
      expect((await app.inject(url)).body).toContain('<title>console</title>');
    }
    expect((await app.inject('/phone/join')).body).toContain('<title>phone</title>');
  });

  it.each([
    '/console/assets/app-0000.js',
    '/console/assets/none',
    '/console/robots.txt',
    '/console/..%2fphone%2fworker.js',
    '/console/.built',
    '/consoles',
    '/phone/__proto__.js',
  ])('%s, a file that is not there, is 404', async (url) => {
    const { app } = rig();
    expect((await app.inject(url)).json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('whatever would change something is 405', async () => {
    const { app } = rig();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      const answer = await app.inject({ method, url: '/console/doors' });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
    }
    const head = await app.inject({ method: 'HEAD', url: '/phone/worker.js' });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', '6']);
  });

  it('an app that has not been built says how to build it', async () => {
    const { app } = rig({ phone: PHONE });
    const answer = await app.inject('/console/doors');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('npm run build:web');
    expect((await app.inject('/phone/')).statusCode).toBe(200);
  });

  it('without web apps there is nothing', async () => {
    const { app } = createRig();
    expect((await app.inject('/console/')).statusCode).toBe(404);
  });

  it('files that were built anew are served at once', async () => {
    let web = APPS;
    const { app } = createRig({ web: () => web });
    expect((await app.inject('/phone/worker.js')).body).toBe('worker');
    web = { phone: new Map([['worker.js', file('newer')]]) };
    expect((await app.inject('/phone/worker.js')).body).toBe('newer');
  });
});

describe('files of the web apps', () => {
  it.each([
    ['/console/assets/app-1a2b.js', 'text/javascript; charset=utf-8'],
    ['/console/', 'text/html; charset=utf-8'],
    ['/phone/app.webmanifest', 'application/manifest+json'],
    ['/phone/notes.unheard', 'application/octet-stream'],
  ])('%s is %s, and no browser guesses', async (url, type) => {
    const { headers } = await rig().app.inject(url);
    expect([headers['content-type'], headers['x-content-type-options']]).toEqual([type, 'nosniff']);
  });

  it.each([
    ['gzip, deflate, br', 'br', 'brotlied'],
    ['gzip', 'gzip', 'gzipped'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'gzipped'],
    ['*', 'br', 'brotlied'],
    ['br; q=0, *; q=0', undefined, 'app'],
    ['', undefined, 'app'],
  ])('a reader that takes %j gets %s', async (accepted, coding, body) => {
    const answer = await rig().app.inject({
      url: '/console/assets/app-1a2b.js',
      headers: { 'accept-encoding': accepted },
    });
    expect([answer.headers['content-encoding'], answer.body]).toEqual([coding, body]);
    expect(answer.headers.vary).toBe('accept-encoding');
  });

  it('a file whose name holds its hash is kept for good, any other is asked for again', async () => {
    const { app } = rig();
    expect((await app.inject('/console/assets/app-1a2b.js')).headers['cache-control']).toContain('immutable');
    for (const url of ['/console/', '/phone/', '/phone/worker.js', '/phone/join']) {
      expect((await app.inject(url)).headers['cache-control']).toBe('no-cache');
    }
  });

  it('asked for again, a file that has not changed is 304, and each form has its own tag', async () => {
    const { app } = rig();
    const ask = (headers: Record<string, string>) => app.inject({ url: '/console/assets/app-1a2b.js', headers });
    const { etag } = (await ask({})).headers;
    const again = await ask({ 'if-none-match': String(etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const smaller = await ask({ 'if-none-match': String(etag), 'accept-encoding': 'br' });
    expect([smaller.statusCode, smaller.headers.etag === etag]).toEqual([200, false]);
  });

  it('the service worker may rule the phone app alone', async () => {
    const { headers } = await rig().app.inject('/phone/worker.js');
    expect(headers['service-worker-allowed']).toBe('/phone/');
  });
});

describe('headers of the web apps', () => {
  it('admit no script but files of this server, and nobody frames them', async () => {
    const { app } = rig();
    for (const url of ['/console/', '/phone/', '/phone/worker.js']) {
      const { headers } = await app.inject(url);
      expect(policyOf(headers)).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
          'trusted-types default',
        ]),
      );
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=(self)');
      expect(headers['permissions-policy']).toContain('geolocation=()');
    }
  });

  it('each console page has a nonce of its own for style elements; the phone has none', async () => {
    const { app } = rig();
    const nonces = new Set<string | undefined>();
    for (let turn = 0; turn < 3; turn++) {
      const { headers, body } = await app.inject('/console/');
      const [, nonce] = /style-src 'self' 'nonce-([A-Za-z0-9+/]{22}==)'/.exec(policyOf(headers).join('; ')) ?? [];
      expect(body).toContain(`<meta property="csp-nonce" nonce="${nonce}" />`);
      expect(headers.etag).toBeUndefined();
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
    expect(policyOf((await app.inject('/phone/')).headers)).toContain("style-src 'self'");
  });

  it('answers of the API keep theirs', async () => {
    const { headers } = await rig().app.inject('/v1/openapi.json');
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  });
});
