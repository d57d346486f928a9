import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigSources, readConfig } from './config.ts';
import { ServerError } from './errors.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function sources(content: string | undefined, more: Partial<ConfigSources> = {}): ConfigSources {
  const file = join(folder, `${count++}.json`);
  if (content !== undefined) writeFileSync(file, content);
  return { flags: {}, environment: {}, file, ...more };
}

it('without a file, environment or flags the defaults hold', () => {
  expect(readConfig(sources(undefined))).toMatchObject({
    host: '127.0.0.1',
    port: 8443,
    ownerEmail: 'operator@localhost',
  });
});

it('a flag wins over the environment, the environment over the file', () => {
  const content = '{"port": 1, "xmpp_port": 2, "log_level": "warn"}';
  const environment = { CARDEA_PORT: '11', CARDEA_XMPP_PORT: '12' };
  expect(readConfig(sources(content, { environment, flags: { port: 21 } }))).toMatchObject({
    port: 21,
    xmppPort: 12,
    logLevel: 'warn',
  });
});

describe('bad configuration is refused with the field, where it stands, and the remedy', () => {
  const files: [string, RegExp][] = [
    ['{"port": "eight"}', /^port in .*json is "eight"; it must be a whole number from 0 to 65535$/],
    ['{"port": 65536}', /^port in .* is 65536; it must be a whole number/],
    ['{"port": -1}', /is -1/],
    ['{"port": 1.5}', /is 1.5/],
    ['{"xmpp_port": null}', /^xmpp_port in .* is null/],
    ['{"host": ""}', /^host in .* is ""; it must be an address/],
    ['{"public_host": "two words"}', /^public_host in .* is "two words"/],
    ['{"owner_email": "nobody"}', /^owner_email in .*; it must be an e-mail address/],
    ['{"organization": 7}', /^organization in .* is 7; it must be a name/],
    ['{"log_level": "loud"}', /^log_level in .*; it must be one of debug, info, warn, error/],
    ['{"legacy_profiles": "yes"}', /^legacy_profiles in .*; it must be true or false/],
    ['{"prot": 1}', /unknown field "prot"; known are host, port, /],
    ['{"tls_cert_file": "a.pem"}', /^tls_cert_file is set without tls_key_file; set both/],
    ['{"tls_key_file": "a.pem"}', /^tls_key_file is set without tls_cert_file; set both/],
    ['{"port": 5000, "xmpp_port": 5000}', /^port and xmpp_port are both 5000; give each its own/],
    ['{"xmpp_port": 5222, "xmpp_starttls_port": 5222}', /^xmpp_port and xmpp_starttls_port are both 5222; give each/],
    ['{"xmpp_legacy_sasl": 1}', /^xmpp_legacy_sasl in .*; it must be true or false/],
    ['{"public_url": "http://door.example.org"}', /^public_url in .*; it must be an https URL of a DNS name/],
    ['{"public_url": "https://192.0.2.1"}', /^public_url in .*; it must be an https URL of a DNS name/],
    ['{"public_url": "https://localhost"}', /^public_url in .*; it must be an https URL of a DNS name/],
    ['{"public_url": "https://door.example.org/path"}', /^public_url in .* without a path/],
    ['{"public_url": "https://door.example.org"}', /terms of service have not been agreed to.*acme_agree_tos to true/],
    ['{"acme_directory": "http://acme.example"}', /^acme_directory in .*; it must be letsencrypt, letsencrypt-staging/],
    ['{"acme_challenge": "dns-01"}', /^acme_challenge in .*; it must be one of tls-alpn-01, http-01/],
    ['{"acme_agree_tos": "yes"}', /^acme_agree_tos in .*; it must be true or false/],
    ['[]', /is not a JSON object; write it as/],
    ['null', /is not a JSON object/],
    ['{"port": 1', /is not JSON \(/],
    ['', /is not JSON \(/],
  ];
  it.each(files)('file %s', (content, expected) => {
    expect(() => readConfig(sources(content))).toThrow(expected);
    expect(() => readConfig(sources(content))).toThrow(ServerError);
  });
  it('environment', () => {
    expect(() => readConfig(sources(undefined, { environment: { CARDEA_PORT: '8o' } }))).toThrow(
      /^the environment's CARDEA_PORT is "8o"; it must be a whole number/,
    );
  });
  it('command line', () => {
    expect(() => readConfig(sources(undefined, { flags: { xmppPort: '99999' } }))).toThrow(
      /^--xmpp-port is "99999"; it must be a whole number/,
    );
  });
});

describe('public_url says where the world finds the server', () => {
  const agreed = '"acme_agree_tos": true';

  it('name, port and address follow it', () => {
    const content = `{"public_url": "https://Door.example.org", ${agreed}}`;
    expect(readConfig(sources(content))).toMatchObject({
      publicUrl: 'https://door.example.org',
      publicHost: 'door.example.org',
      port: 443,
      host: '0.0.0.0',
    });
    const other = `{"public_url": "https://door.example.org:8443/", ${agreed}}`;
    expect(readConfig(sources(other))).toMatchObject({ publicUrl: 'https://door.example.org:8443', port: 8443 });
  });

  it('what is told besides is kept: a port behind a forwarding, an address behind a proxy', () => {
    const content = `{"public_url": "https://door.example.org", "port": 9443, "host": "127.0.0.1", ${agreed}}`;
    expect(readConfig(sources(content))).toMatchObject({
      port: 9443,
      host: '127.0.0.1',
      publicHost: 'door.example.org',
    });
  });

  it('with a certificate of its own nobody has to be agreed with', () => {
    const content = '{"public_url": "https://door.example.org", "tls_cert_file": "a.pem", "tls_key_file": "a.key"}';
    expect(readConfig(sources(content))).toMatchObject({ publicUrl: 'https://door.example.org', acmeAgreeTos: false });
  });
});
