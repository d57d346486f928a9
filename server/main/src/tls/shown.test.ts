import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { LOCAL_AUTHORITY_ALPN, TLS_SERVER } from '@cardea/kit-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { look } from '../../test/pebble.ts';
import { ACME_TLS, createTlsAlpnDesk } from './acme/tls-alpn.ts';
import { localIdentity } from './authority.ts';
import { configuredIdentity } from './configured.ts';
import { createShownCertificates } from './shown.ts';

const PUBLIC = 'door.example.test';
const DAY_MS = 86_400_000;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-shown-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const make = (name: string, names: readonly string[], nowMs = Date.now()) =>
  localIdentity(join(folder, name), names, nowMs);
const authorityOf = (name: string): string => readFileSync(join(folder, name, 'authority.pem'), 'utf8');

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('by %s', (maxVersion) => {
  it('the name and the offered protocol choose; a proof goes before a public certificate, which nobody else loses', async () => {
    const shown = createShownCertificates(await make('usual', ['localhost', PUBLIC]), PUBLIC);
    const desk = createTlsAlpnDesk();
    const server = createServer({ ...TLS_SERVER, ...shown.options(['http/1.1'], desk.answer) });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const usual = { ca: authorityOf('usual'), maxVersion };
    try {
      expect((await look(port, { ...usual, servername: PUBLIC })).refused).toBeUndefined();
      shown.showPublic(await make('public', [PUBLIC]));
      const trusted = { ca: authorityOf('public'), maxVersion };
      const withdraw = await desk.show(PUBLIC, 'token.thumbprint', Date.now());
      const proof = await look(port, { ...trusted, servername: PUBLIC, alpn: [ACME_TLS] });
      expect(proof).toMatchObject({ alpn: ACME_TLS, certificate: { subject: { CN: 'Cardea proof of name' } } });
      for (const alpn of [undefined, ['http/1.1']]) {
        const other = await look(port, { ...trusted, servername: PUBLIC, ...(alpn === undefined ? {} : { alpn }) });
        expect(other).toMatchObject({ refused: undefined, alpn: alpn === undefined ? false : 'http/1.1' });
      }
      // For a name that is not being proved there is no proof.
      await expect(look(port, { ...usual, servername: 'localhost', alpn: [ACME_TLS] })).rejects.toThrow(
        /no application/,
      );
      expect((await look(port, { ...usual, servername: 'localhost' })).refused).toBeUndefined();
      const pinned = await look(port, { ...usual, servername: PUBLIC, alpn: [LOCAL_AUTHORITY_ALPN, 'http/1.1'] });
      expect(pinned).toMatchObject({ refused: undefined, alpn: 'http/1.1' });
      withdraw();
      await expect(look(port, { ...trusted, servername: PUBLIC, alpn: [ACME_TLS] })).rejects.toThrow(/no application/);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

it('a renewal is seen by the next connection, while those that are open go on', async () => {
  const shown = createShownCertificates(await make('first', ['localhost']), PUBLIC);
  const server = createServer({ ...TLS_SERVER, ...shown.options(['http/1.1']) }, (_request, answer) =>
    answer.end('here'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  shown.onChange(() => server.setSecureContext({ ...TLS_SERVER, ...shown.options(['http/1.1']) }));
  const open = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: authorityOf('first') });
  try {
    await new Promise((resolve) => open.once('secureConnect', resolve));
    const second = await make('second', ['localhost']);
    shown.show(second);
    expect((await look(port, { servername: 'localhost', ca: authorityOf('second') })).refused).toBeUndefined();
    expect((await look(port, { servername: 'localhost', ca: authorityOf('first') })).refused).toBeDefined();
    const [status] = await new Promise<string[]>((resolve) => {
      let text = '';
      open.on('data', (octets) => {
        text += octets.toString('latin1');
        if (text.endsWith('here')) resolve(text.split('\r\n'));
      });
      open.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    });
    expect(status).toBe('HTTP/1.1 200 OK');
  } finally {
    open.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

it('own files: what is read anew after a change is what stands there, and half of a change is refused', async () => {
  const first = await make('one', ['localhost']);
  const files = [join(folder, 'one', 'server.pem'), join(folder, 'one', 'server.key')] as const;
  expect(configuredIdentity(...files, 'localhost', Date.now()).certificate).toBe(first.certificate);
  const second = await make('one', ['localhost'], Date.now() + 380 * DAY_MS);
  expect(second.certificate).not.toBe(first.certificate);
  expect(configuredIdentity(...files, 'localhost', Date.now() + 380 * DAY_MS).certificate).toBe(second.certificate);
  await make('other', ['localhost']);
  expect(() =>
    configuredIdentity(files[0], join(folder, 'other', 'server.key'), 'localhost', Date.now() + 380 * DAY_MS),
  ).toThrow(/is not the key of/);
});
