import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromActor } from './lifetime.ts';

const BIN = fileURLToPath(new URL('../bin/cardea.mjs', import.meta.url));
/** How long a child may take to end by itself before it is killed. */
const GRACE_MS = 4_000;
const BACKOFF_MS = { first: 500, most: 30_000 };
/** A child that lived so long has recovered: the next back-off begins anew. */
const RECOVERED_MS = 60_000;
const TAIL_LINES = 20;

/** A child process and how it is started again. */
export interface SupervisedOptions {
  readonly name: string;
  /** Arguments after `cardea`. */
  readonly args: readonly string[];
  /** Added to this process's environment, for what must not show in a list of processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each message but `ready`. */
  onMessage?(message: FromActor): void;
  /** Told in one line when it ended by itself, and when it is back. */
  onNews(line: string): void;
}

/** An actor in a process of its own. */
export interface Supervised {
  /** Starts it. @throws Error with its last words when it ends before it is ready */
  start(env?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
  /** Asks it to end, and kills it when it does not within a few seconds. It is not started again. */
  stop(): Promise<void>;
  /** Kills it at once, as a power cut would. It is not started again. */
  kill(): Promise<void>;
}

/**
 *     stopped --start--> starting --ready--> running --ends--> waiting (back-off) --> starting ...
 *        ^------------- stop or kill, from every state ----------------'
 */
export function supervise(options: SupervisedOptions): Supervised {
  let child: ChildProcess | undefined;
  let wanted = false;
  let backoffMs = BACKOFF_MS.first;
  let timer: NodeJS.Timeout | undefined;

  const launch = (env: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve, reject) => {
      const started = spawn(process.execPath, [BIN, ...options.args], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { ...process.env, ...options.env, ...env },
      });
      child = started;
      const beganMs = performance.now();
      let ready = false;
      let tail: string[] = [];
      started.stderr?.setEncoding('utf8').on('data', (text: string) => {
        tail = [...tail, ...text.split('\n').filter((line) => line.trim() !== '')].slice(-TAIL_LINES);
      });
      started.on('message', (message: FromActor) => {
        if (message.kind !== 'ready') options.onMessage?.(message);
        else if (!ready) {
          ready = true;
          resolve(message.detail);
        }
      });
      started.once('error', (error) => reject(new Error(`${options.name} did not start: ${error.message}`)));
      // `close` rather than `exit`: its last words have been read by then.
      started.once('close', (code, signal) => {
        if (child === started) child = undefined;
        const how = signal ?? `exit code ${code}`;
        if (!ready) {
          reject(new Error(tail.length === 0 ? `${options.name} ended before it was ready (${how})` : tail.join('\n')));
          return;
        }
        if (!wanted) return;
        if (performance.now() - beganMs > RECOVERED_MS) backoffMs = BACKOFF_MS.first;
        again(`${options.name} ended (${how}${tail.length === 0 ? '' : `: ${tail.at(-1)}`})`);
      });
    });

  const again = (why: string): void => {
    options.onNews(`${why}; it is started again in ${backoffMs / 1000} s`);
    timer = setTimeout(() => {
      launch({}).then(
        () => options.onNews(`${options.name} is back`),
        (error: Error) => {
          if (wanted) again(error.message);
        },
      );
    }, backoffMs);
    backoffMs = Math.min(2 * backoffMs, BACKOFF_MS.most);
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    wanted = false;
    clearTimeout(timer);
    const ending = child;
    if (ending === undefined) return;
    const closed = new Promise<void>((resolve) => ending.once('close', () => resolve()));
    ending.kill(signal);
    const late = setTimeout(() => ending.kill('SIGKILL'), GRACE_MS);
    await closed;
    clearTimeout(late);
  };

  return {
    async start(env = {}) {
      if (child !== undefined) return {};
      clearTimeout(timer);
      const detail = await launch(env);
      wanted = true;
      return detail;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
