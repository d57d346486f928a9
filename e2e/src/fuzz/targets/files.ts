import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, readProfile } from '@cardea/client-cli';
import { readConfig, ServerError } from '@cardea/server-main';
import { foreseen, must, octetsOf, type Target } from '../target.ts';

/** The server's configuration, as a file and as environment. */
export async function configTarget(): Promise<Target> {
  const folder = temporaryFolder();
  const file = join(folder, 'config.json');
  return {
    name: 'server-config',
    covers: ['server/main/src/config.ts'],
    seeds: [
      { port: 8443, host: '127.0.0.1', xmpp_port: 5223, public_host: 'locks.example.com', organization: 'A' },
      { owner_email: 'a@b', tls_cert_file: 'a', tls_key_file: 'b', log_level: 'info', legacy_profiles: true },
      { port: '0' },
    ].map((value) => octetsOf(JSON.stringify(value))),
    maxOctets: 512,
    end: () => rmSync(folder, { recursive: true, force: true }),
    run(input) {
      writeFileSync(file, input);
      const read = foreseen(ServerError, () => readConfig({ flags: {}, environment: {}, file }));
      if (read !== undefined) must(read.port >= 0 && read.port <= 65_535, 'a port is one');
      const parsed = foreseen(SyntaxError, () => ({
        value: JSON.parse(Buffer.from(input).toString('utf8')) as unknown,
      }));
      if (typeof parsed?.value !== 'object' || parsed.value === null) return;
      const environment = Object.fromEntries(
        Object.entries(parsed.value).map(([key, value]) => [`CARDEA_${key.toUpperCase()}`, String(value)]),
      );
      foreseen(ServerError, () => readConfig({ flags: {}, environment, file: '/nonexistent/config.json' }));
    },
  };
}

/** By what the command line is signed in. */
export async function profileTarget(): Promise<Target> {
  const folder = temporaryFolder();
  const file = join(folder, 'cli.json');
  writeFileSync(file, '{}');
  chmodSync(file, 0o600);
  return {
    name: 'cli-profile',
    covers: ['client/cli/src/profile.ts'],
    seeds: [octetsOf(JSON.stringify({ url: 'https://localhost:8443', token: 'tok', ca_file: 'ca.pem' }))],
    maxOctets: 256,
    end: () => rmSync(folder, { recursive: true, force: true }),
    run(input) {
      writeFileSync(file, input);
      const read = foreseen(CliError, () => readProfile(file));
      if (read !== undefined) must(read.url.startsWith('https://'), 'an address is https');
    },
  };
}

/** In memory where the system has a place for that. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cardea-fuzz-'));
  return folder;
}
