import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Primitives } from '@cardea/kit-crypto';
import { createVirtualClock, Secret, silentLog } from '@cardea/kit-runtime';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import { type ScramVerifier, scramVerifier } from '@cardea/wire-xmpp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreError } from '../../server/core/src/errors.ts';
import { createXmppDoor } from '../../server/xmpp/src/door.ts';
import { createUplink } from '../src/uplink/create-uplink.ts';
import type { Connect } from '../src/uplink/uplink.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const primitives = {
  sha256: (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest()),
  hmacSha256: (key: Uint8Array, ...parts: Uint8Array[]) =>
    new Uint8Array(createHmac('sha256', key).update(Buffer.concat(parts)).digest()),
} as Primitives;
const salted = (password: string, salt: Uint8Array, iterations: number) =>
  new Uint8Array(pbkdf2Sync(password, salt, iterations, 32, 'sha256'));
const SALT = new Uint8Array(16).fill(9);
const VERIFIER = scramVerifier(primitives, salted('right', SALT, 4096), SALT, 4096);

function countingRandom() {
  let next = 0;
  return { octets: (size: number) => Uint8Array.from({ length: size }, () => next++ & 0xff) };
}

/** A RAS's door and a gateway's uplink over an in-memory pipe, in virtual time. */
function world(options: { password?: string; verifier?: ScramVerifier | undefined } = {}) {
  const clock = createVirtualClock(1_700_000_000_000, settle);
  const facts: string[] = [];
  const reports: FromGateway[] = [];
  const messages: ToGateway[] = [];
  const net = { up: true, silent: false, opened: 0, sever: () => {} };
  let receive: (report: FromGateway) => Promise<void> = async () => {};
  let take: (message: ToGateway) => Promise<void> = async () => {};
  const verifier = 'verifier' in options ? options.verifier : VERIFIER;

  const door = createXmppDoor({
    domain: 'ras.example',
    primitives,
    random: countingRandom(),
    clock,
    log: silentLog,
    core: {
      verifier: async (id) => (id === 'gw_1' ? verifier : undefined),
      online: async (id) => void facts.push(`online ${id}`),
      lost: () => {},
      offline: (id, reason) => void facts.push(`offline ${id}: ${reason}`),
      received: async (_id, report) => {
        reports.push(report);
        await receive(report);
      },
    },
  });

  const connect: Connect = (events) => {
    net.opened++;
    let open = net.up;
    const shut = () => {
      if (!open) return;
      open = false;
      events.closed('pipe closed');
      atDoor.closed();
    };
    const atDoor = door.accept({
      write: (octets) => {
        if (open && !net.silent) clock.after(1, () => open && events.received(octets));
      },
      close: () => void clock.after(2, shut),
    });
    if (net.up) clock.after(1, () => events.connected());
    else clock.after(1, () => events.closed('refused'));
    net.sever = shut;
    return {
      write: (octets) => {
        if (open && !net.silent) clock.after(1, () => open && atDoor.received(octets));
      },
      close: () => void clock.after(2, shut),
    };
  };

  const uplink = createUplink({
    connect,
    jid: 'gw_1@ras.example',
    password: new Secret(options.password ?? 'right'),
    primitives,
    deriveKey: async (password, salt, iterations) => new Secret(salted(password.reveal(), salt, iterations)),
    random: countingRandom(),
    clock,
    log: silentLog,
    onMessage: async (message) => {
      messages.push(message);
      await take(message);
    },
    onOnline: () => void facts.push('gateway online'),
    onOffline: (reason) => void facts.push(`gateway offline: ${reason}`),
  });

  return {
    clock,
    door,
    uplink,
    facts,
    reports,
    messages,
    net,
    onReport: (handle: typeof receive) => {
      receive = handle;
    },
    onMessage: (handle: typeof take) => {
      take = handle;
    },
    async signedIn() {
      uplink.start();
      await clock.runUntil(() => uplink.online, 60_000);
      // One round trip more, and the session can be resumed.
      await clock.advance(4);
    },
  };
}

const FRAME: ToGateway = {
  kind: 'frame',
  id: 'att_1',
  lock: 'A1B2C3D4E5F6',
  channel: 1,
  expiresAtS: 1_700_000_010,
  octets: Uint8Array.of(1, 2, 3),
};
const REPORT: FromGateway = { kind: 'frame', id: 'att_1', lock: 'A1B2C3D4E5F6', channel: 1, octets: Uint8Array.of(4) };

