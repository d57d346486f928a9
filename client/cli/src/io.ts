import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import picocolors from 'picocolors';
import { linesOf } from './lines.ts';

/** Everything that a command touches outside itself: handed in, so that tests hand in their own. */
export interface Io {
  /** Writes results. */
  out(text: string): void;
  /** Writes progress, warnings and errors. */
  err(text: string): void;
  /** Whether a person sees standard error as it is written: progress lines, colours, prompts. */
  readonly interactive: boolean;
  /** Whether a person types standard input. */
  readonly typed: boolean;
  readonly colors: Colors;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** The next line of standard input, without echo when a person types it; undefined at its end. */
  secretLine(prompt: string): Promise<string | undefined>;
  /** What a person types in answer to `prompt`; undefined at the end of input. Only where {@link Io.typed}. */
  line(prompt: string): Promise<string | undefined>;
  /** Standard input line by line, each as soon as it is there. Not together with {@link Io.secretLine}. */
  lines(): AsyncIterable<string>;
  /** Ends what waits when the person gives up (Ctrl-C). */
  readonly interrupted: AbortSignal;
}

export type Colors = ReturnType<typeof picocolors.createColors>;

/** The process's own standard streams. */
export function processIo(secretLine: Io['secretLine']): Io {
  const abort = new AbortController();
  process.once('SIGINT', () => {
    abort.abort();
    // A second Ctrl-C ends at once whatever still waits.
    process.once('SIGINT', () => process.exit(130));
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    typed: process.stdin.isTTY === true,
    colors: picocolors.createColors(picocolors.isColorSupported && process.stdout.isTTY === true),
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    secretLine,
    line: typedLine,
    lines: () => linesOf(process.stdin.setEncoding('utf8')),
    interrupted: abort.signal,
  };
}

function typedLine(prompt: string): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    reader.once('close', () => resolve(undefined));
    reader.question(prompt, (answer) => {
      resolve(answer);
      reader.close();
    });
  });
}
