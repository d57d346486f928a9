import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BIN = fileURLToPath(new URL('../../../app/bin/cardea.mjs', import.meta.url));
const run = promisify(execFile);
/** Debian's fiu-utils: by them the system calls of a process fail when they are told to. */
const FIU = ['/usr/lib/fiu/fiu_run_preload.so', '/usr/lib/fiu/fiu_posix_preload.so'];

/** Whether the system calls of a process can be made to fail on this machine. */
export const canFailCalls = (): boolean => FIU.every((file) => existsSync(file)) && existsSync('/usr/bin/fiu-ctrl');

/** A process that says nothing for so long will not. */
const READY_WITHIN_MS = 60_000;

/** A failing system call: its name among fiu's POSIX points, and the errno. */
export interface FailingCall {
  readonly point: string;
  readonly errno: number;
}

/** One process of the estate that is killed, stopped and started again. */
export interface ActorProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** How it ended by itself, oldest first: exit codes and its last line. */
  readonly ends: readonly { readonly atMs: number; readonly how: string }[];
  /** Starts it and resolves with what it says when it is ready. @throws Error with its end when it ends before that */
  start(env?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** From now on these calls of it fail; an empty list ends that. */
  failCalls(calls: readonly FailingCall[]): Promise<void>;
  /** Resolves when it has ended by itself, or at once when it does not run. */
  ended(): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** A process that runs `cardea` with these arguments; its standard error is appended to a file in `folder`. */
export function actorProcess(options: {
  readonly name: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Lets {@link ActorProcess.failCalls} work. */
  readonly faulty: boolean;
}): ActorProcess {
  const { name, folder } = options;
  const fifo = join(folder, `fiu-${name}`);
  const preload = options.faulty ? { LD_PRELOAD: FIU.join(' '), FIU_CTRL_FIFO: fifo, FIU_ENABLE: '' } : {};
  const ends: { atMs: number; how: string }[] = [];
  const errors = openSync(join(folder, `${name}.stderr`), 'a', 0o600);
  let child: ChildProcess | undefined;
  let failing: readonly FailingCall[] = [];
  let wanted = false;

  const gone = async (): Promise<void> => {
    const one = child;
    if (one !== undefined && one.exitCode === null && one.signalCode === null) await once(one, 'exit');
  };

  return {
    name,
    ends,
    get pid() {
      return child?.pid;
    },
    async start(env = {}) {
      const started = spawn(process.execPath, [BIN, ...options.args], {
        stdio: ['ignore', 'ignore', errors, 'ipc'],
        env: { ...process.env, ...preload, ...env },
      });
      child = started;
      wanted = true;
      failing = [];
      started.once('exit', (code, signal) => {
        if (child !== started) return;
        child = undefined;
        if (wanted) ends.push({ atMs: Date.now(), how: signal ?? `exit code ${code}` });
      });
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          started.kill('SIGKILL');
          reject(new Error(`${name} was not ready within ${READY_WITHIN_MS / 1000} s`));
        }, READY_WITHIN_MS);
        started.once('exit', () => clearTimeout(late));
        started.on('message', (message: { kind: string; detail?: Record<string, unknown> }) => {
          if (message.kind !== 'ready') return;
          clearTimeout(late);
          resolve(message.detail ?? {});
        });
        started.once('exit', (code, signal) =>
          reject(new Error(`${name} ended (${signal ?? code}) before it was ready`)),
        );
        started.once('error', reject);
      });
    },
    async kill() {
      wanted = false;
      child?.kill('SIGKILL');
      await gone();
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async failCalls(calls) {
      const pid = child?.pid;
      if (pid === undefined) return;
      const commands = [
        ...failing.map(({ point }) => `disable name=${point}`),
        ...calls.map(({ point, errno }) => `enable name=${point},failnum=1,failinfo=${errno}`),
      ];
      failing = calls;
      // The process may end while it is being told: then nothing has to be told any more.
      await run('fiu-ctrl', ['-f', fifo, ...commands.flatMap((one) => ['-c', one]), String(pid)], {
        timeout: 2_000,
      }).catch((error: unknown) => {
        if (child?.pid === pid) throw error;
      });
    },
    ended: gone,
    async stop() {
      wanted = false;
      const one = child;
      if (one === undefined) return null;
      one.kill('SIGCONT');
      one.kill('SIGTERM');
      const late = setTimeout(() => one.kill('SIGKILL'), 15_000);
      await gone();
      clearTimeout(late);
      return one.exitCode;
    },
  };
}
