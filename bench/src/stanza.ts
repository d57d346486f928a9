import { pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUplink, tlsTransport } from '@cardea/gateway';
import { nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { Secret, silentLog } from '@cardea/kit-runtime';
import type { FromGateway, ToGateway } from '@cardea/server-core';
import { runServer } from '@cardea/server-main';
import { createXmppDoor, listenXmpp } from '@cardea/server-xmpp';
import { scramVerifier } from '@cardea/wire-xmpp';
import { type Figure, figure, quantile } from './measure.ts';
import { startReference } from './reference.ts';

const SALT = new Uint8Array(16).fill(7);
const ITERATIONS = 4096;
const DOMAIN = 'localhost';
const GATEWAY = 'gw_bench';
const LOCK = 'BE0000000001';

/**
 * A sealed frame routed to a gateway in a stanza and its answer back in another, both acknowledged, against a bare TLS
 * echo of as many octets as one of the stanzas has. Both sides and both ends are in this process; they take turns.
 */
export async function stanza({
  iterations = 3000,
  warmUp = 300,
}: {
  readonly iterations?: number;
  readonly warmUp?: number;
} = {}): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-bench-'));
  const founding = await runServer({
    dataDir: folder,
    flags: { port: 0, xmppPort: 0, logLevel: 'error' },
    environment: {},
  });
  await founding.stop();
  const tls = {
    cert: readFileSync(join(folder, 'ras', 'tls', 'server.pem'), 'utf8'),
    key: readFileSync(join(folder, 'ras', 'tls', 'server.key'), 'utf8'),
    ca: readFileSync(founding.caFile ?? '', 'utf8'),
  };
  const routed = await startRouted(tls);
  const reference = await startReference({ folder, tls });
  try {
    const ours: number[] = [];
    const echoes: number[] = [];
    for (let i = 0; i < warmUp + iterations; i++) {
      const took = [await timed(routed.roundTrip), await timed(reference.echo)];
      if (i < warmUp) continue;
      ours.push(took[0] ?? 0);
      echoes.push(took[1] ?? 0);
    }
    const of = {
      routed: iterations,
      stanza_p50_ms: quantile(ours, 0.5),
      stanza_p99_ms: quantile(ours, 0.99),
      echo_p50_ms: quantile(echoes, 0.5),
      echo_p99_ms: quantile(echoes, 0.99),
    };
    return [
      figure(
        'routed stanza and its answer / bare TLS echo, p50',
        of.stanza_p50_ms / of.echo_p50_ms,
        'ratio',
        '<= 2.5',
        of,
      ),
    ];
  } finally {
    reference.close();
    await routed.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const beganMs = performance.now();
  await run();
  return performance.now() - beganMs;
}

/** The XMPP door with one gateway that answers each frame by a frame; the core behind the door only listens. */
async function startRouted(tls: { cert: string; key: string; ca: string }): Promise<{
  roundTrip(): Promise<void>;
  close(): Promise<void>;
}> {
  const clock = systemClock();
  const password = 'one password for the bench';
  const verifier = scramVerifier(
    nodePrimitives,
    pbkdf2Sync(password, SALT, ITERATIONS, 32, 'sha256'),
    SALT,
    ITERATIONS,
  );
  let heard: (message: FromGateway) => void = () => {};
  let online = (): void => {};
  const door = createXmppDoor({
    core: {
      verifier: async () => verifier,
      online: async () => {},
      received: async (_, message) => heard(message),
      offline: () => {},
      lost: () => {},
    },
    domain: DOMAIN,
    primitives: nodePrimitives,
    random: systemRandom,
    clock,
    log: silentLog,
  });
  const listener = await listenXmpp({ tls, host: '127.0.0.1', port: 0, door, log: silentLog });
  let answers = 0;
  const uplink = createUplink({
    connect: tlsTransport({ host: '127.0.0.1', port: listener.port, serverName: DOMAIN, ca: tls.ca }),
    jid: `${GATEWAY}@${DOMAIN}`,
    password: new Secret(password),
    primitives: nodePrimitives,
    deriveKey: async (secret, salt, iterations) =>
      new Secret(new Uint8Array(pbkdf2Sync(secret.reveal(), salt, iterations, 32, 'sha256'))),
    random: systemRandom,
    clock,
    log: silentLog,
    onOnline: () => online(),
    onMessage(message) {
      if (message.kind !== 'frame') return;
      const { lock, channel, octets } = message;
      void uplink.send({ kind: 'frame', id: `a-${++answers}`, lock, channel, octets }).catch(() => {});
    },
  });
  const signedIn = new Promise<void>((resolve) => {
    online = resolve;
  });
  uplink.start();
  await signedIn;

  const octets = new Uint8Array(29).fill(1);
  let frames = 0;
  return {
    roundTrip: () =>
      new Promise((resolve, reject) => {
        heard = () => resolve();
        const message: ToGateway = {
          kind: 'frame',
          id: `att_bench-${++frames}`,
          lock: LOCK,
          channel: 1,
          expiresAtS: Math.floor(clock.now() / 1000) + 10,
          octets,
        };
        if (!door.uplink.send(GATEWAY, message)) reject(new Error('the gateway has no session'));
      }),
    async close() {
      await uplink.stop();
      door.close();
      await listener.close();
    },
  };
}
