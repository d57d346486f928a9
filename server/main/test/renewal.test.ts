import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunningServer, runServer } from '../src/run-server.ts';
import { localIdentity } from '../src/tls/authority.ts';
import { look } from './pebble.ts';

let folder = '';
let server: RunningServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-renewal-'));
  await install('first');
  server = await runServer({
    dataDir: join(folder, 'data'),
    flags: { port: 0, xmppPort: 0, tlsCertFile: join(folder, 'cert.pem'), tlsKeyFile: join(folder, 'cert.key') },
    environment: {},
    logTo: { kind: 'file', path: join(folder, 'server.log') },
  });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Puts a certificate of an authority called `name` where the server reads its own. */
async function install(name: string): Promise<void> {
  await localIdentity(join(folder, name), ['localhost'], Date.now());
  copyFileSync(join(folder, name, 'server.pem'), join(folder, 'cert.pem'));
  copyFileSync(join(folder, name, 'server.key'), join(folder, 'cert.key'));
}
const authority = (name: string): string => readFileSync(join(folder, name, 'authority.pem'), 'utf8');
const httpsPort = (): number => Number(new URL(server.url).port);

/** Whom clients trust that come now: which of the authorities vouches for each port. */
async function vouched(names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const port of [httpsPort(), server.xmpp.port]) {
    for (const name of names) {
      const seen = await look(port, { servername: 'localhost', ca: authority(name) });
      if (seen.refused === undefined) found.push(name);
    }
  }
  return found;
}

function open(port: number, alpn: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca: authority('first'),
      ALPNProtocols: [alpn],
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => resolve(socket));
  });
}

function says(socket: TLSSocket, text: string, expected: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    socket.on('data', (octets) => {
      heard += octets.toString('latin1');
      if (expected.test(heard)) resolve(heard);
    });
    socket.once('close', () => reject(new Error(`closed after ${heard}`)));
    socket.write(text);
  });
}

function events(type: string, ca: string): Promise<{ items: { type: string; detail: Record<string, unknown> }[] }> {
  const { token } = JSON.parse(readFileSync(join(folder, 'data', 'cli.json'), 'utf8'));
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`${server.url}/v1/events?type=${type}`, { ca, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve(JSON.parse(text)));
    });
    asked.on('error', reject);
    asked.end();
  });
}

it('own files changed on disk: both ports show the new certificate after SIGHUP, and no connection is dropped', async () => {
  const http = await open(httpsPort(), 'http/1.1');
  const xmpp = await open(server.xmpp.port, 'xmpp-client');
  await install('second');
  expect(await vouched(['first', 'second'])).toEqual(['first', 'first']);
  await server.reload();
  expect(await vouched(['first', 'second'])).toEqual(['second', 'second']);
  expect(await says(http, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n', /\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 /);
  const header = `<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
  expect(await says(xmpp, header, /<\/stream:features>/)).toContain('<mechanism>');
  http.destroy();
  xmpp.destroy();
  const { items } = await events('estate.certificate_renewed', authority('second'));
  expect(items).toMatchObject([{ detail: { certificate: 'usual' } }]);
});

it('files that do not fit together leave the old certificate in place, and the operator hears why, not too often', async () => {
  await install('second');
  writeFileSync(join(folder, 'cert.key'), readFileSync(join(folder, 'first', 'server.key')));
  for (let i = 0; i < 5; i++) await server.reload();
  expect(await vouched(['first', 'second'])).toEqual(['first', 'first']);
  const { items } = await events('alarm.certificate_not_renewed', authority('first'));
  expect(items.map(({ detail }) => detail.failures)).toEqual([1, 2, 4]);
  expect(items[0]?.detail.reason).toMatch(/is not the key of .*; give the two files that belong together/);
});
