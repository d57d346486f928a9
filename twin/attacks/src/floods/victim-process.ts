import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromVictim, VictimAddress, VictimOptions, VictimState } from './victim-messages.ts';

/** The server under attack, in a process of its own. */
export interface Victim extends VictimAddress {
  /** What it says of itself; the maxima are since the last asking. */
  state(): Promise<VictimState>;
  /** The same, after a collection of garbage. */
  memory(): Promise<VictimState>;
  stop(): Promise<void>;
}

const SOURCE = fileURLToPath(new URL('./victim.ts', import.meta.url));

/** Starts the product's server or the double in a temporary folder. @throws Error when it does not come up */
export async function startVictim(options: Omit<VictimOptions, 'dataDir'>): Promise<Victim> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-attack-'));
  const child = startChild(SOURCE, JSON.stringify({ ...options, dataDir } satisfies VictimOptions), ['--expose-gc']);
  const stop = async (): Promise<void> => {
    await endChild(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const first = await nextMessage<FromVictim>(child);
    if (first.kind !== 'ready') throw new Error(`the server did not come up: ${JSON.stringify(first)}`);
    const ask = async (what: 'state' | 'memory'): Promise<VictimState> => {
      const answer = nextMessage<FromVictim>(child);
      child.send(what);
      const message = await answer;
      if (message.kind !== 'state') throw new Error('the server answered something else');
      return message.state;
    };
    return { ...first.address, stop, state: () => ask('state'), memory: () => ask('memory') };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A Node process of this package's that talks over IPC; it may open as many files as the system lets it. */
export function startChild(source: string, argument: string, flags: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [...flags, source, argument], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** Ends it, and waits until it has ended. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** The next message of a child. @throws Error when it ends before */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      child.off('message', came);
      reject(new Error(`a child ended with exit code ${code}`));
    };
    const came = (message: unknown): void => {
      child.off('exit', ended);
      resolve(message as T);
    };
    child.once('exit', ended);
    child.once('message', came);
  });
}
