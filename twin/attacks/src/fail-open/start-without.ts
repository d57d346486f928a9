import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { runServer, ServerError } from '@cardea/server-main';
import type { Trial } from '../attack.ts';

/** What a server is started without, by the names of files in its folder. */
const PARTS = {
  'the envelope key': ['envelope.key'],
  'the record': ['cardea.db', 'cardea.db-wal', 'cardea.db-shm'],
  'the certificate and its authority': ['tls'],
} as const;

/**
 * A server's folder without one of its parts: it refuses to start and makes no new one in its place, or it starts as one that
 * nobody knows: no former token is good, and whoever knows the former authority does not speak with it.
 */
export async function startWithout(): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const [part, files] of Object.entries(PARTS)) trials.push(...(await without(part, files)));
  return trials;
}

async function without(part: string, files: readonly string[]): Promise<readonly Trial[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-attack-44-'));
  const start = () =>
    runServer({
      dataDir,
      flags: { port: 0, xmppPort: 0 },
      environment: {},
      logTo: { kind: 'file', path: join(dataDir, 'log') },
    });
  try {
    const first = await start();
    const authority = first.caFile === undefined ? '' : readFileSync(first.caFile, 'utf8');
    const { token } = JSON.parse(readFileSync(join(dataDir, 'cli.json'), 'utf8'));
    await first.stop();
    const folder = join(dataDir, 'ras');
    for (const file of files)
      if (existsSync(join(folder, file))) renameSync(join(folder, file), join(dataDir, `away-${file}`));
    let running: Awaited<ReturnType<typeof start>>;
    try {
      running = await start();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return [
        {
          name: `without ${part} a server puts a new one in its place`,
          through: files.some((file) => existsSync(join(folder, file))),
        },
        {
          name: `without ${part} a server does not say what is missing`,
          through: !error.message.includes(join(folder, files[0] ?? '')),
        },
      ];
    }
    try {
      const port = Number(new URL(running.url).port);
      const answer = await ask(port, running.caFile === undefined ? '' : readFileSync(running.caFile, 'utf8'), token);
      const trusted = await speaksTo(port, authority);
      const changed = part !== 'the record';
      return changed
        ? [{ name: `without ${part} a server is taken for the former one`, through: trusted }]
        : [{ name: `without ${part} a former token is good`, through: answer !== 401 }];
    } finally {
      await running.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Whether a client that trusts this authority alone gets through the handshake. */
function speaksTo(port: number, authority: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca: authority, servername: 'localhost' });
    socket.once('secureConnect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Status of GET /v1/me with this token. */
function ask(port: number, authority: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: authority, servername: 'localhost' });
    let said = '';
    socket.once('secureConnect', () => {
      socket.write(
        `GET /v1/me HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`,
      );
    });
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0)));
  });
}
