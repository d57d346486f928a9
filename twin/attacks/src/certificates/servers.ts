import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { runServer } from '@cardea/server-main';
import { createXmppDoor, listenXmpp, type XmppDoor } from '@cardea/server-xmpp';
import { scramVerifier } from '@cardea/wire-xmpp';
import { CLIENT_AUTH, type Forged, forge, SERVER_AUTH } from './forge.ts';

/** A server under attack, on 127.0.0.1. */
export interface Server {
  /** Ports on which it speaks TLS, by what for. */
  readonly ports: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** The domain and the one gateway of the XMPP door under attack. */
export const DOMAIN = 'door.hotel.example';
export const GATEWAY = 'gw_1';

/** The RAS itself, its two ports as they ship. */
export async function theServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-tls-victim-'));
  const running = await runServer({
    dataDir: folder,
    flags: { port: 0, xmppPort: 0 },
    environment: {},
    logTo: { kind: 'file', path: join(folder, 'server.log') },
  });
  return {
    ports: { HTTPS: Number(new URL(running.url).port), XMPP: running.xmpp.port },
    async close() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The XMPP door and its listener as they ship, with one gateway and an authority whose key the test holds. */
export async function theDoor(authority: Forged): Promise<Server> {
  const shown = await forge({ subject: DOMAIN, names: [DOMAIN], uses: [SERVER_AUTH] });
  const door = newDoor((id) => id === GATEWAY);
  const listener = await listenXmpp({
    tls: { cert: shown.pem, key: shown.key },
    host: '127.0.0.1',
    port: 0,
    gatewayAuthority: authority.pem,
    door,
    log: silentLog,
  });
  return {
    ports: { XMPP: listener.port },
    async close() {
      door.close();
      await listener.close();
    },
  };
}

/**
 * The weak double of both: takes every version and suite and lets clients renegotiate; whoever shows a certificate is
 * believed to be whom it names, whoever has signed it, also after it was withdrawn. Its XMPP door is the one that ships.
 */
export async function weakServer(): Promise<Server> {
  const shown = await forge({ subject: DOMAIN, names: [DOMAIN], uses: [SERVER_AUTH], key: 'RSA 2048' });
  const sockets = new Set<Socket>();
  const door = newDoor(() => true);
  const server = createServer(
    {
      cert: shown.pem,
      key: shown.key,
      minVersion: 'TLSv1',
      ciphers: 'ALL:aNULL:@SECLEVEL=0',
      dhparam: 'auto',
      requestCert: true,
      rejectUnauthorized: false,
    },
    (socket) => {
      const stream = door.accept({
        tls: { channel: { bindings: [], certificate: believed(socket) }, bind: () => undefined },
        write: (octets) => void socket.write(octets),
        close: () => void socket.end(),
      });
      socket.on('data', (octets) => stream.received(octets));
      socket.on('error', () => {});
      socket.on('close', () => stream.closed());
    },
  );
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ports: { HTTPS: port, XMPP: port },
    close: () =>
      new Promise((resolve) => {
        door.close();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Any name that a certificate carries, its signature and dates unread. */
function believed(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  const text = `${certificate?.subjectAltName ?? ''} ${certificate?.subject ?? ''}`;
  return /[a-z0-9._-]+@[a-z0-9.-]+/.exec(text)?.[0];
}

function newDoor(known: (id: string) => boolean): XmppDoor {
  const salt = systemRandom.octets(16);
  // Nobody knows a password of it: only its certificate signs it in.
  const verifier = scramVerifier(nodePrimitives, systemRandom.octets(32), salt, 4096);
  return createXmppDoor({
    domain: DOMAIN,
    primitives: nodePrimitives,
    random: systemRandom,
    clock: systemClock(),
    log: silentLog,
    core: {
      verifier: async (id) => (known(id) ? verifier : undefined),
      online: async () => {},
      lost: () => {},
      offline() {},
      received: async () => {},
    },
  });
}

/** A client's certificate, and whom it asks to be. */
export interface ClientRow {
  readonly title: string;
  readonly shown: Forged | undefined;
}

/** The true gateway's certificate, and every one that is not. */
export async function clientRows(
  authority: Forged,
): Promise<{ readonly honest: ClientRow; readonly rows: readonly ClientRow[] }> {
  const address = `${GATEWAY}@${DOMAIN}`;
  const good = { subject: 'Cardea gateway', names: [`xmpp:${address}`], issuer: authority, uses: [CLIENT_AUTH] };
  const honest = await forge(good);
  const { issuer: _, ...unsigned } = good;
  const sameName = await forge({ subject: authority.subject, authority: true });
  const rows: [string, Forged][] = [
    ['signed by itself', await forge(unsigned)],
    ['by an authority of the same name with another key', await forge({ ...good, issuer: sameName })],
    ['expired', await forge({ ...good, fromDays: -90, toDays: -1 })],
    ['not yet valid', await forge({ ...good, fromDays: 1 })],
    ["for servers alone (a server's certificate shown as a gateway's)", await forge({ ...good, uses: [SERVER_AUTH] })],
    ["by another gateway's certificate, which is no authority", await forge({ ...good, issuer: honest })],
    ['for an authority', await forge({ ...good, authority: true })],
    ['address in the common name alone', await forge({ subject: address, issuer: authority, uses: [CLIENT_AUTH] })],
    ['address as a DNS name', await forge({ ...good, names: [], dnsNames: [address] })],
    ['for a withdrawn gateway', await forge({ ...good, names: [`xmpp:gw_gone@${DOMAIN}`] })],
    ['for a gateway of another domain', await forge({ ...good, names: [`xmpp:${GATEWAY}@elsewhere.example`] })],
    ['two addresses in one', await forge({ ...good, names: [`xmpp:${address}`, `xmpp:gw_gone@${DOMAIN}`] })],
  ];
  return {
    honest: { title: 'the true gateway', shown: honest },
    rows: [{ title: 'none', shown: undefined }, ...rows.map(([title, shown]) => ({ title, shown }))],
  };
}
