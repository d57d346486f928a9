import { usage } from './errors.ts';
import { linesOf } from './lines.ts';

let piped: AsyncIterator<string> | undefined;

/**
 * Reads one line of standard input: from a terminal with `prompt` and without echo, from a pipe the next line as it is.
 * Undefined at the end of input. @throws CliError `usage` when the person gives up with Ctrl-C
 */
export async function secretLine(prompt: string): Promise<string | undefined> {
  if (process.stdin.isTTY === true) return typed(prompt);
  piped ??= linesOf(process.stdin.setEncoding('utf8'));
  const next = await piped.next();
  return next.done === true ? undefined : next.value;
}

function typed(prompt: string): Promise<string | undefined> {
  const { stdin, stderr } = process;
  // Before the prompt: whatever answers it at once is not echoed.
  stdin.setRawMode(true).setEncoding('utf8').resume();
  stderr.write(prompt);
  return new Promise((resolve, reject) => {
    let line = '';
    const end = (finish: () => void): void => {
      stdin.off('data', onData).setRawMode(false).pause();
      stderr.write('\n');
      finish();
    };
    const onData = (chunk: string): void => {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') {
          end(() => resolve(line));
          return;
        }
        if (character === '\u0003') {
          end(() => reject(usage('given up')));
          return;
        }
        if (character === '\u0004' && line === '') {
          end(() => resolve(undefined));
          return;
        }
        if (character === '\u007f' || character === '\b') line = [...line].slice(0, -1).join('');
        else if (character >= ' ') line += character;
      }
    };
    stdin.on('data', onData);
  });
}
