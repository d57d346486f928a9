import { generateKeyPairSync, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { Secret, silentLog } from '@cardea/kit-runtime';
import { type Mechanism, scramVerifier } from '@cardea/wire-xmpp';
import { afterEach, describe, expect, it } from 'vitest';
import { localIdentity } from '../../server/main/src/tls/authority.ts';
import { openGatewayAuthority } from '../../server/main/src/tls/gateway-authority.ts';
import { createXmppDoor } from '../../server/xmpp/src/door.ts';
import { listenXmpp } from '../../server/xmpp/src/listen.ts';
import { createUplink, tlsTransport } from '../src/index.ts';

/* The gateway's transport and the RAS's door over real sockets. */

const SALT = new Uint8Array(16).fill(3);
const stretch = (password: string, salt: Uint8Array, iterations: number) =>
  new Uint8Array(pbkdf2Sync(password, salt, iterations, 32, 'sha256'));
const VERIFIER = scramVerifier(nodePrimitives, stretch('right', SALT, 4096), SALT, 4096);

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function world(maxVersion: 'TLSv1.2' | 'TLSv1.3') {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-tls-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const identity = await localIdentity(folder, ['localhost'], Date.now());
  const authority = await openGatewayAuthority(folder, Date.now);
  const door = createXmppDoor({
    domain: 'localhost',
    primitives: nodePrimitives,
    random: systemRandom,
    clock: systemClock(),
    log: silentLog,
    core: {
      verifier: async (id) => (id === 'gw_1' ? VERIFIER : undefined),
      online: async () => {},
      lost: () => {},
      offline: () => {},
      received: async () => {},
    },
  });
  const listener = await listenXmpp({
    tls: { cert: identity.certificate, key: identity.key, maxVersion },
    host: '127.0.0.1',
    port: 0,
    starttlsPort: 0,
    gatewayAuthority: authority.certificate,
    door,
    log: silentLog,
  });
  cleanups.push(async () => {
    door.close();
    await listener.close();
  });
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const point = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-65));
  const own = async (address: string) => ({
    address,
    certificate: await authority.issue(address, point),
    key: new Secret(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
  });
  return { ca: readFileSync(identity.authorityFile ?? '', 'utf8'), listener, own };
}

/** How the gateway signs in, or why it leaves. */
async function signIn(
  options: Omit<Parameters<typeof tlsTransport>[0], 'host' | 'serverName'>,
  requireBinding = false,
): Promise<Mechanism | string> {
  return new Promise((resolve) => {
    let mechanism: Mechanism | undefined;
    const log = { ...silentLog, warn: (_: string, fields = {}) => resolve(String(Object.values(fields)[0])) };
    const uplink = createUplink({
      connect: tlsTransport({ host: '127.0.0.1', serverName: 'localhost', ...options }),
      jid: 'gw_1@localhost',
      password: new Secret('right'),
      primitives: nodePrimitives,
      deriveKey: async (password, salt, iterations) => new Secret(stretch(password.reveal(), salt, iterations)),
      random: systemRandom,
      clock: systemClock(),
      log,
      requireBinding,
      onMessage() {},
      onSignedIn: (by) => {
        mechanism = by;
      },
      onOnline: () => resolve(mechanism ?? 'online without signing in'),
    });
    cleanups.push(() => uplink.stop());
    uplink.start();
  });
}

describe.each(['TLSv1.3', 'TLSv1.2'] as const)('%s', (version) => {
  it.each([false, true])(
    'signs in by SCRAM-SHA-256-PLUS, by its certificate when it has one (STARTTLS: %s)',
    async (starttls) => {
      const { ca, listener, own } = await world(version);
      const port = starttls ? (listener.starttlsPort ?? 0) : listener.port;
      expect(await signIn({ port, ca, starttls }, true)).toBe('SCRAM-SHA-256-PLUS');
      expect(await signIn({ port, ca, starttls, identity: await own('gw_1@localhost') })).toBe('EXTERNAL');
      // A certificate that the RAS does not take leaves the password.
      expect(await signIn({ port, ca, starttls, identity: await own('gw_1@elsewhere') })).toBe('SCRAM-SHA-256-PLUS');
    },
  );
});

it('RFC 7590: nothing is said in the clear to a server that does not offer STARTTLS', async () => {
  let heard = '';
  const offered = `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' id='1' version='1.0'><stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism><mechanism>PLAIN</mechanism></mechanisms></stream:features>`;
  const sockets: Socket[] = [];
  let left: () => void = () => {};
  const hasLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('end', left);
    socket.on('data', (octets) => {
      heard += octets.toString();
    });
    socket.write(offered);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { ca } = await world('TLSv1.3');
  expect(await signIn({ port, ca, starttls: true })).toBe('STARTTLS is not offered');
  await hasLeft;
  expect(heard.replace(/^<\?xml[^>]*>/, '')).toMatch(/^<stream:stream [^>]*>(<\/stream:stream>)?$/);
});