describe('a gateway and the RAS', () => {
  it('sign in, and carry messages both ways', async () => {
    const w = world();
    await w.signedIn();
    expect(w.facts).toEqual(['online gw_1', 'gateway online']);
    expect(w.door.uplink.send('gw_1', FRAME)).toBe(true);
    await w.clock.advance(10);
    expect(w.messages).toEqual([FRAME]);
    const sent = w.uplink.send(REPORT);
    await w.clock.advance(10);
    await sent;
    expect(w.reports).toEqual([REPORT]);
    expect(w.door.uplink.send('gw_2', FRAME)).toBe(false);
  });

  it('a report is acknowledged only after it is durable', async () => {
    const w = world();
    await w.signedIn();
    let durable = () => {};
    w.onReport(() => new Promise<void>((resolve) => (durable = resolve)));
    let acknowledged = false;
    const sent = w.uplink.send(REPORT).then(() => (acknowledged = true));
    await w.clock.advance(5_000);
    expect([w.reports.length, acknowledged]).toEqual([1, false]);
    durable();
    await w.clock.advance(10);
    await sent;
    expect(acknowledged).toBe(true);
  });

  it.each([
    [new CoreError('not_found', 'no such lock'), 'refused'],
    [new CoreError('unavailable', 'closing'), 'unavailable'],
    [new Error('disk full'), 'unavailable'],
  ])('a report that fails with %s is %s', async (error, code) => {
    const w = world();
    await w.signedIn();
    w.onReport(() => Promise.reject(error));
    const sent = w.uplink.send(REPORT).catch((refused: { code: string; message: string }) => refused);
    await w.clock.advance(10);
    expect(await sent).toMatchObject({ code });
    expect(String(await sent)).not.toContain('disk full');
    expect(w.uplink.online).toBe(true);
  });

  it('a frame that the gateway cannot take now is progress of its attempt', async () => {
    const w = world();
    await w.signedIn();
    w.onMessage(() => Promise.reject(new Error('queue full')));
    w.door.uplink.send('gw_1', FRAME);
    await w.clock.advance(10);
    expect(w.reports).toEqual([
      { kind: 'progress', id: 'att_1', lock: 'A1B2C3D4E5F6', stage: 'failed', queuePosition: null, reason: 'busy' },
    ]);
  });

  it('a silent gateway is offline within 15 s, and both ends come back together', async () => {
    const w = world();
    await w.signedIn();
    await w.clock.advance(60_000);
    expect(w.facts).toHaveLength(2);
    w.net.silent = true;
    await w.clock.advance(15_000);
    expect(w.facts).toContain('offline gw_1: silence');
    w.net.silent = false;
    await w.clock.runUntil(() => w.facts.at(-1) === 'gateway online' && w.uplink.online, 120_000);
    expect(w.facts.filter((fact) => fact === 'online gw_1')).toHaveLength(2);
  });

  it('what waits for its answer when the connection is lost is told so', async () => {
    const w = world();
    await w.signedIn();
    w.onReport(() => new Promise(() => {}));
    const sent = w.uplink.send(REPORT).catch((error: { code: string }) => error.code);
    await w.clock.advance(10);
    w.net.up = false;
    w.net.sever();
    await w.clock.advance(61_000);
    expect(await sent).toBe('offline');
    await expect(w.uplink.send(REPORT)).rejects.toMatchObject({ code: 'offline' });
  });

  it('reconnects slower and slower while nobody answers', async () => {
    const w = world();
    w.net.up = false;
    w.uplink.start();
    await w.clock.advance(600_000);
    expect(w.net.opened).toBeGreaterThan(190);
    expect(w.net.opened).toBeLessThan(410);
    w.net.up = true;
    // However long it was away, a server that is back has its gateways within seconds.
    await w.clock.runUntil(() => w.uplink.online, 4_000);
  });

  it('at most 64 reports wait; the next is told so at once', async () => {
    const w = world();
    await w.signedIn();
    w.onReport(() => new Promise(() => {}));
    for (let i = 0; i < 64; i++) w.uplink.send(REPORT).catch(() => {});
    await expect(w.uplink.send(REPORT)).rejects.toMatchObject({ code: 'busy' });
    for (let i = 0; i < 64; i++) expect(w.door.uplink.send('gw_1', { kind: 'cancel', id: 'a' })).toBe(true);
    expect(w.door.uplink.send('gw_1', { kind: 'cancel', id: 'a' })).toBe(false);
  });

  it('stop ends the session and does not come back', async () => {
    const w = world();
    await w.signedIn();
    await w.uplink.stop();
    await w.clock.advance(120_000);
    expect([w.net.opened, w.uplink.online]).toEqual([1, false]);
    expect(w.facts.at(-1)).toBe('offline gw_1: stream closed by the peer');
  });

  it('the RAS can end a session', async () => {
    const w = world();
    await w.signedIn();
    w.door.uplink.disconnect('gw_1');
    await w.clock.advance(1);
    expect(w.facts).toContain('offline gw_1: stopped: not-authorized');
  });
});

