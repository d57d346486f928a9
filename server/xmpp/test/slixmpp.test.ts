import { spawn, spawnSync } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import type { FromGateway } from '@cardea/wire-route';
import { scramVerifier } from '@cardea/wire-xmpp';
import { describe, expect, it } from 'vitest';
import { createXmppDoor, GATEWAY_SESSION_LIMITS } from '../src/door.ts';
import { listenXmpp } from '../src/listen.ts';

// Debian's python3-slixmpp belongs to the system's own Python.
const PYTHON = '/usr/bin/python3';
const present =
  spawnSync(PYTHON, ['-c', 'import slixmpp']).status === 0 && spawnSync('openssl', ['version']).status === 0;
if (!present) console.log('not run: slixmpp');
const required = process.env.REQUIRE_PEERS === '1';

type Fact = { readonly event: string; readonly [key: string]: unknown };

const DOMAIN = 'localhost';
const SALT = new Uint8Array(16).fill(5);
const salted = new Uint8Array(pbkdf2Sync('correct horse', SALT, 4096, 32, 'sha256'));

/** A door on a free port with a certificate of its own, and slixmpp as the gateway `gw_1`. */
async function withPeer<T>(
  password: string,
  run: (peer: {
    fact(event: string): Promise<Fact>;
    facts: Fact[];
    reports: FromGateway[];
    offline: Promise<string>;
    door: ReturnType<typeof createXmppDoor>;
  }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-slixmpp-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-keyout', key, '-out', cert, '-subj', `/CN=${DOMAIN}`, '-addext', `subjectAltName=DNS:${DOMAIN}`],
  ]);
  expect(made.status, String(made.stderr)).toBe(0);

  const primitives = nodePrimitives;
  const reports: FromGateway[] = [];
  let wentOffline: (reason: string) => void = () => {};
  const offline = new Promise<string>((resolve) => {
    wentOffline = resolve;
  });
  const door = createXmppDoor({
    domain: DOMAIN,
    primitives,
    random: systemRandom,
    clock: systemClock(),
    log: silentLog,
    // Often enough that nobody waits for it.
    limits: { ...GATEWAY_SESSION_LIMITS, pingEveryMs: 50 },
    core: {
      verifier: async (id) => (id === 'gw_1' ? scramVerifier(primitives, salted, SALT, 4096) : undefined),
      online: async () => {},
      offline: (_id, reason) => wentOffline(reason),
      received: async (_id, report) => void reports.push(report),
    },
  });
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  const listener = await listenXmpp({ tls, host: '127.0.0.1', port: 0, door, log: silentLog });
  const script = join(import.meta.dirname, 'slixmpp-peer.py');
  const child = spawn(PYTHON, [script, '127.0.0.1', String(listener.port), `gw_1@${DOMAIN}/other`, cert], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  child.stdin.end(`${password}\n`);

  const facts: Fact[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const tell = () => {
    for (const look of [...waiting]) look();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    facts.push(JSON.parse(line) as Fact);
    tell();
  });
  const exited = new Promise<void>((resolve) => {
    child.on('close', () => {
      ended = true;
      tell();
      resolve();
    });
  });
  const fact = (event: string) =>
    new Promise<Fact>((resolve, reject) => {
      const look = () => {
        const found = facts.find((one) => one.event === event);
        if (found === undefined && !ended) return;
        waiting.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`slixmpp ended without ${event}: ${JSON.stringify(facts)} ${complaints.slice(-2000)}`));
      };
      waiting.add(look);
      look();
    });

  try {
    return await run({ fact, facts, reports, offline, door });
  } finally {
    child.kill('SIGKILL');
    await exited;
    door.close();
    await listener.close();
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!present && !required)('slixmpp, an independent client', () => {
  it('signs in over direct TLS by SCRAM-SHA-256, binds bgw, is pinged and answers, pings, reports, and takes a frame', async () => {
    await withPeer('correct horse', async ({ fact, reports, offline, door }) => {
      expect(await fact('online')).toMatchObject({
        jid: `gw_1@${DOMAIN}/bgw`,
        mechanism: 'SCRAM-SHA-256',
        offered: ['SCRAM-SHA-256'],
      });
      expect(await fact('pinged')).toMatchObject({ id: 'ping-1' });
      expect(await fact('ping')).toMatchObject({ answered: true });
      expect(await fact('report')).toMatchObject({ answer: 'result' });
      expect(reports).toEqual([
        { kind: 'progress', id: 'att_1', lock: 'A1B2C3D4E5F6', stage: 'written', queuePosition: null, reason: null },
      ]);
      expect(await fact('refused')).toMatchObject({
        condition: 'bad-request',
        text: 'open: is not a report of a gateway',
      });
      const octets = Uint8Array.of(0, 1, 2);
      const sent = {
        kind: 'frame',
        id: 'att_2',
        lock: 'A1B2C3D4E5F6',
        channel: 1,
        expiresAtS: 1_900_000_000,
        octets,
      } as const;
      expect(door.uplink.send('gw_1', sent)).toBe(true);
      expect(await fact('frame')).toMatchObject({
        attributes: { id: 'att_2', lock: 'A1B2C3D4E5F6', channel: '1', expires: '1900000000' },
        text: 'AAEC',
      });
      door.uplink.disconnect('gw_1');
      expect(await fact('stream_error')).toMatchObject({ condition: 'not-authorized' });
      expect(await offline).toBe('stopped: not-authorized');
    });
  });

  it('a wrong password is refused, and no weaker mechanism is there to fall back to', async () => {
    await withPeer('wrong horse', async ({ fact, facts }) => {
      await fact('failed_auth');
      await fact('failed_all_auth');
      expect(facts.some((one) => one.event === 'online')).toBe(false);
    });
  });
});
