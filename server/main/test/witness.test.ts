import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@cardea/kit-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileWitness } from '../src/witness/file-witness.ts';
import { digestOf, nonceOf, timeStamped, timeStampRequest } from '../src/witness/time-stamp.ts';
import { timeStampWitness } from '../src/witness/time-stamp-witness.ts';

const required = process.env.REQUIRE_PEERS === '1';
const there = spawnSync('openssl', ['version']).status === 0;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-witness-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const head = (size: number) => ({
  organizationId: 'org_a',
  size,
  time: 1,
  note: `cardea/audit/org_a\n${size}\nroot\ntime 1\n\n\u2014 cardea/audit/org_a AAAA\n`,
});

it('a file that is a witness is only appended to, a line a head', async () => {
  const path = join(folder, 'outside', 'heads.ndjson');
  const witness = fileWitness(path);
  await witness.give(head(1));
  const first = readFileSync(path, 'utf8');
  await witness.give(head(2));
  const both = readFileSync(path, 'utf8');
  expect(both.startsWith(first)).toBe(true);
  writeFileSync(path, '{"head":"cut', { flag: 'a' });
  await witness.give(head(3));
  expect(readFileSync(path, 'utf8').slice(both.length).split('\n')).toMatchObject([
    '{"head":"cut',
    expect.stringContaining('org_a\\n3'),
    '',
  ]);
  expect(
    both
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).head),
  ).toEqual([head(1).note, head(2).note]);
});

/** A time-stamping authority that others wrote: `openssl ts` behind HTTP. */
describe.skipIf(!there && !required)('RFC 3161 with openssl as the authority (skipped without openssl)', () => {
  let server: Server;
  let url = '';
  let spoil: (request: Buffer) => Buffer = (request) => request;
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

  beforeAll(async () => {
    writeFileSync(
      join(folder, 'tsa.cnf'),
      `[req]
distinguished_name = dn
prompt = no
[dn]
CN = Time of day
[tsa_ext]
extendedKeyUsage = critical,timeStamping
[ca_ext]
basicConstraints = critical,CA:true
[tsa]
default_tsa = t
[t]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
`,
    );
    writeFileSync(join(folder, 'serial'), '01\n');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-config',
      'tsa.cnf',
      '-extensions',
      'ca_ext',
    );
    openssl('req', ...key, '-keyout', 'tsa.key', '-out', 'tsa.csr', '-config', 'tsa.cnf');
    openssl(
      ...['x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '2', '-out', 'tsa.pem'],
      ...['-extfile', 'tsa.cnf', '-extensions', 'tsa_ext'],
    );
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        writeFileSync(join(folder, 'query.tsq'), spoil(Buffer.concat(parts)));
        const ran = spawnSync(
          'openssl',
          ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', '-out', 'reply.tsr'],
          {
            cwd: folder,
          },
        );
        if (ran.status !== 0) {
          response.writeHead(500).end();
          return;
        }
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
        response.end(readFileSync(join(folder, 'reply.tsr')));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('stamps a head, and openssl verifies the stamp against the note', async () => {
    const receipt = await timeStampWitness(url, systemRandom).give(head(7));
    writeFileSync(join(folder, 'head.txt'), head(7).note);
    writeFileSync(join(folder, 'head.tsr'), Buffer.from(receipt, 'base64'));
    const verified = openssl('ts', '-verify', '-data', 'head.txt', '-in', 'head.tsr', '-CAfile', 'ca.pem');
    expect(verified.toString()).toContain('Verification: OK');
    writeFileSync(join(folder, 'other.txt'), head(8).note);
    expect(() => openssl('ts', '-verify', '-data', 'other.txt', '-in', 'head.tsr', '-CAfile', 'ca.pem')).toThrow();
  });

  it('a stamp over something else, under another nonce, or refused, is none', async () => {
    const digest = digestOf('a');
    const nonce = nonceOf(systemRandom.octets(8));
    const ask = async (request: Uint8Array) =>
      new Uint8Array(await (await fetch(url, { method: 'POST', body: Uint8Array.from(request) })).arrayBuffer());
    const reply = await ask(timeStampRequest(digest, nonce));
    expect(timeStamped(reply, digest, nonce)).toBeInstanceOf(Date);
    expect(() => timeStamped(reply, digestOf('b'), nonce)).toThrow('something else');
    expect(() => timeStamped(reply, digest, nonceOf(systemRandom.octets(8)))).toThrow('another nonce');
    expect(() => timeStamped(reply.subarray(0, 40), digest, nonce)).toThrow();
    spoil = () => Buffer.from('3000', 'hex');
    await expect(timeStampWitness(url, systemRandom).give(head(9))).rejects.toThrow();
    spoil = (request) => request;
  });
});