describe('XEP-0198 between a gateway and the RAS', () => {
  const numbered = (i: number): FromGateway => ({ ...REPORT, id: `rep-${i}`, octets: Uint8Array.of(i) }) as FromGateway;
  const idsOf = (reports: readonly FromGateway[]) => reports.map((report) => 'id' in report && report.id);

  it('a cut connection is resumed: what was on its way arrives once, and nobody was told', async () => {
    const w = world();
    await w.signedIn();
    let durable = () => {};
    w.onReport(() => new Promise<void>((resolve) => (durable = resolve)));
    const sent = w.uplink.send(REPORT);
    await w.clock.advance(10);
    w.net.sever();
    expect(w.door.uplink.send('gw_1', FRAME)).toBe(true);
    durable();
    await w.clock.runUntil(() => w.uplink.online, 60_000);
    await sent;
    await w.clock.advance(10);
    expect([w.reports, w.messages, w.net.opened]).toEqual([[REPORT], [FRAME], 2]);
    expect(w.facts.filter((fact) => fact.includes('gw_1'))).toEqual(['online gw_1']);
  });

  it('a frame whose time has passed while the gateway was away never reaches it', async () => {
    const w = world();
    await w.signedIn();
    w.net.up = false;
    w.net.silent = true;
    expect(w.door.uplink.send('gw_1', { ...FRAME, expiresAtS: 1_700_000_002 })).toBe(true);
    expect(w.door.uplink.send('gw_1', { ...FRAME, id: 'att_2', expiresAtS: 1_700_000_060 })).toBe(true);
    w.net.sever();
    await w.clock.advance(3_000);
    w.net.up = true;
    w.net.silent = false;
    await w.clock.runUntil(() => w.uplink.online, 60_000);
    await w.clock.advance(10);
    expect(w.messages.map((message) => 'id' in message && message.id)).toEqual(['att_2']);
  });

  it('a RAS that has forgotten the session is signed in at anew, and what was on its way is said to be unsure', async () => {
    const w = world();
    await w.signedIn();
    w.onReport(() => new Promise(() => {}));
    const sent = w.uplink.send(REPORT).catch((error: { code: string }) => error.code);
    await w.clock.advance(10);
    w.door.close();
    await w.clock.runUntil(() => w.net.opened === 2 && w.uplink.online, 60_000);
    expect(await sent).toBe('offline');
    expect(w.facts.filter((fact) => fact === 'online gw_1')).toHaveLength(2);
  });

  it('whatever is cut and whenever: each report is recorded once, in order, each frame taken once, and all are acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('cut', 'report', 'frame'), fc.nat(400)), { maxLength: 30 }),
        async (plan) => {
          const w = world();
          await w.signedIn();
          w.onReport(() => new Promise<void>((resolve) => void w.clock.after(40, resolve)));
          const waiting: Promise<void>[] = [];
          let frames = 0;
          for (const [what, waitMs] of plan) {
            if (what === 'cut') w.net.sever();
            else if (what === 'frame') {
              const expiresAtS = 1_900_000_000;
              expect(w.door.uplink.send('gw_1', { ...FRAME, id: `att-${frames++}`, expiresAtS })).toBe(true);
            } else if (w.uplink.online) waiting.push(w.uplink.send(numbered(waiting.length)));
            await w.clock.advance(waitMs);
          }
          await w.clock.runUntil(() => w.uplink.online, 60_000);
          await w.clock.advance(1_000);
          await Promise.all(waiting);
          expect(idsOf(w.reports)).toEqual(waiting.map((_, i) => `rep-${i}`));
          expect(w.messages.map((message) => 'id' in message && message.id)).toEqual(
            Array.from({ length: frames }, (_, i) => `att-${i}`),
          );
          expect(w.facts.filter((fact) => fact === 'online gw_1')).toHaveLength(1);
          await w.uplink.stop();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the RAS level of authentication', () => {
  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['a gateway that is not in the record', { verifier: undefined }],
  ])('%s never signs in, and nothing tells one from the other', async (_name, options) => {
    const w = world(options);
    w.uplink.start();
    await w.clock.advance(120_000);
    expect(w.facts).toEqual([]);
    expect(w.net.opened).toBeGreaterThan(1);
    expect(w.net.opened).toBeLessThan(10);
  });
});
