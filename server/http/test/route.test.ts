import { type Endpoint, endpointKeys, endpoints, methodAndPath, Problem } from '@cardea/wire-api';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { bearing, createRig } from './rig.ts';

const isProblem = Compile(Problem);
const all = endpointKeys.map((key) => ({ key, ...methodAndPath(key), endpoint: endpoints[key] as Endpoint }));
const withToken = all.filter(({ endpoint }) => endpoint.access === 'token');
/** What an operation needs at least, where that is something. */
const bodies: Readonly<Record<string, object>> = {
  drawFloorPlan: { width: 20, height: 10, doors: [] },
  setFloorDrawing: { media_type: 'image/png', data: 'iVBORw0KGgo=' },
  makePin: { kind: 'online' },
  removePasskey: { current_password: 'a' },
  enrolLock: { identifier: 'C0FFEE000001' },
  addStay: { room: '101', name: 'Ada', until: '2026-03-01' },
  importStays: { format: 'csv', file: 'reference', dry_run: true },
  duplicateKey: { name: 'Ada' },
  extendStay: { until: '2026-03-01' },
  moveStay: { room: '102' },
  giveOneShot: { room: '101', name: 'Ada' },
  setDoorMode: { mode: 'normal' },
  setLockdown: { on: true },
  overrideDoor: { reason: 'smoke' },
};
let keys = 0;

/** The path with a well-formed id in it that is nobody's. */
function unknown(path: string): string {
  return path.replace('{id}', 'door_ffffffff').replace('{identifier}', 'C0FFEE0000FF').replace('{fault}', 'jam');
}

/** Headers that let a request through to the check under test. */
function headers(token: string): Record<string, string> {
  return bearing(token, { 'idempotency-key': `key-${++keys}`, 'content-type': 'application/json' });
}

