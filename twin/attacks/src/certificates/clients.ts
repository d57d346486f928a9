import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fetchTrusting } from '@cardea/client-cli';
import { runGateway, tlsTransport } from '@cardea/gateway';
import { Secret, silentLog } from '@cardea/kit-runtime';

/** Where a client goes. */
export interface Way {
  readonly port: number;
  /** The name by which it knows its server. */
  readonly name: string;
  /** PEM of the one authority that it trusts. */
  readonly ca: string;
}

/** Somebody who connects: `speak` tries to say something to its server, and ends when it has or gave up. */
export interface Client {
  readonly title: string;
  /** The name of its server: HTTPS goes by what resolves here, XMPP carries its domain apart from the address. */
  readonly name: string;
  speak(way: Way): Promise<void>;
}

const HELLO = new TextEncoder().encode('<stream:stream to="door.hotel.example">');
const urlOf = ({ name, port }: Way): string => `https://${name}:${port}`;

/** The command line and SDK, the gateway's link, and a gateway that enrols: the code that ships. */
export const clients: readonly Client[] = [
  {
    title: 'command line and SDK',
    name: 'localhost',
    speak: (way) =>
      withFile(way.ca, async (caFile) => {
        // The SDK's transport without its patience: it would try each bad server four times.
        await fetchTrusting(caFile)(`${urlOf(way)}/v1/me`, { headers: { authorization: 'Bearer ct_canary' } });
      }),
  },
  {
    title: 'gateway, XMPP',
    name: 'door.hotel.example',
    speak: ({ port, name, ca }) =>
      new Promise((resolve) => {
        const way = tlsTransport({ host: '127.0.0.1', port, serverName: name, ca })({
          connected() {
            way.write(HELLO);
            way.close();
          },
          received() {},
          closed: () => resolve(),
        });
      }),
  },
  {
    title: 'gateway, enrolment',
    name: 'localhost',
    speak: (way) =>
      withFile(way.ca, async (caFile, dataDir) => {
        const gateway = await runGateway({
          dataDir,
          hubFile: join(dataDir, 'none'),
          serverUrl: urlOf(way),
          caFile,
          enrolmentToken: new Secret('ce_canary'),
          log: silentLog,
        });
        await gateway.stop();
      }),
  },
];

/** The same three without their checks, as was found in products (CVE-2022-32509): the weak double. */
export const trustingClients: readonly Client[] = clients.map(({ title, name }) => ({
  title,
  name,
  speak: (way) => (title === 'gateway, XMPP' ? sayTo(way) : ask(way)),
}));

/** Whatever the other side shows is taken. */
const UNCHECKED = {
  rejectUnauthorized: false,
  checkServerIdentity: () => undefined,
  minVersion: 'TLSv1',
  ciphers: 'ALL:aNULL:@SECLEVEL=0',
} as const;

function ask(way: Way): Promise<void> {
  return new Promise((resolve) => {
    const asked = request(urlOf(way), { ...UNCHECKED, host: '127.0.0.1', ca: way.ca }, (answer) => {
      answer.resume().once('end', resolve);
    });
    asked.once('error', () => resolve());
    asked.end();
  });
}

function sayTo({ port, name, ca }: Way): Promise<void> {
  return new Promise((resolve) => {
    const asked = isIP(name) === 0 ? { servername: name } : {};
    const socket = connect({ ...UNCHECKED, ...asked, host: '127.0.0.1', port, ca }, () => socket.end(HELLO));
    socket.on('error', () => {});
    socket.resume().once('close', () => resolve());
  });
}

async function withFile(ca: string, use: (caFile: string, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-victim-'));
  try {
    const file = join(folder, 'authority.pem');
    writeFileSync(file, ca);
    await use(file, folder);
  } catch {
    // It gave up, as it should; what reached the other side is what counts.
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
