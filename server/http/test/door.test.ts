import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createRateLimiter, senderOf } from '../src/rate-limit.ts';
import { bearing, createRig } from './rig.ts';

const settle = () => new Promise<void>((done) => setImmediate(done));

describe('rate limits', () => {
  it('a token that asks too often is refused with Retry-After, and others are not', async () => {
    const { app, core, token, clock } = createRig({ limits: { perToken: { capacity: 2, refillPerS: 0.5 } } });
    const ask = (bearer: string) => app.inject({ url: '/v1/me', headers: bearing(bearer) });
    expect((await ask(token)).statusCode).toBe(200);
    expect((await ask(token)).headers['ratelimit-remaining']).toBe('0');
    const refused = await ask(token);
    expect(refused.json()).toMatchObject({ status: 429, code: 'too_many', retryable: true });
    expect(refused.headers['retry-after']).toBe('2');
    expect((await ask(core.token('org_a'))).statusCode).toBe(200);
    await clock.advance(2000);
    expect((await ask(token)).statusCode).toBe(200);
  });

  it('an address is limited before anybody has signed in, and a sign-in costs more', async () => {
    const { app } = createRig({ limits: { perAddress: { capacity: 100, refillPerS: 1 }, signInCost: 50 } });
    const signIn = () => app.inject({ method: 'POST', url: '/v1/sessions', payload: { email: 'a', password: 'b' } });
    expect((await signIn()).statusCode).toBe(401);
    expect((await signIn()).statusCode).toBe(401);
    expect((await signIn()).json()).toMatchObject({ status: 429, code: 'too_many' });
  });

  it('remembers no more keys than it may', () => {
    const { clock } = createRig();
    const limiter = createRateLimiter(clock, { capacity: 1, refillPerS: 1 }, 100);
    for (let at = 0; at < 10_000; at++) limiter.take(`key ${at}`);
    expect(limiter.size()).toBe(100);
  });

  it('the sender of an IPv6 request is its /64', () => {
    expect(senderOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(senderOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(senderOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(senderOf('2001:db8:1:2::9')).toBe(senderOf('2001:db8:1:2:ffff::1'));
  });
});

describe('ETag', () => {
  it('If-None-Match answers 304 as long as nothing changed', async () => {
    const { app, core, token } = createRig();
    const url = `/v1/doors/${core.door.id}`;
    const first = await app.inject({ url, headers: bearing(token) });
    const etag = String(first.headers.etag);
    const again = await app.inject({ url, headers: bearing(token, { 'if-none-match': `"x", ${etag}` }) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const other = await app.inject({ url, headers: bearing(token, { 'if-none-match': '"x"' }) });
    expect(other.statusCode).toBe(200);
  });

  it('If-Match removes only what was read', async () => {
    const { app, core, token } = createRig();
    const url = `/v1/doors/${core.door.id}`;
    const stale = await app.inject({ method: 'DELETE', url, headers: bearing(token, { 'if-match': '"old"' }) });
    expect(stale.json()).toMatchObject({ status: 412, code: 'precondition_failed', field: 'header.If-Match' });
    const { etag } = (await app.inject({ url, headers: bearing(token) })).headers;
    const removed = await app.inject({ method: 'DELETE', url, headers: bearing(token, { 'if-match': String(etag) }) });
    expect(removed.statusCode).toBe(204);
  });
});

describe('pages', () => {
  it('follow one another without a gap or a repeat, and the last one says so', async () => {
    const { app, core, token } = createRig();
    const made = Array.from({ length: 7 }, () => core.happen('org_a').id);
    core.happen('org_b');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const search: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await app.inject({ url: `/v1/events?limit=3${search}`, headers: bearing(token) })).json();
      seen.push(...page.items.map((one: { id: string }) => one.id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(made);
  });
});

describe('sim', () => {
  const ask = (rig: ReturnType<typeof createRig>, fault: string, payload: object) =>
    rig.app.inject({ method: 'POST', url: `/v1/sim/${fault}`, headers: bearing(rig.token), payload });

  it('a fault reaches the lock of the door by its identifier', async () => {
    const rig = createRig();
    expect((await ask(rig, 'jam', { door_id: rig.core.door.id, value: 'on' })).statusCode).toBe(204);
    expect((await ask(rig, 'clock', { identifier: rig.core.lock.identifier, value: '-125' })).statusCode).toBe(204);
    expect(rig.faults).toEqual([
      { fault: 'jam', identifier: 'C0FFEE000001', value: 'on' },
      { fault: 'clock', identifier: 'C0FFEE000001', value: '-125' },
    ]);
  });

  it('a wrong value, target or fault is refused by its name, with what is taken', async () => {
    const rig = createRig();
    const door_id = rig.core.door.id;
    const battery = await ask(rig, 'battery', { door_id, value: '101' });
    expect(battery.json()).toMatchObject({ field: 'body.value' });
    expect(battery.json().detail).toContain('0 to 100');
    expect((await ask(rig, 'jam', { value: 'on' })).json()).toMatchObject({ field: 'body.door_id' });
    expect((await ask(rig, 'gateway', { door_id, value: 'off' })).json()).toMatchObject({ field: 'body.gateway_id' });
    expect((await ask(rig, 'melt', { door_id, value: 'on' })).json()).toMatchObject({ field: 'path.fault' });
    expect(rig.faults).toEqual([]);
  });

  it('does not exist where there is no virtual estate', async () => {
    const rig = createRig({ sim: undefined });
    expect((await ask(rig, 'jam', { value: 'on' })).json()).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('metrics and readiness', () => {
  it('answer to this machine, not to a proxy’s sender, and name no tenant', async () => {
    const { app, token } = createRig();
    await app.inject({ url: '/v1/doors', headers: bearing(token) });
    const own = await app.inject('/metrics');
    expect(own.body).toContain('cardea_http_requests_total{operation="listDoors",status="200"} 1');
    expect(own.body).toContain('cardea_gateways_online 1');
    expect(own.body).not.toContain('org_a');
    expect((await app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '192.0.2.1' } })).statusCode).toBe(404);
    expect((await app.inject({ url: '/metrics', remoteAddress: '192.0.2.1' })).statusCode).toBe(404);
  });

  it('a core that is not ready is 503 with Retry-After', async () => {
    const { app, core } = createRig();
    core.health = () => ({ ready: false, gatewaysOnline: 0, attemptsOpen: 0 });
    const response = await app.inject('/readyz');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    expect((await app.inject('/healthz')).statusCode).toBe(200);
  });
});

describe('closing', () => {
  it('ends a wait with the attempt as it is', async () => {
    const { app, core, token } = createRig();
    const started = await app.inject({
      method: 'POST',
      url: `/v1/doors/${core.door.id}/unlock`,
      headers: bearing(token, { 'idempotency-key': 'k' }),
    });
    const waiting = app.inject({ url: `/v1/attempts/${started.json().id}?wait_s=30`, headers: bearing(token) });
    for (let turn = 0; turn < 10; turn++) await settle();
    await app.close();
    expect((await waiting).json()).toMatchObject({ state: 'pending' });
  });
});

describe('octets that are not a request', () => {
  it.each([
    ['nonsense', 'hello\r\n\r\n', '400'],
    ['a header that is too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    ['two lengths', 'POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', '400'],
  ])('%s: one problem, then the end', async (_, octets, status) => {
    const { app } = createRig();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    const text = await new Promise<string>((resolve, reject) => {
      let got = '';
      const socket = connect(address.port, '127.0.0.1', () => socket.write(octets));
      socket.on('data', (data) => {
        got += data;
      });
      socket.on('close', () => resolve(got));
      socket.on('error', reject);
    });
    await app.close();
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).toContain('application/problem+json');
  });
});
