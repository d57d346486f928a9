import type { PeerCertificate } from 'node:tls';
import { checkServerName, TLS_SUITES } from '@cardea/kit-node';
import { expect, it } from 'vitest';

const certificate = (subjectaltname: string | undefined, commonName = 'hotel.example'): PeerCertificate =>
  ({ subject: { CN: commonName }, subjectaltname }) as unknown as PeerCertificate;

it('RFC 9525, 6.4.4: a name in the common name alone is none', () => {
  expect(checkServerName('hotel.example', certificate(undefined))).toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
  expect(checkServerName('hotel.example', certificate('IP Address:127.0.0.1'))).toBeInstanceOf(Error);
});

it.each([
  ['hotel.example', 'DNS:hotel.example', true],
  ['HOTEL.example', 'DNS:hotel.example', true],
  ['door.hotel.example', 'DNS:*.hotel.example', true],
  ['hotel.example', 'DNS:*.hotel.example', false],
  ['a.door.hotel.example', 'DNS:*.hotel.example', false],
  ['hotel.example', 'DNS:*.example', false],
  ['hotel.example', 'DNS:*', false],
  ['127.0.0.1', 'IP Address:127.0.0.1', true],
  ['127.0.0.1', 'DNS:127.0.0.1', false],
  ['localhost', 'IP Address:127.0.0.1', false],
  ['::1', 'IP Address:0:0:0:0:0:0:0:1', true],
])('RFC 9525: %s by a certificate for %s: %s', (name, names, good) => {
  expect(checkServerName(name, certificate(names)) === undefined).toBe(good);
});

it('RFC 9325, 4.2: every suite has forward secrecy and authenticated encryption', () => {
  for (const suite of TLS_SUITES) expect(suite).toMatch(/^(TLS_|ECDHE-).*(GCM|CHACHA20)/);
});
