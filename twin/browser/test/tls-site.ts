import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server on this machine under an authority that nobody knows. */
export interface TlsSite {
  /** For instance `https://localhost:41234`. */
  readonly origin: string;
  readonly authorityPem: string;
  close(): void;
}

/** Serves `listener` over TLS with a certificate for `localhost` of an authority made for this one site. */
export async function openTlsSite(listener: RequestListener): Promise<TlsSite> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-site-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...ecKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority', '-days', '2');
  openssl('req', ...ecKey, '-keyout', 'site.key', '-out', 'site.csr', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  openssl('x509', '-req', '-in', 'site.csr', '-out', 'site.pem', ...signing);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const server = createServer({ cert: read('site.pem'), key: read('site.key') }, listener);
  const authorityPem = read('ca.pem');
  rmSync(folder, { recursive: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    authorityPem,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
