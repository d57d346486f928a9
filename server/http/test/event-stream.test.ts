import { connect, type Socket } from 'node:net';
import type { Proof } from '@cardea/server-core';
import { afterEach, describe, expect, it } from 'vitest';
import { bearing, createRig, type Rig } from './rig.ts';

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.app.close();
});

async function listening(options: Parameters<typeof createRig>[0] = {}): Promise<{ rig: Rig; port: number }> {
  const rig = createRig(options);
  rigs.push(rig);
  await rig.app.listen({ host: '127.0.0.1', port: 0 });
  const address = rig.app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return { rig, port: address.port };
}

/** A stream read by hand. */
async function follow(port: number, token: string, search = '', headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/v1/events/stream${search}`, {
    headers: bearing(token, headers),
    signal: stop.signal,
  });
  const reader = response.body?.getReader();
  let text = '';
  return {
    response,
    stop: () => stop.abort(),
    /** Everything up to and with the first place where `wanted` holds. */
    async until(wanted: (text: string) => boolean): Promise<string> {
      while (!wanted(text)) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) break;
        text += new TextDecoder().decode(piece.value);
      }
      return text;
    },
    ids: () => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id),
  };
}

describe('GET /v1/events/stream', () => {
  it('tells what happens, of the own organization alone', async () => {
    const { rig, port } = await listening();
    const stream = await follow(port, rig.token);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    await stream.until((text) => text.includes(': open'));
    rig.core.happen('org_b');
    const event = rig.core.happen('org_a', 'lock.unlocked', rig.core.door.id);
    const text = await stream.until((all) => all.includes(event.id));
    expect(stream.ids()).toEqual([event.id]);
    expect(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '')).toMatchObject({ id: event.id, type: 'lock.unlocked' });
  });

  it('filters by door and type, what is live and what is told from the record', async () => {
    const { rig, port } = await listening();
    const first = rig.core.happen('org_a');
    rig.core.happen('org_a', 'lock.locked', 'door_x');
    const old = rig.core.happen('org_a', 'lock.unlocked', 'door_x');
    const stream = await follow(port, rig.token, '?door_id=door_x&type=lock.unlocked', { 'last-event-id': first.id });
    await stream.until((text) => text.includes(old.id));
    rig.core.happen('org_a', 'lock.unlocked', 'door_y');
    const live = rig.core.happen('org_a', 'lock.unlocked', 'door_x');
    await stream.until((text) => text.includes(live.id));
    expect(stream.ids()).toEqual([old.id, live.id]);
  });

  it('resumes after Last-Event-ID from the record: no gap and no repeat, while more happens', async () => {
    const { rig, port } = await listening();
    const made = Array.from({ length: 350 }, () => rig.core.happen('org_a').id);
    // Each read of the record finds that something has happened meanwhile, which is told live too.
    const { list } = rig.core.events;
    let more = 5;
    rig.core.events.list = async (...asked) => {
      if (more-- > 0) made.push(rig.core.happen('org_a').id);
      return list(...asked);
    };
    const stream = await follow(port, rig.token, '', { 'last-event-id': made[9] ?? '' });
    await stream.until((text) => text.includes(`id: ${made[349]}\n`));
    const last = rig.core.happen('org_a').id;
    made.push(last);
    await stream.until((text) => text.includes(`id: ${last}\n`));
    expect(stream.ids()).toEqual(made.slice(10));
  });

  it('tells a proof that changed nothing as no event: without id, nobody else’s, not to whoever asks for a type', async () => {
    const { rig, port } = await listening();
    const stream = await follow(port, rig.token, `?door_id=${rig.core.door.id}`);
    const typed = await follow(port, rig.token, '?type=door.state_changed');
    for (const one of [stream, typed]) await one.until((text) => text.includes(': open'));
    const proof: Proof = {
      organizationId: 'org_a',
      propertyId: 'prop_1',
      doorId: rig.core.door.id,
      lockId: 'lock_1',
      attributes: { bolt: 'locked', door: 'closed', batteryPercent: 80, tamper: false, privacy: false, clock: 'valid' },
      provedAt: Date.UTC(2026, 0, 15, 12),
      clockOffsetS: 0,
      clockErrorS: 0.5,
    };
    rig.core.prove({ ...proof, organizationId: 'org_b', lockId: 'lock_b' });
    rig.core.prove({ ...proof, doorId: 'door_x', lockId: 'lock_x' });
    rig.core.prove(proof);
    const event = rig.core.happen('org_a', 'door.state_changed', rig.core.door.id);
    const text = await stream.until((all) => all.includes(event.id));
    expect(text).not.toMatch(/lock_[bx]/);
    expect(stream.ids()).toEqual([event.id]);
    const told = /^event: proof\ndata: (.*)$/m.exec(text)?.[1] ?? '';
    expect(JSON.parse(told)).toEqual({
      lock_id: 'lock_1',
      door_id: rig.core.door.id,
      property_id: 'prop_1',
      report: {
        bolt: 'locked',
        door: 'closed',
        battery_percent: 80,
        tamper: false,
        privacy: false,
        clock: 'valid',
        proved_at: '2026-01-15T12:00:00.000Z',
        clock_offset_s: 0,
        clock_error_s: 0.5,
      },
    });
    expect(await typed.until((all) => all.includes(event.id))).not.toContain('proof');
  });

  it('says something every 15 s, and ends once the token does not hold any more', async () => {
    const { rig, port } = await listening();
    const stream = await follow(port, rig.token);
    await stream.until((text) => text.includes(': open'));
    await rig.clock.advance(15_000);
    await stream.until((text) => text.includes(': heartbeat'));
    rig.core.withdraw(rig.token);
    await rig.clock.advance(15_000);
    const text = await stream.until((all) => all.includes('event: end'));
    expect(text).toContain('"code":"not_signed_in"');
    rig.core.happen('org_a');
    expect(await stream.until(() => false)).toBe(text);
  });

  it('closing ends every stream with a clear end, and the server closes', async () => {
    const { rig, port } = await listening();
    const stream = await follow(port, rig.token);
    await stream.until((text) => text.includes(': open'));
    await rig.app.close();
    expect(await stream.until(() => false)).toContain('event: end\ndata: {"code":"shutting_down"');
  });

  it('a reader that does not read is cut with its end, and what it holds is bounded', async () => {
    const { rig, port } = await listening({ limits: { streamBufferOctets: 65_536 } });
    const socket = await new Promise<Socket>((resolve) => {
      const one = connect(port, '127.0.0.1', () => resolve(one));
    });
    socket.write(`GET /v1/events/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${rig.token}\r\n\r\n`);
    await new Promise((resolve) => socket.once('readable', resolve));
    const open = async () => (await rig.app.inject('/metrics')).body.includes('cardea_http_streams 1');
    expect(await open()).toBe(true);
    let told = 0;
    while (await open()) {
      for (let at = 0; at < 200; at++) rig.core.happen('org_a');
      told += 200;
      if (told > 200_000) throw new Error('the reader was never cut');
    }
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toContain('event: end\ndata: {"code":"slow_reader"');
  });

  it('a token has at most as many streams as the limits say, and gets its place back', async () => {
    const { rig, port } = await listening({ limits: { streamsPerToken: 1 } });
    const one = await follow(port, rig.token);
    await one.until((text) => text.includes(': open'));
    const two = await follow(port, rig.token);
    expect(two.response.status).toBe(429);
    expect(await two.response.headers.get('retry-after')).toBe('5');
    one.stop();
    while ((await rig.app.inject('/metrics')).body.includes('cardea_http_streams 1')) {
      await new Promise((done) => setImmediate(done));
    }
    const three = await follow(port, rig.token);
    expect(three.response.status).toBe(200);
  });

  it.each(['nonsense', 'att_1'])('Last-Event-ID %j is refused by its name', async (id) => {
    const { app, token } = createRig();
    const response = await app.inject({ url: '/v1/events/stream', headers: bearing(token, { 'last-event-id': id }) });
    expect(response.json()).toMatchObject({ status: 400, field: 'header.Last-Event-ID' });
  });
});
