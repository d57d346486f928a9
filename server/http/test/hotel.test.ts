import { seededRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { createHttpDoor, idempotencyIn } from '@cardea/server-http';
import { expect, it } from 'vitest';
import { openWorld, outcome, receiptOf } from '../../core/test/kit.ts';

/** The door over the real core, with a token of the owner's. */
async function open() {
  const world = await openWorld();
  const app = createHttpDoor({
    core: world.core,
    clock: world.clock,
    random: seededRandom(7),
    log: silentLog,
    idempotency: idempotencyIn(world.store),
    xmppAddress: () => ({ host: '127.0.0.1', port: 5223, domain: 'hotel.test' }),
    tls: 'plaintext',
    version: '0.1.0',
  });
  const { owner, core } = world;
  const created = await core.access.createToken(owner, { name: 'desk', scopes: owner.scopes, expiresInS: 86_400 });
  let keys = 0;
  const ask = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, key?: string) => {
    const headers = {
      authorization: `Bearer ${created.token.reveal()}`,
      ...(method === 'POST' && { 'idempotency-key': key ?? `key-${++keys}` }),
    };
    return app.inject({ method, url, headers, ...(payload && { payload }) });
  };
  return { ...world, ask };
}

it('check in by four fields; the same key is the same stay; check out says what ended', async () => {
  const { ask, door } = await open();
  const body = { room: '101', name: 'Ada', until: '2026-01-18', contact: 'ada@example.net' };
  const first = await ask('POST', '/v1/stays', body, 'one');
  expect(first.statusCode).toBe(200);
  expect(first.json()).toMatchObject({
    stay: { state: 'checked_in', door_ids: [door.id], to: '2026-01-18T10:00:00.000Z' },
    grants: [{ series: 1, stay_id: first.json().stay.id, scope: { kind: 'doors', door_ids: [door.id] } }],
    endings: [],
  });
  expect((await ask('POST', '/v1/stays', body, 'one')).json()).toEqual(first.json());
  expect((await ask('GET', '/v1/stays?state=checked_in')).json().items).toEqual([first.json().stay]);
  expect((await ask('GET', `/v1/stays?door_id=${door.id}`)).json().items).toHaveLength(1);
  const { id } = first.json().stay;
  const later = await ask('POST', `/v1/stays/${id}/extend`, { until: '2026-01-20T12:00' });
  expect(later.json().stay.to).toBe('2026-01-20T11:00:00.000Z');
  const both = await ask('POST', `/v1/stays/${id}/duplicate`, { name: 'Bo' });
  expect(both.json().grants).toHaveLength(2);
  const out = await ask('POST', `/v1/stays/${id}/check-out`);
  expect(out.json()).toMatchObject({ stay: { state: 'checked_out' }, grants: [] });
  expect(out.json().endings).toMatchObject([
    { door_id: door.id, ending: { why: 'nothing_held' } },
    { door_id: door.id, ending: { why: 'nothing_held' } },
  ]);
});

it.each([
  [{ name: 'Ada', until: '2026-01-18' }, 'body.room'],
  [{ room: '101', door_ids: ['door_1'], name: 'Ada', until: '2026-01-18' }, 'body.room'],
  [{ room: '101', until: '2026-01-18' }, 'body.name'],
  [{ room: '101', name: 'Ada', person_id: 'per_1', until: '2026-01-18' }, 'body.name'],
  [{ room: '101', name: 'Ada', until: '2026-02-30' }, 'body.until'],
  [{ room: '101', name: 'Ada', until: 'tomorrow' }, 'body.until'],
  [{ room: '9', name: 'Ada', until: '2026-01-18' }, 'body.room'],
])('%j is refused and %s named', async (body, field) => {
  const { ask } = await open();
  expect((await ask('POST', '/v1/stays', body)).json()).toMatchObject({ status: 400, code: 'invalid', field });
});

it('a file is told first and then done, line by line', async () => {
  const { ask } = await open();
  const file = 'reference,room,name,arrival,departure\nA,101,Ada,2026-01-20,2026-01-22\nB,9,Bo,2026-01-20,2026-01-22\n';
  const lines = [
    { line: 2, reference: 'A', result: 'added', field: null },
    { line: 3, reference: 'B', result: 'refused', field: 'room' },
  ];
  const dry = await ask('POST', '/v1/stays/import', { format: 'csv', file, dry_run: true });
  expect(dry.json()).toMatchObject({ dry_run: true, lines });
  expect((await ask('GET', '/v1/stays')).json().items).toEqual([]);
  const done = await ask('POST', '/v1/stays/import', { format: 'csv', file, dry_run: false });
  expect(done.json()).toMatchObject({ dry_run: false, lines });
  expect((await ask('GET', '/v1/stays')).json().items).toHaveLength(1);
  const large = await ask('POST', '/v1/stays/import', { format: 'csv', file: 'x'.repeat(5_000_000), dry_run: true });
  expect(large.statusCode).toBe(413);
});

it('modes are shown by the receipt, of the door, of the property and of the lock', async () => {
  const { ask, door, propertyId, lockId, lockSays, settled } = await open();
  const begun = await ask('POST', `/v1/properties/${propertyId}/lockdown`, { on: true });
  expect(begun.statusCode).toBe(202);
  expect(begun.json().doors).toMatchObject([
    { door_id: door.id, attempt: { operation: 'set_lockdown' }, reason: null },
  ]);
  const modes = async () => (await ask('GET', `/v1/properties/${propertyId}/modes`)).json().items;
  expect(await modes()).toMatchObject([{ mode: 'normal', confirmed_at: null, asked: { mode: 'lockdown' } }]);
  const receipt = receiptOf();
  await lockSays(outcome(begun.json().doors[0].attempt.id, { kind: 'succeeded', receipt }));
  await settled();
  expect(await modes()).toMatchObject([{ mode: 'lockdown', asked: null }]);
  expect((await ask('GET', `/v1/locks/${lockId}`)).json()).toMatchObject({ mode: 'lockdown', mode_until: null });
  const no = await ask('POST', `/v1/doors/${door.id}/override`, {});
  expect(no.json()).toMatchObject({ status: 400, field: 'body.reason' });
  const over = await ask('POST', `/v1/doors/${door.id}/override`, { reason: 'smoke' });
  expect(over.json()).toMatchObject({ operation: 'override', state: 'sent' });
});

it('a property takes a polygon across the antimeridian, and refuses one whose sides cross', async () => {
  const { ask, propertyId } = await open();
  const at = (latitude: number, longitude: number) => ({ latitude, longitude });
  const url = `/v1/properties/${propertyId}`;
  const polygon = [at(-16.5, 179.9), at(-16.5, -179.9), at(-16.8, -179.9), at(-16.8, 179.9)];
  const changed = await ask('PATCH', url, { geofence: { polygon }, check_out_time: '12:00' });
  expect(changed.json()).toMatchObject({ geofence: { polygon }, check_out_time: '12:00', check_in_time: '15:00' });
  const crossed = [polygon[0], polygon[2], polygon[1], polygon[3]];
  expect((await ask('PATCH', url, { geofence: { polygon: crossed } })).json()).toMatchObject({
    status: 400,
    field: 'body.geofence.polygon',
  });
  expect((await ask('GET', url)).json()).toEqual(changed.json());
});
