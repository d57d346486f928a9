import { expect, it } from 'vitest';
import { bearing, createRig } from './rig.ts';

const NEW = { person_id: 'per_1', scope: { kind: 'doors', door_ids: ['door_1'] }, not_after: '2030-01-01T00:00:00Z' };
let keys = 0;

/** A door with one grant. */
async function withGrant() {
  const { app, token } = createRig();
  const headers = (more: Record<string, string> = {}) =>
    bearing(token, { 'idempotency-key': `grants-${++keys}`, 'content-type': 'application/json', ...more });
  const made = await app.inject({ method: 'POST', url: '/v1/grants', headers: headers(), payload: NEW });
  expect(made.statusCode, made.body).toBe(201);
  const url = `/v1/grants/${made.json().id}`;
  const read = () => app.inject({ method: 'GET', url, headers: headers() });
  const change = (payload: object, more: Record<string, string> = {}) =>
    app.inject({ method: 'PATCH', url, headers: headers(more), payload });
  return { app, headers, url, read, change };
}

it('a grant is changed only by who names what he has read', async () => {
  const { read, change } = await withGrant();
  const before = await read();
  expect((await change({ uses: 3 })).json()).toMatchObject({
    status: 428,
    code: 'if_match_missing',
    field: 'header.If-Match',
  });
  const etag = String(before.headers.etag);
  expect((await change({ uses: 3 }, { 'if-match': '"another"' })).json()).toMatchObject({ status: 412 });
  expect((await read()).json()).toEqual(before.json());
  expect((await change({ uses: 3 }, { 'if-match': etag })).json()).toMatchObject({ uses: 3, version: 2, notices: [] });
  expect((await change({ uses: 4 }, { 'if-match': etag })).json()).toMatchObject({ status: 412 });
});

it('a constraint falls only by its name', async () => {
  const { read, change } = await withGrant();
  const etag = { 'if-match': String((await read()).headers.etag) };
  expect((await change({ not_after: null }, etag)).json()).toMatchObject({ status: 409, code: 'conflict' });
  const named = await change({ not_after: null, drop: ['not_after'] }, etag);
  expect(named.json()).toMatchObject({ not_after: null });
});

it('to revoke a grant nobody has to have read it', async () => {
  const { app, headers, url } = await withGrant();
  const revoked = await app.inject({ method: 'POST', url: `${url}/revoke`, headers: headers() });
  expect(revoked.json()).toMatchObject({ state: 'revoked' });
});
