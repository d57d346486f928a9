import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { join } from 'node:path';
import { connect, type PeerCertificate, type SecureVersion } from 'node:tls';
import { localIdentity } from '../src/tls/authority.ts';

/** Whether Let's Encrypt's test server of RFC 8555 is installed (Debian: pebble). */
export const pebbleIsThere = spawnSync('pebble', ['-h']).error === undefined;

/** Port 443 or 80 of the world, as pebble sees it, is this one. */
export interface PebblePorts {
  readonly https: number;
  readonly http: number;
}

/** A pebble for which every name is this machine. It refuses one good nonce in five, so that clients show what they do. */
export interface Pebble {
  readonly directory: string;
  /** PEM file by which its own HTTPS is trusted. */
  readonly caFile: string;
  /** PEM of the root under which it issues. */
  readonly root: string;
  stop(): Promise<void>;
}

export async function startPebble(folder: string, ports: PebblePorts): Promise<Pebble> {
  const own = await localIdentity(join(folder, 'pebble-tls'), ['localhost', '127.0.0.1'], Date.now());
  const [listen, management, dns, dnsManagement] = await freePorts(4);
  const config = join(folder, 'pebble.json');
  writeFileSync(
    config,
    JSON.stringify({
      pebble: {
        listenAddress: `127.0.0.1:${listen}`,
        managementListenAddress: `127.0.0.1:${management}`,
        certificate: join(folder, 'pebble-tls', 'server.pem'),
        privateKey: join(folder, 'pebble-tls', 'server.key'),
        httpPort: ports.http,
        tlsPort: ports.https,
        ocspResponderURL: '',
        externalAccountBindingRequired: false,
      },
    }),
  );
  const children: Child[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children.splice(0)) {
      child.process.kill('SIGTERM');
      await child.ended;
    }
  };
  try {
    const disabled = ['-http01', '-https01', '-tlsalpn01', '-defaultIPv6'].flatMap((flag) => [flag, '']);
    const dnsFlags = ['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`];
    children.push(start('pebble-challtestsrv', [...dnsFlags, ...disabled]));
    children.push(start('pebble', ['-strict', '-config', config, '-dnsserver', `127.0.0.1:${dns}`]));
    for (const port of [dnsManagement, listen, management]) await accepting(port ?? 0, children);
    const ca = readFileSync(own.authorityFile ?? '', 'utf8');
    return {
      directory: `https://127.0.0.1:${listen}/dir`,
      caFile: own.authorityFile ?? '',
      root: await get(`https://127.0.0.1:${management}/roots/0`, ca),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Child {
  readonly process: ChildProcess;
  /** What it said, once it has ended. */
  readonly ended: Promise<string>;
}

function start(program: string, args: readonly string[]): Child {
  const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '20', PEBBLE_AUTHZREUSE: '0' };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (text: string): void => {
    said = `${said}${text}`.slice(-2000);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  return {
    process: child,
    ended: new Promise((resolve) => child.once('close', () => resolve(`${program} ended: ${said}`))),
  };
}

/** Resolves once somebody listens on `port`. Rejects when a child has ended meanwhile. */
async function accepting(port: number, children: readonly Child[]): Promise<void> {
  const gone = Promise.race(children.map(({ ended }) => ended));
  for (;;) {
    const tried = new Promise<boolean>((resolve) => {
      const socket = connectTcp(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    const outcome = await Promise.race([tried, gone]);
    if (outcome === true) return;
    if (typeof outcome === 'string') throw new Error(outcome);
  }
}

/** Ports that were free a moment ago, each different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

function get(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** What a listener shows to a client that asks for `servername`: the certificate, and why `ca` would refuse it, if so. */
export function look(
  port: number,
  options: {
    readonly servername?: string;
    readonly ca?: string;
    readonly alpn?: readonly string[];
    readonly maxVersion?: SecureVersion;
  },
): Promise<{
  readonly certificate: PeerCertificate;
  readonly refused: string | undefined;
  readonly alpn: string | false;
}> {
  return new Promise((resolve, reject) => {
    const { servername, ca, alpn, maxVersion } = options;
    const socket = connect(
      {
        host: '127.0.0.1',
        port,
        rejectUnauthorized: false,
        maxVersion: maxVersion ?? 'TLSv1.3',
        ...(servername === undefined ? {} : { servername }),
        ...(ca === undefined ? {} : { ca }),
        ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
      },
      () => {
        const error: unknown = socket.authorizationError;
        resolve({
          certificate: socket.getPeerCertificate(),
          refused: error === null || error === undefined ? undefined : String(error),
          alpn: socket.alpnProtocol ?? false,
        });
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}
