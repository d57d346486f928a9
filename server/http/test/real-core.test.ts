import { seededRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { createHttpDoor, idempotencyIn } from '@cardea/server-http';
import { describe, expect, it } from 'vitest';
import { openWorld, outcome, PASSWORD, receiptOf, stranger } from '../../core/test/kit.ts';

/** The door over the real core and store, with a scripted lock, in virtual time. */
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
  let keys = 0;
  const ask = (token: string, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, key?: string) =>
    app.inject({
      method,
      url,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        'idempotency-key': key ?? `key-${++keys}`,
      },
      ...(payload === undefined ? {} : { payload }),
    });
  const signIn = async (password: string) =>
    (await ask('', 'POST', '/v1/sessions', { email: 'op@hotel.test', password })).json();
  /** The operator's session after the first password change. */
  const session = async (): Promise<string> => {
    const first = await signIn(PASSWORD.reveal());
    await ask(first.token, 'POST', '/v1/password', {
      current_password: PASSWORD.reveal(),
      new_password: 'another long password',
    });
    return (await signIn('another long password')).token;
  };
  return { ...world, app, ask, signIn, session };
}

describe('the door over the real core', () => {
  it('nothing but the password can be changed before the first password change', async () => {
    const { ask, signIn } = await open();
    const { token, person } = await signIn(PASSWORD.reveal());
    expect(person.must_change_password).toBe(true);
    expect((await ask(token, 'GET', '/v1/doors')).json()).toMatchObject({ code: 'password_change_required' });
    const same = { current_password: PASSWORD.reveal(), new_password: PASSWORD.reveal() };
    expect((await ask(token, 'POST', '/v1/password', same)).json()).toMatchObject({
      code: 'invalid',
      field: 'body.new_password',
    });
  });

  it('an unlock is 202, then succeeded with the lock’s receipt and an event; the same key starts no second one', async () => {
    const { ask, session, door, script, lockSays, settled } = await open();
    const token = await session();
    const started = await ask(token, 'POST', `/v1/doors/${door.id}/unlock`, { time_to_live_s: 10 }, 'once');
    expect(started.statusCode, started.body).toBe(202);
    const { id } = started.json();
    await settled();
    expect((await ask(token, 'POST', `/v1/doors/${door.id}/unlock`, { time_to_live_s: 10 }, 'once')).json().id).toBe(
      id,
    );
    expect(script.inputs.filter((input) => input.kind === 'operate' && input.operation === 'unlock')).toHaveLength(1);
    await lockSays(outcome(id, { kind: 'succeeded', receipt: receiptOf({ bolt: 'unlocked' }) }));
    const over = (await ask(token, 'GET', `/v1/attempts/${id}?wait_s=30`)).json();
    expect(over).toMatchObject({ state: 'succeeded', receipt: { bolt: 'unlocked', frame: '010203' } });
    const events = (await ask(token, 'GET', '/v1/events?type=attempt.succeeded')).json();
    expect(events.items).toMatchObject([{ attempt_id: id, door_id: door.id }]);
  });

  it('lists in pages, and refuses what the core refuses with the field as the API spells it', async () => {
    const { ask, session, propertyId } = await open();
    const token = await session();
    for (const name of ['102', '103', '104']) {
      expect((await ask(token, 'POST', '/v1/doors', { property_id: propertyId, name })).statusCode).toBe(201);
    }
    const names: string[] = [];
    for (let cursor = ''; ; ) {
      const page = (await ask(token, 'GET', `/v1/doors?limit=1${cursor}`)).json();
      names.push(...page.items.map((door: { name: string }) => door.name));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(names).toEqual(['101', '102', '103', '104']);
    const oldestFirst = (await ask(token, 'GET', '/v1/events?limit=100')).json().items;
    const newestFirst: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = (await ask(token, 'GET', `/v1/events?limit=2&order=newest_first${cursor}`)).json();
      newestFirst.push(...page.items);
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(oldestFirst.length).toBeGreaterThan(4);
    expect(newestFirst).toEqual(oldestFirst.toReversed());
    const again = await ask(token, 'POST', '/v1/doors', { property_id: propertyId, name: '104' });
    expect(again.json()).toMatchObject({ status: 409, code: 'conflict', field: 'body.name' });
    const zone = { name: 'X', time_zone: 'Mars/Base', region: 'eu' };
    expect((await ask(token, 'POST', '/v1/properties', zone)).json()).toMatchObject({ field: 'body.time_zone' });
  });

  it('attack 36: a foreign tenant’s id is as unknown as one that was never made', async () => {
    const { ask, session, store, core, door, lockId, gatewayId, propertyId } = await open();
    await session();
    const actor = await stranger(store);
    const { token } = await core.access.createToken(actor, { name: 't', scopes: actor.scopes, expiresInS: 600 });
    for (const [noun, id] of [
      ['properties', propertyId],
      ['doors', door.id],
      ['locks', lockId],
      ['gateways', gatewayId],
    ] as const) {
      const foreign = (await ask(token.reveal(), 'GET', `/v1/${noun}/${id}`)).json();
      const nobodys = (await ask(token.reveal(), 'GET', `/v1/${noun}/${id.replace(/.$/, 'z')}`)).json();
      expect(foreign).toMatchObject({ status: 404, code: 'not_found' });
      expect({ ...foreign, request_id: '' }).toEqual({ ...nobodys, request_id: '' });
      expect((await ask(token.reveal(), 'GET', `/v1/${noun}`)).json().items).toEqual([]);
    }
    const unlock = await ask(token.reveal(), 'POST', `/v1/doors/${door.id}/unlock`, {});
    expect(unlock.statusCode).toBe(404);
  });

  it('DELETE asks the lock; with force it withdraws one that does not answer', async () => {
    const { ask, session, lockId } = await open();
    const token = await session();
    const url = `/v1/locks/${lockId}`;
    expect((await ask(token, 'DELETE', url)).json()).toMatchObject({ operation: 'unbind', state: 'sent' });
    expect((await ask(token, 'GET', url)).json()).toMatchObject({ state: 'bound' });
    const forced = await ask(token, 'DELETE', `${url}?force=true`);
    expect(forced.statusCode).toBe(202);
    expect(forced.json()).toMatchObject({ operation: 'unbind', state: 'expired', reason: 'not_sent' });
    expect((await ask(token, 'GET', url)).json()).toMatchObject({ state: 'withdrawn', door_id: null });
    expect((await ask(token, 'DELETE', `${url}?force=true`)).statusCode).toBe(412);
  });

  it('an API token does what its scopes say until it is withdrawn', async () => {
    const { ask, session } = await open();
    const token = await session();
    const made = await ask(token, 'POST', '/v1/tokens', { name: 'ci', scopes: ['estate:read'], expires_in_s: 600 });
    const { secret, token: shown } = made.json();
    expect((await ask(secret, 'GET', '/v1/doors')).statusCode).toBe(200);
    expect((await ask(secret, 'GET', '/v1/locks')).json()).toMatchObject({ code: 'not_permitted' });
    expect((await ask(token, 'DELETE', `/v1/tokens/${shown.id}`)).statusCode).toBe(204);
    expect((await ask(secret, 'GET', '/v1/doors')).json()).toMatchObject({ code: 'not_signed_in' });
  });

  it('a gateway’s one-time token works once', async () => {
    const { ask, session, propertyId } = await open();
    const token = await session();
    const added = (await ask(token, 'POST', '/v1/gateways', { property_id: propertyId, name: 'G' })).json();
    const enrol = () => ask('', 'POST', '/v1/gateway-enrolments', { token: added.enrolment_token });
    expect((await enrol()).json()).toMatchObject({ gateway_id: added.gateway.id, xmpp: { domain: 'hotel.test' } });
    const again = (await enrol()).json();
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect(again).not.toHaveProperty('password');
  });
});
