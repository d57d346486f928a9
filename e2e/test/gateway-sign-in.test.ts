import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { createClient } from '@cardea/client-sdk';
import { createUplink, runGateway, tlsTransport } from '@cardea/gateway';
import { nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { type Log, Secret, silentLog } from '@cardea/kit-runtime';
import { runServer } from '@cardea/server-main';
import { stretch } from '@cardea/twin-building';
import type { GatewayEnrolment } from '@cardea/wire-api';
import { afterEach, expect, it } from 'vitest';

/* How a gateway's process signs in at a server's process, over real sockets. */

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server with a port for STARTTLS, its owner signed in, and one gateway added. */
async function estate() {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-sign-in-'));
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const server = await runServer({
    dataDir,
    flags: { port: 0, xmppPort: 0, xmppStarttlsPort: 0 },
    environment: {},
    logTo: { kind: 'file', path: join(dataDir, 'server.log') },
  });
  cleanups.push(() => server.stop());
  const profile = readProfile(join(dataDir, 'cli.json'));
  const client = createClient({ url: server.url, token: profile.token, fetch: fetchTrusting(server.caFile ?? '') });
  const property = await client.properties.add({ name: 'House', time_zone: 'UTC', region: 'eu', geofence: null });
  const added = await client.gateways.add({ property_id: property.id, name: 'gateway' });
  return { dataDir, server, client, id: added.gateway.id, token: new Secret(added.enrolment_token) };
}

type Estate = Awaited<ReturnType<typeof estate>>;

/** The gateway's process; `heard` resolves with the fields of its first log line of this message. */
async function gatewayOf(at: Estate, enrolmentToken?: Secret<string>) {
  const lines: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const looks = new Set<() => void>();
  const note = (message: string, fields = {}): void => {
    lines.push({ message, fields });
    for (const look of [...looks]) look();
  };
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const gateway = await runGateway({
    dataDir: join(at.dataDir, 'gateway'),
    hubFile: join(at.dataDir, 'no-hub.json'),
    serverUrl: at.server.url,
    caFile: at.server.caFile,
    ...(enrolmentToken === undefined ? {} : { enrolmentToken }),
    log,
  });
  cleanups.push(() => gateway.stop());
  const heard = (message: string) =>
    new Promise<Readonly<Record<string, unknown>>>((resolve) => {
      const look = (): void => {
        const found = lines.find((line) => line.message === message);
        if (found === undefined) return;
        looks.delete(look);
        resolve(found.fields);
      };
      looks.add(look);
      look();
    });
  return { gateway, heard, lines };
}

const signIns = (at: Estate): readonly string[] =>
  readFileSync(join(at.dataDir, 'server.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('gateway signed in'))
    .map((line) => String(JSON.parse(line).mechanism));

it('a gateway that enrols is given a certificate for a key of its own, and signs in by it, until it is withdrawn', async () => {
  const at = await estate();
  const { gateway, heard } = await gatewayOf(at, at.token);
  await heard('uplink online');
  expect(signIns(at)).toEqual(['EXTERNAL']);
  // Sealed where the gateway keeps it, and nowhere else.
  for (const name of readdirSync(at.dataDir, { recursive: true, encoding: 'utf8' })) {
    if (!name.startsWith('gateway/') || !statSync(join(at.dataDir, name)).isFile()) continue;
    expect(readFileSync(join(at.dataDir, name), 'latin1')).not.toContain('PRIVATE KEY');
  }
  await at.client.gateways.remove(at.id);
  await heard('uplink closed');
  await gateway.stop();
  const again = await gatewayOf(at);
  expect(await again.heard('uplink closed')).toEqual({ reason: 'sign-in refused: not-authorized' });
  expect(again.lines.some((line) => line.message === 'uplink online')).toBe(false);
  expect(signIns(at)).toEqual(['EXTERNAL']);
});

it('a proof that is not of the key and the token costs no token', async () => {
  const at = await estate();
  const post = (body: object) =>
    fetchTrusting(at.server.caFile ?? '')(`${at.server.url}/v1/gateway-enrolments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: at.token.reveal(), ...body }),
    });
  const key = Buffer.alloc(65, 4).toString('base64');
  const proof = Buffer.alloc(64, 1).toString('base64');
  expect((await post({ public_key: key, proof })).status).toBe(400);
  expect((await post({ public_key: key })).status).toBe(400);
  // By password alone, as a gateway without a certificate; and the server binds the channel for it.
  const enrolled = (await (await post({})).json()) as GatewayEnrolment;
  expect(enrolled).toMatchObject({ gateway_id: at.id, certificate: null });
  const ca = readFileSync(at.server.caFile ?? '', 'utf8');
  const { host, port, domain } = enrolled.xmpp;
  const mechanism = await new Promise<string>((resolve) => {
    const uplink = createUplink({
      connect: tlsTransport({ host, port, serverName: domain, ca }),
      jid: `${at.id}@${domain}`,
      password: new Secret(enrolled.password),
      primitives: nodePrimitives,
      deriveKey: async (password, salt, iterations) => new Secret(stretch(password, salt, iterations)),
      random: systemRandom,
      clock: systemClock(),
      log: silentLog,
      onMessage() {},
      onSignedIn: resolve,
    });
    cleanups.push(() => uplink.stop());
    uplink.start();
  });
  expect(mechanism).toBe('SCRAM-SHA-256-PLUS');
});
