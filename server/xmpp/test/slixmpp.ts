import { spawn, spawnSync } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { Secret, silentLog } from '@cardea/kit-runtime';
import type { FromGateway } from '@cardea/wire-route';
import { scramVerifier, verifierOf } from '@cardea/wire-xmpp';
import { sha1 } from '../../main/src/scram.ts';
import { createXmppDoor, GATEWAY_SESSION_LIMITS, type XmppDoor, type XmppDoorOptions } from '../src/door.ts';
import { listenXmpp } from '../src/listen.ts';

// Debian's python3-slixmpp belongs to the system's own Python.
const PYTHON = '/usr/bin/python3';

/** Whether slixmpp and openssl are on this machine. */
export const slixmppIsPresent =
  spawnSync(PYTHON, ['-c', 'import slixmpp']).status === 0 && spawnSync('openssl', ['version']).status === 0;

/** A line of slixmpp-peer.py. */
export type Fact = { readonly event: string; readonly [key: string]: unknown };

export const DOMAIN = 'localhost';
const SALT = new Uint8Array(16).fill(5);
const stretch = (password: string, salt: Uint8Array, iterations: number) =>
  new Uint8Array(pbkdf2Sync(password, salt, iterations, 32, 'sha256'));
const VERIFIERS = {
  sha256: scramVerifier(nodePrimitives, stretch('correct horse', SALT, 4096), SALT, 4096),
  sha1: verifierOf(sha1, new Uint8Array(pbkdf2Sync('correct horse', SALT, 4096, 20, 'sha1')), SALT, 4096),
};

/** What slixmpp is told: see slixmpp-peer.py. */
export interface PeerConfig {
  readonly password?: string;
  readonly starttls?: boolean;
  /** Says its password by PLAIN in the clear, on the port for STARTTLS. */
  readonly plain_before_tls?: boolean;
  readonly tls?: '1.2' | '1.3';
  readonly mechanism?: string;
  readonly binding?: boolean;
  /** A certificate of the gateways' authority that names this address. */
  readonly certificateOf?: string;
  /** The certificate comes from another authority. */
  readonly strangeAuthority?: boolean;
  readonly managed?: boolean;
}

export interface Peer {
  /** The next fact of this kind that was not asked for yet. */
  fact(event: string): Promise<Fact>;
  readonly facts: readonly Fact[];
  say(command: string): void;
}

export interface PeerWorld {
  readonly door: XmppDoor;
  readonly reports: FromGateway[];
  /** Facts of the core: `online`, `offline: reason`. */
  readonly presence: string[];
  /** Resolves with the reason of the next `offline`. */
  readonly offline: Promise<string>;
  start(config: PeerConfig): Peer;
}

