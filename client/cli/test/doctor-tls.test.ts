import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, TLSSocket, type TlsOptions } from 'node:tls';
import { TLS_SERVER } from '@cardea/kit-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../src/finding.ts';
import { examineTls } from '../src/tls/examine.ts';
import { findingsOf, verdictOf } from '../src/tls/findings.ts';
import type { Target } from '../src/tls/handshake.ts';
import { readOffer } from '../src/tls/start-tls.ts';

const present = spawnSync('openssl', ['version']).status === 0;
const required = process.env.REQUIRE_PEERS === '1';
if (!present) console.log('not run: openssl');

const HTTP = 'HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nStrict-Transport-Security: max-age=60\r\n\r\n';

describe.skipIf(!present && !required)('cardea doctor --tls', () => {
  let folder = '';
  const servers: Server[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cardea-doctor-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A self-signed certificate, made by OpenSSL. */
  function certificate(key: readonly string[], ...more: readonly string[]): { cert: string; key: string } {
    const files = [join(folder, 'key.pem'), join(folder, 'cert.pem')] as const;
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-nodes', '-subj', '/CN=localhost', '-keyout', files[0], '-out', files[1]],
      ...['-newkey', ...key],
      ...more,
    ]);
    expect(made.status, made.stderr.toString()).toBe(0);
    return { key: readFileSync(files[0], 'utf8'), cert: readFileSync(files[1], 'utf8') };
  }
  const good = () =>
    certificate(
      ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-days', '90', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-addext', 'crlDistributionPoints=URI:http://crl.example/list.crl'],
      ...['-addext', 'authorityInfoAccess=OCSP;URI:http://ocsp.example/'],
    );

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  async function tlsServer(options: TlsOptions): Promise<number> {
    const server = createServer(options, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(HTTP));
    });
    server.on('tlsClientError', () => {});
    return listening(server);
  }
  const target = (port: number, more: Partial<Target> = {}): Target => ({
    host: '127.0.0.1',
    port,
    name: 'localhost',
    begins: 'direct',
    alpn: ['http/1.1'],
    ca: undefined,
    ...more,
  });
  const look = async (one: Target): Promise<{ findings: Readonly<Record<string, Finding>>; verdict: string }> => {
    const findings = findingsOf(await examineTls(one, Date.now()));
    const worst = [...findings].sort((a, b) => 'fail warn ok'.indexOf(b.state) - 'fail warn ok'.indexOf(a.state));
    return {
      findings: Object.fromEntries(worst.map((finding) => [finding.check, finding])),
      verdict: verdictOf(findings),
    };
  };

  it('a listener with our bounds and a trusted certificate is well in every point', async () => {
    const pair = good();
    const { findings, verdict } = await look(target(await tlsServer({ ...TLS_SERVER, ...pair }), { ca: pair.cert }));
    expect(Object.values(findings).filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(verdict).toBe('ok');
    expect(findings.versions?.detail).toMatch(/^TLSv1\.2, TLSv1\.3 accepted/);
    expect(findings.HSTS?.detail).toBe('max-age=60');
    expect(findings.revocation?.detail).toBe('OCSP http://ocsp.example/, list http://crl.example/list.crl');
    expect(findings.key?.detail).toBe('EC P-256, signed with ecdsa-with-SHA256');
  });

  it('each weakness is named: old versions, suites without authentication, short keys, SHA-1, the end of a life', async () => {
    const pair = certificate(['rsa:1024'], '-sha1', '-days', '1', '-addext', 'subjectAltName=DNS:elsewhere.example');
    const port = await tlsServer({ ...pair, minVersion: 'TLSv1', ciphers: 'ALL:aNULL:@SECLEVEL=0', dhparam: 'auto' });
    const { findings, verdict } = await look(target(port));
    expect(verdict).toBe('fail');
    expect(findings.chain).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('UNSPECIFIED'),
    });
    expect(findings.name).toMatchObject({ state: 'fail', detail: 'localhost is not among DNS:elsewhere.example' });
    expect(findings.dates).toMatchObject({ state: 'warn', detail: expect.stringContaining('0 days left of 1') });
    expect(findings.key).toMatchObject({ state: 'fail', detail: 'CN=localhost: RSA 1024 is too short' });
    expect(findings.signature).toMatchObject({ state: 'fail', detail: expect.stringContaining('sha1') });
    expect(findings.versions).toMatchObject({ state: 'fail', detail: expect.stringContaining('TLSv1, TLSv1.1') });
    expect(findings.suites).toMatchObject({ state: 'fail', detail: expect.stringContaining('anonymous') });
    expect(findings.renegotiation).toMatchObject({ state: 'warn' });
    for (const { state, remedy } of Object.values(findings)) expect(state === 'ok' || remedy !== undefined).toBe(true);
  });

  it('what speaks no TLS, and what does not listen, is said', async () => {
    const clear = createTcpServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('220 hello\r\n'),
    );
    expect((await look(target(await listening(clear)))).findings.handshake).toMatchObject({ state: 'fail' });
    const port = await listening(createTcpServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { findings } = await look(target(port));
    expect(findings.handshake?.detail).toBe(`no TLS at 127.0.0.1:${port} (ECONNREFUSED)`);
  });

  it.each([
    ['<required/>', '', 'ok'],
    ['', '', 'warn'],
    ['<required/>', '<mechanisms><mechanism>PLAIN</mechanism></mechanisms>', 'fail'],
  ])('STARTTLS with %s%s: %s', async (inside, beside, state) => {
    const pair = good();
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write(
          `<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'><stream:features>` +
            `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>${inside}</starttls>${beside}</stream:features>`,
        );
        socket.once('data', () => {
          socket.write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
          const secure = new TLSSocket(socket, { isServer: true, ...TLS_SERVER, ...pair } as never);
          secure.on('error', () => {});
        });
      });
    });
    const one = target(await listening(server), { begins: 'starttls', alpn: ['xmpp-client'], ca: pair.cert });
    const { findings } = await look(one);
    expect(findings['before TLS']).toMatchObject({ state });
    expect(findings.versions).toMatchObject({ state: 'ok' });
  });
});

it('an XMPP offer is read by its words, whatever stands around them', () => {
  expect(readOffer('<stream:features/>')).toEqual({ startTls: 'absent', mechanisms: [] });
  expect(readOffer("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").startTls).toBe('offered');
  expect(readOffer('<mechanism>SCRAM-SHA-256</mechanism><mechanism>\u001b[31m</mechanism>').mechanisms).toEqual([
    'SCRAM-SHA-256',
  ]);
});
