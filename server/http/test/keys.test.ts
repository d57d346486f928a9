import { describe, expect, it } from 'vitest';
import { bearing, createRig } from './rig.ts';

let keys = 0;

async function rigWithGrant() {
  const rig = createRig();
  const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
    rig.app.inject({
      method,
      url,
      headers: bearing(rig.token, { 'idempotency-key': `keys-${++keys}`, 'content-type': 'application/json' }),
      ...(payload !== undefined && { payload }),
    });
  const made = await ask('POST', '/v1/grants', {
    person_id: 'per_1',
    scope: { kind: 'doors', door_ids: ['door_1'] },
    not_before: '2026-01-15T12:00:00.000Z',
    not_after: null,
  });
  const { id } = made.json().grant ?? made.json();
  return { rig, ask, grantId: id as string };
}

describe('methods at the locks over HTTP', () => {
  it('enrols a phone, gives it keys in hex, and takes them back when it is lost', async () => {
    const { ask } = await rigWithGrant();
    const challenge = (await ask('POST', '/v1/phones/challenges', {})).json();
    expect(challenge.challenge).toBe('01'.repeat(32));
    const body = {
      name: 'phone',
      public_key: '04'.repeat(65),
      challenge: challenge.challenge,
      signature: '00'.repeat(64),
    };
    const phone = (await ask('POST', '/v1/phones', body)).json();
    expect(phone).toMatchObject({ kind: 'phone', name: 'phone', state: 'active', public_key: '04'.repeat(65) });
    const bundle = (await ask('POST', `/v1/phones/${phone.id}/keys`, {})).json();
    expect(bundle.keys[0]).toMatchObject({
      lock_identifier: 'C0FFEE000001',
      key_id: '02'.repeat(16),
      sealed_grant: '03'.repeat(133),
      presentation_key: '04'.repeat(32),
      advertisement_key: '05'.repeat(16),
      order: '2409',
    });
    expect(bundle.without).toEqual([{ grant_id: 'grant_2', door_id: 'door_1', reason: 'offline_off' }]);
    const lost = (await ask('POST', `/v1/phones/${phone.id}/lost`, {})).json();
    expect(lost.phone.state).toBe('lost');
    expect(lost.doors[0].ending).toEqual({ cannot_open_after: null, why: 'no_clock' });
  });

  it('shows a PIN once, and of what the lock keeps nothing', async () => {
    const { ask, grantId } = await rigWithGrant();
    const online = await ask('POST', `/v1/grants/${grantId}/pins`, { kind: 'online' });
    expect(online.json()).toMatchObject({ pin: '493817', offline: [] });
    const offline = { kind: 'offline', window: '3h', start_at: '2026-01-15T12:00:00.000Z' };
    expect((await ask('POST', `/v1/grants/${grantId}/pins`, offline)).json().offline[0].pin).toBe('0421234567');
    const listed = await ask('GET', `/v1/grants/${grantId}/pins`);
    expect(listed.json().online[0]).toMatchObject({ slot: 7, state: 'setting' });
    const methods = await ask('GET', `/v1/grants/${grantId}/methods`);
    for (const { body } of [listed, methods]) {
      expect(body).not.toContain('493817');
      expect(body).not.toContain('0421234567');
      expect(body).not.toContain('ee'.repeat(32));
    }
  });

  it('says in the answer of revoke until when each lock can still be opened', async () => {
    const { ask, grantId } = await rigWithGrant();
    const answer = (await ask('POST', `/v1/grants/${grantId}/revoke`, {})).json();
    expect(answer).toMatchObject({ id: grantId, state: 'revoked' });
    expect(answer.at_locks[0].ending).toMatchObject({ why: 'lease', cannot_open_after: expect.any(String) });
  });

  it('answers 409 to a PIN that is taken, and 400 to one that is none', async () => {
    const { ask, grantId } = await rigWithGrant();
    const taken = await ask('POST', `/v1/grants/${grantId}/pins`, { kind: 'online', pin: '777777' });
    expect(taken.json()).toMatchObject({ status: 409, code: 'conflict', detail: 'choose another PIN' });
    for (const pin of ['1234', '12345a', '1234567890', 123456]) {
      expect((await ask('POST', `/v1/grants/${grantId}/pins`, { kind: 'online', pin })).statusCode).toBe(400);
    }
  });

  it('says of each carried record what became of it', async () => {
    const { ask } = await rigWithGrant();
    const record = { lock_identifier: 'C0FFEE000001', record: 'aa55' };
    const answer = await ask('POST', '/v1/receipts', { records: [record, record] });
    expect(answer.json()).toEqual({ results: [{ result: 'recorded' }, { result: 'known' }] });
    expect((await ask('POST', '/v1/receipts', { records: [] })).statusCode).toBe(400);
  });

  it('asks a keypad to open again, and says that it is on the way', async () => {
    const { rig, ask } = await rigWithGrant();
    const answer = await ask('POST', `/v1/doors/${rig.core.door.id}/keypad/reopen`, {});
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ state: 'setting', acknowledged_at: null });
  });
});