/** A door on free ports with a certificate of its own; `start` brings slixmpp as the gateway `gw_1`. */
export async function withSlixmpp<T>(
  options: Partial<Pick<XmppDoorOptions, 'legacySasl' | 'resumableForMs'>> & {
    /** Runs before a report is durable. */
    readonly received?: (report: FromGateway) => Promise<void>;
  },
  run: (world: PeerWorld) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-slixmpp-'));
  const path = (name: string) => join(folder, name);
  const ends: (() => Promise<void>)[] = [];
  try {
    selfSigned(path('server'), `/CN=${DOMAIN}`, `subjectAltName=DNS:${DOMAIN}`);
    selfSigned(path('gateways'), '/CN=gateways', 'keyUsage=critical,keyCertSign');
    selfSigned(path('strangers'), '/CN=gateways', 'keyUsage=critical,keyCertSign');
    const reports: FromGateway[] = [];
    const presence: string[] = [];
    let wentOffline: (reason: string) => void = () => {};
    const offline = new Promise<string>((resolve) => {
      wentOffline = resolve;
    });
    const door = createXmppDoor({
      domain: DOMAIN,
      primitives: nodePrimitives,
      random: systemRandom,
      clock: systemClock(),
      log: silentLog,
      // Often enough that nobody waits for it.
      limits: { ...GATEWAY_SESSION_LIMITS, pingEveryMs: 50 },
      ...options,
      core: {
        verifier: async (id, hash = 'sha256') => (id === 'gw_1' ? VERIFIERS[hash] : undefined),
        online: async () => void presence.push('online'),
        lost: () => {},
        offline: (_id, reason) => {
          presence.push(`offline: ${reason}`);
          wentOffline(reason);
        },
        received: async (_id, report) => {
          reports.push(report);
          await options.received?.(report);
        },
      },
    });
    const listener = await listenXmpp({
      tls: { key: readFileSync(path('server.key')), cert: readFileSync(path('server.pem')) },
      host: '127.0.0.1',
      port: 0,
      starttlsPort: 0,
      gatewayAuthority: readFileSync(path('gateways.pem'), 'utf8'),
      door,
      log: silentLog,
    });
    ends.push(async () => {
      door.close();
      await listener.close();
    });
    let started = 0;
    const start = (config: PeerConfig): Peer => {
      const own = config.certificateOf === undefined ? undefined : path(`own-${++started}`);
      if (own !== undefined && config.certificateOf !== undefined) {
        signed(own, path(config.strangeAuthority === true ? 'strangers' : 'gateways'), config.certificateOf);
      }
      const { peer, end } = startPeer({
        ...config,
        host: '127.0.0.1',
        port: config.starttls === true ? listener.starttlsPort : listener.port,
        jid: `gw_1@${DOMAIN}/other`,
        ca: path('server.pem'),
        password: config.password ?? 'correct horse',
        ...(own === undefined ? {} : { certificate: `${own}.pem`, key: `${own}.key` }),
      });
      ends.push(end);
      return peer;
    };
    return await run({ door, reports, presence, offline, start });
  } finally {
    for (const end of ends.reverse()) await end();
    rmSync(folder, { recursive: true });
  }
}

/** PBKDF2 for PLAIN. */
export async function stretched(password: Secret<string>, salt: Uint8Array, iterations: number): Promise<Secret> {
  return new Secret(stretch(password.reveal(), salt, iterations));
}

function startPeer(config: object): { peer: Peer; end: () => Promise<void> } {
  const child = spawn(PYTHON, [join(import.meta.dirname, 'slixmpp-peer.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(config)}\n`);

  const facts: Fact[] = [];
  const taken = new Set<Fact>();
  const waiting = new Set<() => void>();
  let ended = false;
  const tell = () => {
    for (const look of [...waiting]) look();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    facts.push(JSON.parse(line) as Fact);
    tell();
  });
  const exited = new Promise<void>((resolve) => {
    child.on('close', () => {
      ended = true;
      tell();
      resolve();
    });
  });
  const fact = (event: string) =>
    new Promise<Fact>((resolve, reject) => {
      const look = () => {
        const found = facts.find((one) => one.event === event && !taken.has(one));
        if (found === undefined && !ended) return;
        waiting.delete(look);
        if (found === undefined) {
          reject(new Error(`slixmpp ended without ${event}: ${JSON.stringify(facts)} ${complaints.slice(-2000)}`));
          return;
        }
        taken.add(found);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    peer: { fact, facts, say: (command) => child.stdin.write(`${command}\n`) },
    async end() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function selfSigned(path: string, subject: string, extension: string): void {
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-keyout', `${path}.key`, '-out', `${path}.pem`, '-subj', subject, '-addext', extension],
  );
}

/** A client's certificate: the address as XmppAddr (RFC 6120 13.7.1.4), the use clientAuth. */
function signed(path: string, authority: string, address: string): void {
  openssl(
    ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${path}.key`],
    ...['-out', `${path}.csr`, '-subj', '/CN=gateway', '-addext', 'extendedKeyUsage=clientAuth'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-addext', `subjectAltName=otherName:1.3.6.1.5.5.7.8.5;UTF8:${address}`],
  );
  openssl(
    ...['x509', '-req', '-in', `${path}.csr`, '-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-days', '2'],
    ...['-copy_extensions', 'copyall', '-out', `${path}.pem`],
  );
}

function openssl(...args: string[]): void {
  const made = spawnSync('openssl', args);
  if (made.status !== 0) throw new Error(String(made.stderr));
}
