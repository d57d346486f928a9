import { describe, expect, it } from 'vitest';
import { bearing, createRig } from './rig.ts';

const OWN = { 'sec-fetch-site': 'same-origin' };
const HOST = 'localhost:80';
const RIGHT = { email: 'ada@hotel.example', password: 'correct horse battery' };

const holding = (token: string, more: Record<string, string> = {}) => ({ cookie: `__Host-cardea=${token}`, ...more });

async function signIn(rig = createRig(), headers: Record<string, string> = OWN) {
  const answer = await rig.app.inject({
    method: 'POST',
    url: '/v1/sessions',
    headers,
    payload: { ...RIGHT, cookie: true },
  });
  return { rig, answer, set: String(answer.headers['set-cookie']) };
}

describe('a session in a cookie', () => {
  it('is one that no script reads, no other site sends, and no neighbour sets', async () => {
    const { answer, set } = await signIn();
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ token: null, person: { email: RIGHT.email } });
    const [pair = '', ...attributes] = set.split('; ');
    expect(pair).toMatch(/^__Host-cardea=.+/);
    expect(attributes).toEqual(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict', 'Max-Age=3600']);
    expect(answer.body).not.toContain(pair.slice('__Host-cardea='.length));
  });

  it('signs requests of our own pages in, and streams too', async () => {
    const { rig, set } = await signIn();
    const cookie = set.split(';')[0] ?? '';
    const me = await rig.app.inject({ url: '/v1/me', headers: { cookie: `theme=dark; ${cookie}; x=y`, ...OWN } });
    expect(me.json()).toMatchObject({ person_id: 'per_1', name: 'Ada', organization_name: 'Hotel', demo: true });
  });

  it('comes with the second step and with a passkey, which ends there, as well', async () => {
    const { app } = createRig();
    for (const way of [{ totp: '123456' }, { passkey: { id: 'a' } }]) {
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/sessions/second-step',
        headers: OWN,
        payload: { step: 'cp_open', ...way, cookie: true },
      });
      expect(answer.json()).toMatchObject({ token: null });
      expect(answer.headers['set-cookie']).toContain('HttpOnly');
    }
  });

  it('ends with the sign-out: at the server, and in the browser', async () => {
    const { rig, set } = await signIn();
    const headers = { cookie: set.split(';')[0] ?? '', ...OWN };
    const out = await rig.app.inject({ method: 'DELETE', url: '/v1/sessions/current', headers });
    expect(out.headers['set-cookie']).toBe('__Host-cardea=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0');
    expect((await rig.app.inject({ url: '/v1/me', headers })).statusCode).toBe(401);
  });

  it('is not begun for whoever is no page of ours', async () => {
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
      const { answer, set } = await signIn(createRig(), headers as Record<string, string>);
      expect(answer.json()).toMatchObject({ status: 403, code: 'not_permitted' });
      expect(set).toBe('undefined');
    }
  });

  it('without being asked for is none', async () => {
    const answer = await createRig().app.inject({ method: 'POST', url: '/v1/sessions', headers: OWN, payload: RIGHT });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.json().token).toMatch(/.+/);
  });
});

describe('a request that a browser was made to send', () => {
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a subdomain, or another port', { 'sec-fetch-site': 'same-site' }],
    ['an address typed in', { 'sec-fetch-site': 'none' }],
    ['another site that names our origin', { 'sec-fetch-site': 'cross-site', origin: `http://${HOST}` }],
    ['an older browser, by another origin', { origin: 'https://evil.example' }],
    ['an older browser, by a subdomain', { origin: `http://a.${HOST}` }],
    ['an older browser, by an origin that is kept from us', { origin: 'null' }],
    ['something that says nothing at all', {}],
  ])('by %s is not signed in, whatever its method', async (_, from) => {
    const { app, token } = createRig();
    const headers = holding(token, { host: HOST, ...(from as Record<string, string>) });
    for (const [method, url] of [
      ['GET', '/v1/me'],
      ['GET', '/v1/events/stream'],
      ['GET', '/v1/audit/export'],
      ['POST', '/v1/tokens'],
      ['PATCH', '/v1/sign-in-policy'],
      ['DELETE', '/v1/sessions/current'],
    ] as const) {
      expect((await app.inject({ method, url, headers })).json()).toMatchObject({ status: 401, code: 'not_signed_in' });
    }
  });

  it('by an older browser, from our own page, is', async () => {
    const { app, token } = createRig();
    const answer = await app.inject({
      url: '/v1/me',
      headers: holding(token, { host: HOST, origin: `http://${HOST}` }),
    });
    expect(answer.statusCode).toBe(200);
  });

  it('as a form is refused even from our own page, for its body is no JSON', async () => {
    const { app, core, token } = createRig();
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', 'text/plain']) {
      const answer = await app.inject({
        method: 'POST',
        url: `/v1/doors/${core.door.id}/unlock`,
        headers: holding(token, { ...OWN, 'content-type': type, 'idempotency-key': 'k' }),
        payload: '{}',
      });
      expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    }
  });

  it('is never asked for leave beforehand: there is no answer to a preflight', async () => {
    const answer = await createRig().app.inject({
      method: 'OPTIONS',
      url: '/v1/me',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect(answer.statusCode).toBe(405);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a cookie beside other things', () => {
  it('Authorization wins, whether it holds or not', async () => {
    const { app, core, token } = createRig();
    const other = core.token('org_b');
    const both = (bearer: string) => ({ ...bearing(bearer), ...holding(token, OWN) });
    expect((await app.inject({ url: '/v1/me', headers: both(other) })).json()).toMatchObject({
      organization_id: 'org_b',
    });
    expect((await app.inject({ url: '/v1/me', headers: both('ct_wrong') })).statusCode).toBe(401);
    const empty = { authorization: '', ...holding(token, OWN) };
    expect((await app.inject({ url: '/v1/me', headers: empty })).statusCode).toBe(401);
  });

  it('one that stands twice, or is no token, signs nobody in', async () => {
    const { app, token } = createRig();
    for (const cookie of [
      `__Host-cardea=${token}; __Host-cardea=${token}`,
      '__Host-cardea=',
      '__Host-cardea="a b"',
      `cardea=${token}`,
      `__host-cardea=${token}`,
    ]) {
      expect((await app.inject({ url: '/v1/me', headers: { cookie, ...OWN } })).statusCode).toBe(401);
    }
  });

  it('its token has one limit of requests, by whichever way it comes', async () => {
    const { app, token } = createRig({ limits: { perToken: { capacity: 2, refillPerS: 0.5 } } });
    const statuses: number[] = [];
    for (const headers of [bearing(token), holding(token, OWN), holding(token, OWN)]) {
      statuses.push((await app.inject({ url: '/v1/me', headers })).statusCode);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('an answer kept under an Idempotency-Key opens for the cookie as for the header', async () => {
    const { app, core, token } = createRig();
    const ask = (headers: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url: `/v1/doors/${core.door.id}/unlock`,
        headers: { ...headers, 'idempotency-key': 'one-wish' },
      });
    const first = await ask(holding(token, OWN));
    expect(first.json()).toMatchObject({ id: expect.stringMatching(/^att_/), state: 'pending' });
    expect((await ask(bearing(token))).json().id).toBe(first.json().id);
  });
});
