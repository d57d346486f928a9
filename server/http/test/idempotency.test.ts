import { CoreError } from '@cardea/server-core';
import { describe, expect, it } from 'vitest';
import { bearing, createRig, type Rig } from './rig.ts';

const unlock = ({ app, core, token }: Rig, key: string, payload: object = {}, bearer = token) =>
  app.inject({
    method: 'POST',
    url: `/v1/doors/${core.door.id}/unlock`,
    headers: bearing(bearer, { 'idempotency-key': key }),
    payload,
  });

describe('Idempotency-Key', () => {
  it('the same request again gets the same answer, and the effect happens once', async () => {
    const rig = createRig();
    const one = await unlock(rig, 'k');
    const two = await unlock(rig, 'k');
    expect(two.statusCode).toBe(202);
    expect(two.body).toBe(one.body);
    expect(two.headers['idempotency-replayed']).toBe('true');
    expect(one.headers['idempotency-replayed']).toBeUndefined();
    expect(rig.core.calls).toEqual(['unlock']);
  });

  it('a different body, or another operation, under the same key is 409', async () => {
    const rig = createRig();
    await unlock(rig, 'k');
    expect((await unlock(rig, 'k', { time_to_live_s: 5 })).json()).toMatchObject({
      status: 409,
      code: 'idempotency_key_reused',
    });
    const { app, core, token } = rig;
    const other = await app.inject({
      method: 'POST',
      url: `/v1/doors/${core.door.id}/lock`,
      headers: bearing(token, { 'idempotency-key': 'k' }),
      payload: {},
    });
    expect(other.json()).toMatchObject({ status: 409, code: 'idempotency_key_reused' });
    expect(core.calls).toEqual(['unlock']);
  });

  it('a second one at the same time waits for the first and gets its answer', async () => {
    const rig = createRig();
    let open = () => {};
    rig.core.gate = new Promise((resolve) => {
      open = resolve;
    });
    const both = [unlock(rig, 'k'), unlock(rig, 'k')];
    for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
    expect(rig.core.calls).toEqual(['unlock']);
    open();
    const [one, two] = await Promise.all(both);
    expect(two?.body).toBe(one?.body);
    expect(rig.core.calls).toEqual(['unlock']);
  });

  it('keys of two tokens are strangers to each other', async () => {
    const rig = createRig();
    const one = await unlock(rig, 'k');
    const two = await unlock(rig, 'k', {}, rig.core.token('org_a'));
    expect(two.json().id).not.toBe(one.json().id);
    expect(rig.core.calls).toEqual(['unlock', 'unlock']);
  });

  it('after 24 hours the key is free again', async () => {
    const rig = createRig();
    await unlock(rig, 'k');
    await rig.clock.advance(24 * 3_600_000);
    await unlock(rig, 'k', { time_to_live_s: 5 });
    expect(rig.core.calls).toEqual(['unlock', 'unlock']);
  });

  it('a crash between the effect and its answer is never done twice: outcome_unknown', async () => {
    const rig = createRig();
    rig.core.failNext = new Error('the process died here');
    expect((await unlock(rig, 'k')).statusCode).toBe(500);
    expect((await unlock(rig, 'k')).json()).toMatchObject({ status: 409, code: 'outcome_unknown' });
    expect(rig.core.calls).toEqual(['unlock']);
  });

  it('the mark that a request has begun is there before its effect', async () => {
    const rig = createRig();
    let marks = -1;
    const { operate } = rig.core.attempts;
    rig.core.attempts.operate = (...asked) => {
      marks = rig.answers.size;
      return operate(...asked);
    };
    await unlock(rig, 'k');
    expect(marks).toBe(1);
  });

  it('a refusal is an answer like any other; one that says "later" is not kept', async () => {
    const rig = createRig();
    rig.core.failNext = new CoreError('conflict', 'the door has no lock');
    expect((await unlock(rig, 'a')).statusCode).toBe(409);
    expect((await unlock(rig, 'a')).json()).toMatchObject({ code: 'conflict' });
    rig.core.failNext = new CoreError('too_many', 'eight wait already', { retryAfterS: 3 });
    const busy = await unlock(rig, 'b');
    expect(busy.headers['retry-after']).toBe('3');
    expect((await unlock(rig, 'b')).statusCode).toBe(202);
  });

  it('a body that is refused by its schema takes no key', async () => {
    const rig = createRig();
    expect((await unlock(rig, 'k', { time_to_live_s: 0 })).statusCode).toBe(400);
    expect(rig.answers.size).toBe(0);
    expect((await unlock(rig, 'k', { time_to_live_s: 1 })).statusCode).toBe(202);
  });

  it('a secret that is shown once lies sealed: nothing in the record shows it, and the sender still gets it again', async () => {
    const { app, answers, token } = createRig();
    const ask = () =>
      app.inject({
        method: 'POST',
        url: '/v1/tokens',
        headers: bearing(token, { 'idempotency-key': 'k' }),
        payload: { name: 'ci', scopes: ['events:read'], expires_in_s: 60 },
      });
    const { secret } = (await ask()).json();
    const [name, answer] = [...answers][0] ?? [];
    expect(JSON.stringify([name, answer])).not.toContain(secret);
    expect(Buffer.from(answer?.body ?? '', 'base64').toString('latin1')).not.toContain(secret);
    expect((await ask()).json().secret).toBe(secret);
  });

  it.each(['', 'two words', 'x'.repeat(256), 'ümlaut'])('the key %j is refused by its name', async (key) => {
    const rig = createRig();
    expect((await unlock(rig, key)).json()).toMatchObject({ status: 400, field: 'header.Idempotency-Key' });
  });
});
