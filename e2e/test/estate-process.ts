import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CARDEA = join(ROOT, 'app', 'bin', 'cardea.mjs');

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `npm start` as a user runs it: real processes, real sockets, a data folder of its own. */
export interface EstateProcess {
  readonly dataDir: string;
  readonly pid: number;
  /** What it has printed so far. */
  output(): string;
  /** Runs a `cardea` command as the signed-in operator of this estate. */
  cardea(...args: string[]): Promise<Ran>;
  /** Ends it with `signal` and answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends it if need be and removes its data. */
  remove(): Promise<void>;
}

/** Starts an estate and waits for its line `ready`. @throws Error with its output when it ends before that */
export async function startEstate(options: { demo?: 'hotel' | 'none'; dataDir?: string } = {}): Promise<EstateProcess> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'cardea-e2e-'));
  const args = [
    CARDEA,
    'start',
    '--data',
    dataDir,
    '--port',
    String(await freePort()),
    '--xmpp-port',
    String(await freePort()),
  ];
  if (options.demo !== undefined) args.push('--demo', options.demo);
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`start ended with ${code} before it was ready:\n${output}`)));
    child.stdout.on('data', () => {
      if (/^ready$/m.test(output)) resolve();
    });
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => end(child, signal);
  return {
    dataDir,
    pid: child.pid ?? -1,
    output: () => output,
    cardea: (...command) => run(dataDir, command),
    stop,
    async remove() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs `cardea start` that is expected to end by itself. */
export async function startAndFail(args: readonly string[]): Promise<Ran> {
  return runNode(['start', ...args], {});
}

/** Ids of the processes whose command line names `text`. */
export async function processesNaming(text: string): Promise<readonly number[]> {
  const child = spawn('ps', ['-eo', 'pid=,args='], { stdio: ['ignore', 'pipe', 'inherit'] });
  let listing = '';
  child.stdout.on('data', (chunk: Buffer) => {
    listing += chunk.toString();
  });
  await once(child, 'close');
  return listing
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -eo'))
    .map((line) => Number.parseInt(line, 10));
}

/** A TCP port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function run(dataDir: string, command: readonly string[]): Promise<Ran> {
  return runNode(command, { CARDEA_PROFILE: join(dataDir, 'cli.json') });
}

async function runNode(command: readonly string[], env: Record<string, string>): Promise<Ran> {
  const child = spawn(process.execPath, [CARDEA, ...command], {
    cwd: ROOT,
    env: { ...process.env, ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, out, err };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}
