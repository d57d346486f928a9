import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localIdentity, serverNames } from './authority.ts';
import { configuredIdentity } from './configured.ts';

const DAY_MS = 86_400_000;
const NAMES = ['localhost', '127.0.0.1', '::1', 'hotel.example'];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Shakes hands with `identity` as a client that trusts `ca` and asks for `servername`. */
async function handshake(identity: { certificate: string; key: string }, ca: string, host: string): Promise<string> {
  const server = createServer({ cert: identity.certificate, key: identity.key }, (socket) => socket.end());
  server.on('tlsClientError', () => {});
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const result = await new Promise<string>((done) => {
    const numeric = /^[\d.:]+$/.test(host);
    const socket = connect({ port, host: '127.0.0.1', ca, ...(numeric ? {} : { servername: host }) }, () => done('ok'));
    socket.on('error', (error: NodeJS.ErrnoException) => done(`${error.code} ${error.message}`));
    socket.on('secureConnect', () => socket.end());
  });
  await new Promise((done) => server.close(done));
  return result;
}

it('a client that trusts the authority alone accepts the server by name and by address', async () => {
  const identity = await localIdentity(folder, NAMES, Date.now());
  const ca = readFileSync(identity.authorityFile ?? '', 'utf8');
  for (const host of ['localhost', 'hotel.example', '127.0.0.1']) {
    expect([host, await handshake(identity, ca, host)]).toEqual([host, 'ok']);
  }
  expect(await handshake(identity, ca, 'elsewhere.example')).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
});

it('name constraints: what the authority signs for another name is refused, even for that name', async () => {
  await localIdentity(folder, NAMES, Date.now());
  const ca = readFileSync(join(folder, 'authority.pem'), 'utf8');
  // The file is what decides whether a new authority is needed: a lie in it makes the old one sign a foreign name.
  writeFileSync(join(folder, 'authority.names.json'), JSON.stringify([...NAMES, 'bank.example']));
  const rogue = await localIdentity(folder, [...NAMES, 'bank.example'], Date.now());
  expect(rogue.made).toEqual(['server']);
  expect(await handshake(rogue, ca, 'bank.example')).toContain('permitted subtree violation');
});

it('keys are readable by this user alone', async () => {
  await localIdentity(folder, NAMES, Date.now());
  for (const file of ['authority.key', 'server.key']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

it('a second start makes nothing; near its end only the server certificate is made anew', async () => {
  const now = Date.now();
  expect((await localIdentity(folder, NAMES, now)).made).toEqual(['authority', 'server']);
  expect((await localIdentity(folder, NAMES, now + 366 * DAY_MS)).made).toEqual([]);
  expect((await localIdentity(folder, NAMES, now + 368 * DAY_MS)).made).toEqual(['server']);
  expect((await localIdentity(folder, NAMES, now + 3640 * DAY_MS)).made).toEqual(['authority', 'server']);
});

it('a name that the authority may not sign makes a new authority', async () => {
  await localIdentity(folder, NAMES, Date.now());
  expect((await localIdentity(folder, [...NAMES, 'other.example'], Date.now())).made).toEqual(['authority', 'server']);
});

it('a damaged or foreign key file is made anew rather than used', async () => {
  await localIdentity(folder, NAMES, Date.now());
  writeFileSync(join(folder, 'server.key'), 'damaged');
  expect((await localIdentity(folder, NAMES, Date.now())).made).toEqual(['server']);
});

it('the names of a server hold each name once', async () => {
  const names = serverNames('localhost');
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '::1']));
});

it('an IPv6 name keeps all of its sixteen octets', async () => {
  const identity = await localIdentity(folder, ['2001:db8::7:1'], Date.now());
  const certificate = new X509Certificate(identity.certificate);
  expect(certificate.checkIP('2001:db8::7:1')).toBeDefined();
  expect(certificate.checkIP('2001:db8::7:2')).toBeUndefined();
});

it('own certificates: each thing that would make a client refuse is named with its remedy', async () => {
  const own = await localIdentity(folder, NAMES, Date.now());
  const cert = join(folder, 'server.pem');
  const key = join(folder, 'server.key');
  expect(configuredIdentity(cert, key, 'hotel.example', Date.now()).certificate).toBe(own.certificate);
  const cases: [string, string, string, number, RegExp][] = [
    [join(folder, 'absent'), key, 'localhost', Date.now(), /tls_cert_file: .*absent cannot be read.*correct the path/],
    [key, key, 'localhost', Date.now(), /tls_cert_file: .* holds no PEM certificate/],
    [cert, cert, 'localhost', Date.now(), /tls_key_file: .* holds no usable private key/],
    [cert, join(folder, 'authority.key'), 'localhost', Date.now(), /tls_key_file: .* is not the key of/],
    [cert, key, 'elsewhere.example', Date.now(), /does not name elsewhere.example; set public_host/],
    [cert, key, 'localhost', Date.now() + 400 * DAY_MS, /ended on .*; renew it/],
    [cert, key, 'localhost', Date.now() - 2 * DAY_MS, /not valid before .*; check this machine's clock/],
  ];
  for (const [c, k, host, now, expected] of cases) expect(() => configuredIdentity(c, k, host, now)).toThrow(expected);
});