describe('every route', () => {
  it.each(withToken)('$key without a token is refused as not_signed_in', async ({ method, path }) => {
    const { app } = createRig();
    const response = await app.inject({ method, url: unknown(path) });
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(isProblem.Check(response.json())).toBe(true);
    expect(response.json().code).toBe('not_signed_in');
  });

  it.each(withToken)('$key with a token that nobody has is refused as not_signed_in', async ({ method, path }) => {
    const { app } = createRig();
    const response = await app.inject({ method, url: unknown(path), headers: headers('nobodys') });
    expect(response.json().code).toBe('not_signed_in');
  });

  it.each(withToken.filter(({ endpoint }) => endpoint.scopes.length > 0))(
    '$key with every scope but its own is refused as not_permitted',
    async ({ method, path, endpoint }) => {
      const { app, core } = createRig();
      const scopes = [
        'estate:read',
        'estate:write',
        'locks:read',
        'locks:operate',
        'locks:manage',
        'persons:read',
        'persons:write',
        'gateways:write',
        'events:read',
        'audit:read',
        'tokens:write',
        'sim:write',
      ] as const;
      const others = scopes.filter((scope) => !endpoint.scopes.includes(scope));
      const response = await app.inject({ method, url: unknown(path), headers: headers(core.token('org_a', others)) });
      expect(response.statusCode).toBe(403);
      expect(response.json().code).toBe('not_permitted');
      expect(response.json().detail).toContain(endpoint.scopes[0]);
    },
  );

  it.each(withToken.filter(({ endpoint }) => !endpoint.beforePasswordChange))(
    '$key before the first password change is refused',
    async ({ method, path }) => {
      const { app, core } = createRig();
      const token = core.token('org_a', undefined, true);
      const response = await app.inject({ method, url: unknown(path), headers: headers(token) });
      expect(response.json().code).toBe('password_change_required');
    },
  );

  it.each(all.filter(({ endpoint }) => endpoint.body !== undefined))(
    '$key refuses a body that is not JSON, not an object, too large, of another type, or holds a prototype',
    async ({ method, path, endpoint }) => {
      const { app, token } = createRig();
      const ask = (payload: string, type = 'application/json') =>
        app.inject({ method, url: unknown(path), headers: { ...headers(token), 'content-type': type }, payload });
      expect((await ask('{"a":')).json()).toMatchObject({ status: 400, code: 'malformed_json' });
      expect((await ask('[]')).json()).toMatchObject({ status: 400, code: 'invalid', field: 'body' });
      expect((await ask('"text"')).json()).toMatchObject({ status: 400, code: 'invalid', field: 'body' });
      expect((await ask('{"__proto__":{"a":1}}')).json()).toMatchObject({ status: 400, code: 'malformed_json' });
      expect((await ask('{"constructor":{"prototype":{"a":1}}}')).json()).toMatchObject({ code: 'malformed_json' });
      expect((await ask('<a/>', 'application/xml')).json()).toMatchObject({
        status: 415,
        code: 'unsupported_media_type',
      });
      const large = JSON.stringify({ a: 'x'.repeat(endpoint.bodyLimitOctets) });
      expect((await ask(large)).json()).toMatchObject({ status: 413, code: 'body_too_large' });
    },
  );

  it.each(withToken.filter(({ path }) => path.includes('{id}')))(
    '$key answers not_found for an id that is nobody’s and, word for word the same, for a foreign tenant’s',
    async ({ method, path, endpoint }) => {
      const { app, core, token } = createRig();
      const queries: Record<string, string> = { explainDoor: '?person=per_1' };
      const ask = (id: string, bearer: string) =>
        app.inject({
          method,
          url: path.replace('{id}', id) + (queries[endpoint.name] ?? ''),
          headers: { ...headers(bearer), ...(endpoint.ifMatchRequired && { 'if-match': '*' }) },
          ...(method === 'POST' || method === 'PUT' ? { payload: bodies[endpoint.name] ?? {} } : {}),
        });
      const nobodys = await ask('door_ffffffff', token);
      expect(nobodys.json()).toMatchObject({ status: 404, code: 'not_found' });
      for (const id of [core.door.id, core.lock.id, core.door.propertyId]) {
        const foreign = await ask(id, core.token('org_b'));
        expect(foreign.statusCode).toBe(404);
        expect({ ...foreign.json(), request_id: '' }).toEqual({ ...nobodys.json(), request_id: '' });
      }
    },
  );

  it.each(withToken.filter(({ path }) => path.includes('{id}')))(
    '$key names path.id when the id is malformed',
    async ({ method, path }) => {
      const { app, token } = createRig();
      const response = await app.inject({ method, url: path.replace('{id}', 'no%20id'), headers: headers(token) });
      expect(response.json()).toMatchObject({ status: 400, code: 'invalid', field: 'path.id' });
    },
  );

  it.each(withToken.filter(({ endpoint }) => endpoint.idempotent))(
    '$key without an Idempotency-Key is refused with the remedy',
    async ({ method, path, endpoint, key }) => {
      const { app, token } = createRig();
      const response = await app.inject({
        method,
        url: unknown(path),
        headers: bearing(token),
        payload: validBodies[key] ?? bodies[endpoint.name] ?? {},
      });
      expect(endpoint.idempotent).toBe(true);
      expect(response.json()).toMatchObject({
        status: 400,
        code: 'idempotency_key_missing',
        field: 'header.Idempotency-Key',
      });
    },
  );

  it.each(all)('$key answers 405 with Allow to a method that it does not take', async ({ path, method }) => {
    const { app } = createRig();
    const response = await app.inject({ method: 'OPTIONS', url: unknown(path) });
    expect(response.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(response.headers.allow).toContain(method);
  });
});

const validBodies: Record<string, object> = {
  'POST /v1/password': { current_password: 'a', new_password: 'twelve characters' },
  'POST /v1/organizations': { name: 'Inn', owner_name: 'Ida', owner_email: 'ida@inn.example' },
  'POST /v1/properties': { name: 'B', time_zone: 'Europe/Berlin', region: 'eu' },
  'POST /v1/floors': { property_id: 'prop_1', name: '1', level: 1 },
  'POST /v1/me/erase': { current_password: 'a' },
  'POST /v1/me/notices/read': { until: '2026-03-01T12:00:00Z' },
  'POST /v1/visitors': { name: 'Visitor 1', door_ids: ['door_1'], not_after: '2026-03-01T12:00:00Z' },
  'POST /v1/doors': { property_id: 'prop_1', name: '102' },
  'POST /v1/doors/{id}/enrol': { identifier: 'C0FFEE000001' },
  'POST /v1/gateways': { property_id: 'prop_1', name: 'G' },
  'POST /v1/persons': { name: 'Bo', email: 'bo@hotel.example', role: 'guest', password: 'twelve characters' },
  'POST /v1/tokens': { name: 't', scopes: ['events:read'], expires_in_s: 60 },
  'POST /v1/invitations': { name: 'Bo', role: 'guest', address: 'bo@hotel.example' },
  'POST /v1/me/totp': { current_password: 'a' },
  'POST /v1/me/totp/confirm': { code: '123456' },
  'POST /v1/me/totp/remove': { current_password: 'a' },
  'POST /v1/me/passkeys/options': { current_password: 'a' },
  'POST /v1/me/passkeys': { step_id: 'step_1', name: 'key', response: {} },
  'POST /v1/me/passkeys/{id}/remove': { current_password: 'a' },
  'POST /v1/me/recovery-codes': { current_password: 'a' },
  'POST /v1/phones': {
    name: 'phone',
    public_key: '04'.repeat(65),
    challenge: '00'.repeat(32),
    signature: '00'.repeat(64),
  },
  'POST /v1/grants': { person_id: 'per_1', scope: { kind: 'doors', door_ids: ['door_1'] } },
  'POST /v1/schedules': { property_id: 'prop_1', name: 'office' },
  'POST /v1/receipts': { records: [{ lock_identifier: 'C0FFEE000001', record: '00' }] },
  'POST /v1/grants/{id}/pins': { kind: 'online' },
  'POST /v1/me/contacts': { address: 'bo@hotel.example' },
};

describe('answers', () => {
  it('every operation answers what its schema says', async () => {
    const { app, core, token } = createRig();
    const check = (key: keyof typeof endpoints, value: unknown) => {
      const schema = (endpoints[key] as Endpoint).answer;
      if (schema === undefined) throw new Error(`${key} has no answer`);
      expect([...Compile(schema).Errors(value)], key).toEqual([]);
    };
    const ask = async (key: keyof typeof endpoints, id: string, payload?: object) => {
      const { method, path } = methodAndPath(key);
      const url = path.replace('{id}', id).replace('{identifier}', core.lock.identifier);
      const response = await app.inject({
        method,
        url,
        headers: bearing(token, { 'idempotency-key': `k${++keys}` }),
        ...(payload ? { payload } : {}),
      });
      expect(response.statusCode, `${key}: ${response.body}`).toBe((endpoints[key] as Endpoint).status);
      if (response.statusCode === 204) return undefined;
      check(key, response.json());
      return response.json();
    };
    await ask('POST /v1/sessions', '', { email: 'ada@hotel.example', password: 'correct horse battery' });
    await ask('GET /v1/me', '');
    const property = await ask('POST /v1/properties', '', {
      name: 'Annex',
      time_zone: 'Europe/Paris',
      region: 'eu',
      geofence: { latitude: 52.5, longitude: 13.4, radius_m: 80 },
    });
    expect(property).toMatchObject({ geofence: { latitude: 52.5, longitude: 13.4, radius_m: 80 } });
    await ask('GET /v1/properties', '');
    await ask('GET /v1/properties/{id}', property.id);
    const floor = await ask('POST /v1/floors', '', { property_id: property.id, name: 'First', level: 1 });
    await ask('GET /v1/floors', '');
    await ask('GET /v1/floors/{id}', floor.id);
    await ask('PATCH /v1/floors/{id}', floor.id, { level: 2 });
    const drawn = await ask('PUT /v1/floors/{id}/plan', floor.id, { width: 20, height: 10.5, doors: [] });
    expect(drawn).toMatchObject({ level: 2, plan: { width: 20, height: 10.5, revision: 1 } });
    const picture = { media_type: 'image/png', data: 'iVBORw0KGgo=' };
    await ask('PUT /v1/floors/{id}/drawing', floor.id, picture);
    expect(await ask('GET /v1/floors/{id}/drawing', floor.id)).toMatchObject({ floor_id: floor.id, picture });
    await ask('DELETE /v1/floors/{id}/drawing', floor.id);
    const door = await ask('POST /v1/doors', '', { property_id: property.id, floor_id: floor.id, name: '201' });
    expect(door).toMatchObject({ floor_id: floor.id, lock_id: null });
    await ask('GET /v1/doors', '');
    await ask('GET /v1/doors/{id}', door.id);
    await ask('GET /v1/locks', '');
    await ask('GET /v1/locks/{id}', core.lock.id);
    await ask('POST /v1/manifests', '', { any: ['document'] });
    await ask('GET /v1/legitimacy/{identifier}', '');
    await ask('POST /v1/doors/{id}/enrol', core.door.id, { identifier: core.lock.identifier });
    const attempt = await ask('POST /v1/doors/{id}/unlock', core.door.id);
    await ask('POST /v1/doors/{id}/lock', core.door.id, { time_to_live_s: 5 });
    await ask('POST /v1/doors/{id}/status', core.door.id, {});
    await ask('POST /v1/locks/{id}/set-time', core.lock.id, { step_back: true });
    await ask('DELETE /v1/locks/{id}', core.lock.id);
    core.finish(attempt.id, {
      state: 'succeeded',
      receipt: {
        lockSequence: 7,
        attributes: {
          bolt: 'unlocked',
          door: 'closed',
          batteryPercent: 81,
          tamper: false,
          privacy: false,
          clock: 'valid',
        },
        lockTimeS: 1_774_746_000,
        clockOffsetS: 1,
        frame: '00ff',
        receivedAt: 0,
      },
    });
    const over = await ask('GET /v1/attempts/{id}', attempt.id);
    expect(over.receipt).toEqual({
      lock_sequence: 7,
      bolt: 'unlocked',
      door: 'closed',
      battery_percent: 81,
      lock_time: '2026-03-29T01:00:00.000Z',
      clock_offset_s: 1,
      frame: '00ff',
    });
    await ask('GET /v1/attempts', '');
    core.happen('org_a');
    await ask('GET /v1/events', '');
    const added = await ask('POST /v1/gateways', '', { property_id: property.id, name: 'Lobby' });
    await ask('GET /v1/gateways', '');
    await ask('GET /v1/gateways/{id}', added.gateway.id);
    const enrolment = await ask('POST /v1/gateway-enrolments', '', { token: added.enrolment_token });
    expect(enrolment.xmpp).toEqual({ host: '127.0.0.1', port: 5223, domain: 'hotel.example' });
    const person = await ask('POST /v1/persons', '', {
      name: 'Bo',
      email: 'Bo@hotel.example',
      role: 'cleaner',
      password: 'twelve characters',
    });
    expect(person.email).toBe('bo@hotel.example');
    await ask('GET /v1/persons', '');
    await ask('GET /v1/persons/{id}', person.id);
    const created = await ask('POST /v1/tokens', '', { name: 'ci', scopes: ['events:read'], expires_in_s: 60 });
    await ask('GET /v1/tokens', '');
    await ask('DELETE /v1/tokens/{id}', created.token.id);
    const invitation = await ask('POST /v1/invitations', '', { name: 'Gwen', role: 'guest', address: '+4930123456' });
    expect(invitation.person).toMatchObject({ name: 'Gwen', email: '+4930123456' });
    await ask('POST /v1/persons/{id}/invitation', person.id);
    await ask('POST /v1/persons/{id}/reset-second-factors', person.id);
    await ask('POST /v1/register', '', { name: 'Gwen', address: 'gwen@guest.example' });
    const sent = await ask('POST /v1/verifications', '', { purpose: 'recovery', address: 'gwen@guest.example' });
    await ask('POST /v1/verifications/{id}', sent.verification_id, { code: '123456', password: 'twelve characters' });
    await ask('POST /v1/sessions/second-step', '', { step: 'cp_1', totp: '123456' });
    await ask('POST /v1/sessions/passkey', '', {});
    const { challenge } = await ask('POST /v1/sessions/phone-challenge', '');
    const hex = (octets: number): string => '01'.repeat(octets);
    await ask('POST /v1/sessions/phone', '', { public_key: hex(65), challenge, signature: hex(64) });
    await ask('GET /v1/sign-in-policy', '');
    expect(await ask('PATCH /v1/sign-in-policy', '', { registration: 'invited' })).toEqual({
      second_factor: 'optional',
      registration: 'invited',
    });
    await ask('POST /v1/me/totp', '', { current_password: 'a' });
    await ask('POST /v1/me/totp/confirm', '', { code: '123456' });
    await ask('POST /v1/me/totp/remove', '', { current_password: 'a' });
    await ask('POST /v1/me/passkeys/options', '', { current_password: 'a' });
    const { passkey } = await ask('POST /v1/me/passkeys', '', {
      step_id: 'step_1',
      name: 'key',
      response: { id: 'x' },
    });
    expect(await ask('GET /v1/me/second-factors', '')).toMatchObject({ passkeys: [{ id: passkey.id, name: 'key' }] });
    await ask('POST /v1/me/passkeys/{id}/remove', passkey.id, { current_password: 'a' });
    await ask('POST /v1/me/recovery-codes', '', { current_password: 'a' });
    await ask('POST /v1/me/contacts', '', { address: 'ada@home.example' });
    const contacts = await ask('GET /v1/me/contacts', '');
    await ask('DELETE /v1/me/contacts/{id}', contacts.items[0].id);
    const open = await ask('GET /v1/me/sessions', '');
    await ask('DELETE /v1/me/sessions/{id}', open.items[0].id);
    await ask('POST /v1/me/sessions/end-others', '');
    const invited = await ask('POST /v1/visitors', '', {
      name: 'Visitor 1',
      door_ids: [core.door.id],
      not_after: '2026-03-01T12:00:00Z',
      pin: true,
    });
    expect(invited).toMatchObject({ sent: false, link: '/phone/join#ver_1.code', pin: '493817' });
    expect((await ask('GET /v1/visitors', '')).items).toEqual([invited.visitor]);
    expect(await ask('POST /v1/visitors/{id}/revoke', invited.visitor.id)).toMatchObject({
      visitor: { state: 'revoked' },
      at_locks: [],
    });
    core.happen('org_a', 'lock.tamper');
    const did = await ask('GET /v1/me/events', '');
    expect(did.items.at(-1)).toMatchObject({ type: 'lock.tamper' });
    const { items, unread } = await ask('GET /v1/me/notices', '');
    expect({ unread, newest: items.at(-1) }).toMatchObject({ unread: 0, newest: { ...did.items.at(-1), read: true } });
    expect(await ask('GET /v1/me/export', '')).toMatchObject({ person: { id: 'per_1' } });
    await ask('POST /v1/me/erase', '', { current_password: 'a' });
    await ask('POST /v1/me/notices/read', '', { until: '2026-03-01T12:00:00Z' });
    const [own] = (await ask('GET /v1/me/doors', '')).items;
    expect(own).toMatchObject({ id: core.door.id, grants: [{ uses_left: 2 }], lock: { stale: true, bolt: null } });
    await ask('GET /v1/sim/outbox', '');
    expect(await ask('GET /v1/persons/{id}/export', person.id)).toMatchObject({
      person: { id: person.id },
      data: {
        phones: [{ public_key: '04ff', lost_at: null, created_at: '2026-03-29T00:59:00.000Z' }],
        offline_pins: [],
      },
    });
    await ask('DELETE /v1/persons/{id}', person.id);
    await ask('DELETE /v1/gateways/{id}', added.gateway.id);
    await ask('DELETE /v1/doors/{id}', door.id);
    await ask('DELETE /v1/floors/{id}', floor.id);
    await ask('DELETE /v1/properties/{id}', property.id);
    await ask('POST /v1/password', '', {
      current_password: 'correct horse battery',
      new_password: 'twelve characters',
    });
    await ask('GET /healthz', '');
    await ask('GET /readyz', '');
    await ask('DELETE /v1/sessions/current', '');
    expect((await app.inject({ url: '/v1/me', headers: bearing(token) })).statusCode).toBe(401);
  });

  it('carry a request id, the rate limit and the headers that keep a browser from misusing them', async () => {
    const { app, token } = createRig();
    const { headers: got } = await app.inject({ url: '/v1/me', headers: bearing(token) });
    expect(got['x-request-id']).toMatch(/^req_[0-9a-f]{24}$/);
    expect(got['x-content-type-options']).toBe('nosniff');
    expect(got['cache-control']).toBe('no-store');
    expect(Number(got['ratelimit-remaining'])).toBe(Number(got['ratelimit-limit']) - 1);
  });

  it('an unexpected mistake shows its request id and nothing of itself', async () => {
    const { app, core, token, lines } = createRig();
    core.failNext = new Error('the disk at /secret/place broke');
    const response = await app.inject({
      method: 'POST',
      url: `/v1/doors/${core.door.id}/unlock`,
      headers: bearing(token, { 'idempotency-key': 'k' }),
    });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(lines.some((line) => line.includes(response.json().request_id) && line.includes('"error"'))).toBe(true);
  });

  it('no token and no password reaches the log', async () => {
    const { app, token, lines } = createRig();
    await app.inject({ url: '/v1/me', headers: bearing(token) });
    await app.inject({
      method: 'POST',
      url: '/v1/sessions',
      payload: { email: 'ada@hotel.example', password: 'canary-password' },
    });
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('\n')).not.toContain('canary-password');
    expect(lines.join('\n')).not.toContain(`"${token}"`);
  });
});
