import { ApiProblem, createClient, tokenOf } from '@cardea/client-sdk';
import { CoreError } from '@cardea/server-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../../../server/http/test/rig.ts';

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.app.close();
});

/** A real server on the loopback and a client of it, whose waits are counted and do not wait. */
async function connected(options: Parameters<typeof createRig>[0] = {}) {
  const rig = createRig(options);
  rigs.push(rig);
  const url = await rig.app.listen({ host: '127.0.0.1', port: 0 });
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  return { rig, url, waits, sleep, client: createClient({ url, token: rig.token, sleep }) };
}

describe('client', () => {
  it('signs in, and acts by the session', async () => {
    const { url } = await connected();
    const session = await createClient({ url }).signIn('ada@hotel.example', 'correct horse battery');
    const me = await createClient({ url, token: tokenOf(session) }).me();
    expect(me.person_id).toBe(session.person.id);
  });

  it('unlocks a door and follows the attempt to its end', async () => {
    const { rig, client } = await connected();
    const states: string[] = [];
    const attempt = await client.unlock(rig.core.door.id, {
      timeToLiveS: 10,
      onProgress: (now) => {
        states.push(now.state);
        // The lock answers once the attempt is followed.
        if (now.state === 'pending') {
          setImmediate(() => rig.core.finish(now.id, { state: 'failed', reason: 'jammed' }));
        }
      },
    });
    expect(attempt).toMatchObject({ state: 'failed', reason: 'jammed', receipt: null });
    expect(states).toEqual(['pending', 'failed']);
  });

  it('lists every item over as many pages as there are', async () => {
    const { rig, client } = await connected();
    for (const name of ['201', '202', '203']) {
      await client.doors.add({ property_id: rig.core.door.propertyId, name });
    }
    const names: string[] = [];
    for await (const door of client.doors.list({ limit: 1 })) names.push(door.name);
    expect(names).toEqual(['101', '201', '202', '203']);
    expect((await client.doors.page({ name: '202' })).items).toHaveLength(1);
  });

  it('shows all doors of one’s own, a hundred a request', async () => {
    const { rig, client } = await connected();
    const { own } = rig.core;
    const { doors } = own;
    const asked: number[] = [];
    Object.assign(own, {
      doors: async (...[actor, page]: Parameters<typeof doors>): ReturnType<typeof doors> => {
        asked.push(page.limit);
        const [door] = await doors(actor, page);
        const ids = Array.from({ length: 150 }, (_, n) => `door_${String(n).padStart(6, '0')}`);
        return ids
          .filter((id) => id > (page.after ?? ''))
          .slice(0, page.limit)
          .flatMap((id) => (door === undefined ? [] : [{ ...door, id, door: { ...door.door, id } }]));
      },
    });
    const shown = await client.own.doors();
    expect(new Set(shown.map(({ id }) => id)).size).toBe(150);
    // One more is asked for, which says whether there is a next page.
    expect(asked).toEqual([101, 101]);
  });

  it('a refusal is an ApiProblem with its code, field and request id', async () => {
    const { client } = await connected();
    const refused = await client.doors.add({ property_id: 'prop_1', name: '' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({ code: 'invalid', status: 400, field: 'body.name', retryable: false });
    expect((refused as ApiProblem).requestId).toMatch(/^req_/);
  });

  it('repeats what the server says to repeat, after as long as it says, under the same Idempotency-Key', async () => {
    const { rig, client, waits } = await connected();
    rig.core.failNext = new CoreError('unavailable', 'starting', { retryAfterS: 3 });
    const attempt = await client.doors.start(rig.core.door.id, 'unlock');
    expect(attempt.state).toBe('pending');
    expect(waits).toEqual([3000]);
    expect(rig.core.calls).toEqual(['unlock', 'unlock']);
    expect(rig.answers.size).toBe(1);
  });

  it('an answer that was lost on its way is asked for again and the door is opened once', async () => {
    const { rig, url, sleep } = await connected();
    let lost = 0;
    const lossy: typeof fetch = async (...request) => {
      const response = await fetch(...request);
      if (lost++ === 0) throw new TypeError('the connection was lost');
      return response;
    };
    const client = createClient({ url, token: rig.token, fetch: lossy, sleep });
    const attempt = await client.doors.start(rig.core.door.id, 'unlock');
    expect(attempt.operation).toBe('unlock');
    expect(rig.core.calls).toEqual(['unlock']);
  });

  it('a sign-in, which has no Idempotency-Key, is never repeated', async () => {
    let tries = 0;
    const client = createClient({
      url: 'http://127.0.0.1:1',
      sleep: async () => {},
      fetch: async () => {
        tries++;
        throw new TypeError('no route');
      },
    });
    await expect(client.signIn('a', 'b')).rejects.toMatchObject({ code: 'unreachable', retryable: true });
    expect(tries).toBe(1);
  });

  it('gives up when the waits would last longer than a wish may wait', async () => {
    const { rig, client, waits } = await connected();
    rig.core.failNext = new CoreError('unavailable', 'long', { retryAfterS: 60 });
    await expect(client.doors.start(rig.core.door.id, 'unlock')).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterS: 60,
    });
    expect(waits).toEqual([]);
  });

  it('a server that is not ours is said to be none', async () => {
    const client = createClient({ url: 'http://a', fetch: async () => new Response('<html>', { status: 404 }) });
    await expect(client.me()).rejects.toMatchObject({ code: 'malformed_answer', status: 404 });
  });

  it('is stopped by its signal', async () => {
    const { rig, client } = await connected();
    const stop = new AbortController();
    const unlocking = client.unlock(rig.core.door.id, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(unlocking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('events.follow', () => {
  it('tells each event once and none left out, over lost connections', async () => {
    const { rig, url, sleep } = await connected();
    const stop = new AbortController();
    const made: string[] = [];
    let streams = 0;
    const cutting: typeof fetch = async (input, init) => {
      const cut = new AbortController();
      const signal = init?.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal;
      const response = await fetch(input, { ...init, signal });
      // The first two streams break after a while; meanwhile more happens.
      if (streams++ < 2) {
        setImmediate(() => {
          made.push(rig.core.happen('org_a').id);
          cut.abort();
          made.push(rig.core.happen('org_a').id);
        });
      }
      return response;
    };
    const first = rig.core.happen('org_a').id;
    made.push(rig.core.happen('org_a').id, rig.core.happen('org_a').id);
    const client = createClient({ url, token: rig.token, fetch: cutting, sleep });
    const seen: string[] = [];
    const states: string[] = [];
    for await (const event of client.events.follow({
      lastEventId: first,
      signal: stop.signal,
      onState: (state) => states.push(state),
    })) {
      seen.push(event.id);
      if (seen.length === 7) stop.abort();
      if (streams === 3 && made.length === 6) made.push(rig.core.happen('org_a').id);
    }
    expect(seen).toEqual(made);
    expect(states.filter((state) => state === 'lost')).toHaveLength(2);
  });

  it('tells proofs beside the events, and nothing of what a later server may say', async () => {
    const proof = { lock_id: 'lock_1', door_id: 'door_1', property_id: null, report: { bolt: 'locked' } };
    const text = [
      ': open\n\n',
      `event: proof\ndata: ${JSON.stringify(proof)}\n\n`,
      'event: other\ndata: 1\n\n',
      'id: evt_1\ndata: {"id":"evt_1"}\n\n',
    ].join('');
    const asked: (string | null)[] = [];
    const client = createClient({
      url: 'https://cardea.test',
      sleep: async () => undefined,
      fetch: async (_, init) => {
        asked.push(new Headers(init?.headers).get('last-event-id'));
        return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
      },
    });
    const stop = new AbortController();
    const proofs: unknown[] = [];
    const seen: string[] = [];
    for await (const event of client.events.follow({ signal: stop.signal, onProof: (one) => proofs.push(one) })) {
      seen.push(event.id);
      if (seen.length === 2) stop.abort();
    }
    expect(proofs).toEqual([proof, proof]);
    expect(seen).toEqual(['evt_1', 'evt_1']);
    expect(asked).toEqual([null, 'evt_1']);
  });

  it('ends with the problem when the token is refused', async () => {
    const { url } = await connected();
    const client = createClient({ url, token: 'nobodys' });
    await expect(client.events.follow().next()).rejects.toMatchObject({ code: 'not_signed_in' });
  });
});
