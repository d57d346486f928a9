import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope, LOCAL_AUTHORITY_ALPN, systemClock } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, type ServerConfig } from '../src/config.ts';
import { runServer } from '../src/run-server.ts';
import { ACME_TLS } from '../src/tls/acme/tls-alpn.ts';
import { openCertificates } from '../src/tls/certificates.ts';
import type { CertificateNews } from '../src/tls/keeper.ts';
import { freePorts, look, type Pebble, pebbleIsThere, startPebble } from './pebble.ts';

const required = process.env.REQUIRE_PEERS === '1';
if (!pebbleIsThere) console.log('not run: pebble');
const NAME = 'door.example.test';

describe.skipIf(!pebbleIsThere && !required)(
  'a public certificate from pebble, an ACME server of others (RFC 8555)',
  () => {
    let folder = '';
    let pebble: Pebble;
    let https = 0;
    let http = 0;
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'cardea-acme-'));
      [https = 0, http = 0] = await freePorts(2);
      pebble = await startPebble(folder, { https, http });
    });
    afterEach(async () => {
      await pebble.stop();
      rmSync(folder, { recursive: true });
    });

    const flags = (more: object = {}) => ({
      publicUrl: `https://${NAME}:${https}`,
      host: '127.0.0.1',
      acmeDirectory: pebble.directory,
      acmeCaFile: pebble.caFile,
      acmeAgreeTos: true,
      acmeHttpPort: http,
      ...more,
    });
    const configOf = (more: object = {}): ServerConfig =>
      readConfig({ flags: flags(more), environment: {}, file: join(folder, 'none') });

    /** Certificates with a bare HTTPS listener; resolves with what was first heard of the public one. */
    async function renewing(config: ServerConfig, use: (news: CertificateNews) => Promise<void>): Promise<void> {
      const certificates = await openCertificates({
        config,
        folder,
        envelope: await createEnvelope(join(folder, 'envelope.key')),
        clock: systemClock(),
        log: silentLog,
        version: 'test',
      });
      const server: Server = createServer(certificates.https(), (_request, answer) => answer.end('here'));
      await new Promise<void>((resolve) => server.listen(config.port, '127.0.0.1', resolve));
      const listener = { renew() {}, forgetTickets() {} };
      try {
        await use(
          await new Promise<CertificateNews>((resolve, reject) => {
            certificates.start({ https: listener, xmpp: listener }, resolve).catch(reject);
          }),
        );
      } finally {
        certificates.stop();
        await new Promise((resolve) => server.close(resolve));
      }
    }

    it('tls-alpn-01 on the port of HTTPS itself; who asks for another name sees the local authority', async () => {
      await renewing(configOf(), async (news) => {
        expect(news).toMatchObject({ kind: 'renewed', certificate: 'public' });
        const shown = await look(https, { servername: NAME, ca: pebble.root });
        expect(shown).toMatchObject({ refused: undefined });
        expect(shown.certificate.subjectaltname).toBe(`DNS:${NAME}`);
        const authority = readFileSync(join(folder, 'tls', 'authority.pem'), 'utf8');
        for (const servername of ['localhost', undefined]) {
          const usual = await look(https, { ca: authority, ...(servername === undefined ? {} : { servername }) });
          expect(usual.certificate.subjectaltname).toContain('DNS:localhost');
          expect(usual.refused ?? '').not.toContain('UNABLE');
        }
        const pinned = await look(https, { servername: NAME, ca: authority, alpn: [LOCAL_AUTHORITY_ALPN, 'http/1.1'] });
        expect(pinned).toMatchObject({ refused: undefined, alpn: 'http/1.1' });
        // After the proof is withdrawn its protocol is refused like any unknown one.
        await expect(look(https, { servername: NAME, alpn: [ACME_TLS] })).rejects.toThrow(/no application protocol/);
      });
    });

    it('http-01 on a port that is open only meanwhile', async () => {
      await renewing(configOf({ acmeChallenge: 'http-01' }), async (news) => {
        expect(news).toMatchObject({ kind: 'renewed', certificate: 'public' });
        expect((await look(https, { servername: NAME, ca: pebble.root })).refused).toBeUndefined();
        await expect(look(http, {})).rejects.toThrow(/ECONNREFUSED/);
      });
    });

    it('account key and certificate key are kept sealed, mode 0600, and serve the next process without a new order', async () => {
      let serial = '';
      await renewing(configOf(), async () => {
        serial = (await look(https, { servername: NAME })).certificate.serialNumber;
      });
      const kept = join(folder, 'tls', 'acme');
      expect(readdirSync(kept).sort()).toEqual(['account', 'certificate']);
      for (const name of readdirSync(kept)) {
        expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600);
        expect(readFileSync(join(kept, name), 'latin1')).not.toMatch(/PRIVATE KEY|BEGIN|https:/);
      }
      const certificates = await openCertificates({
        config: configOf(),
        folder,
        envelope: await createEnvelope(join(folder, 'envelope.key')),
        clock: systemClock(),
        log: silentLog,
        version: 'test',
      });
      const listener = { renew() {}, forgetTickets() {} };
      const news: CertificateNews[] = [];
      await certificates.start({ https: listener, xmpp: listener }, (one) => news.push(one));
      expect(certificates.shown.public?.certificate).toBeDefined();
      const server = createServer(certificates.https());
      await new Promise<void>((resolve) => server.listen(https, '127.0.0.1', resolve));
      expect((await look(https, { servername: NAME })).certificate.serialNumber).toBe(serial);
      certificates.stop();
      await new Promise((resolve) => server.close(resolve));
      expect(news).toEqual([]);
    });

    it('a proof that the authority cannot see is told with its remedy; the server serves on', async () => {
      const [elsewhere = 0] = await freePorts(1);
      await renewing(configOf({ port: elsewhere }), async (news) => {
        expect(news).toMatchObject({ kind: 'failed', certificate: 'public', failures: 1 });
        expect(news.reason).toMatch(
          /could not see that door\.example\.test is this server.*port 443 from the internet/,
        );
        expect((await look(elsewhere, { servername: NAME })).certificate.subjectaltname).toContain(`DNS:${NAME}`);
      });
    });

    it('terms that were not agreed to: the server says so before it asks anybody', () => {
      expect(() => configOf({ acmeAgreeTos: false })).toThrow(
        /terms of service have not been agreed to.*acme_agree_tos/,
      );
    });

    it('the whole server: it starts at once, and shows the public certificate when it has come', async () => {
      const dataDir = join(folder, 'data');
      const server = await runServer({
        dataDir,
        flags: { ...flags(), xmppPort: 0 },
        environment: {},
        logTo: { kind: 'file', path: join(folder, 'server.log') },
      });
      try {
        expect(server.url).toBe(`https://${NAME}:${https}`);
        expect(server.caFile).toBeUndefined();
        const cli = JSON.parse(readFileSync(join(dataDir, 'cli.json'), 'utf8'));
        expect(cli).toMatchObject({
          url: `https://localhost:${https}`,
          ca_file: expect.stringContaining('authority.pem'),
        });
        for (;;) {
          const shown = await look(https, { servername: NAME, ca: pebble.root });
          if (shown.refused === undefined) break;
        }
        const xmpp = await look(server.xmpp.port, { servername: NAME, ca: pebble.root, alpn: ['xmpp-client'] });
        expect(xmpp).toMatchObject({ refused: undefined, alpn: 'xmpp-client' });
        // A gateway that was enrolled before under the local authority, which it has pinned.
        const ca = readFileSync(cli.ca_file, 'utf8');
        const alpn = ['xmpp-client', LOCAL_AUTHORITY_ALPN];
        const pinned = await look(server.xmpp.port, { servername: NAME, ca, alpn });
        expect(pinned).toMatchObject({ refused: undefined, alpn: 'xmpp-client' });
      } finally {
        await server.stop();
      }
      expect(readFileSync(join(folder, 'server.log'), 'utf8')).not.toMatch(/PRIVATE KEY/);
    });
  },
);
