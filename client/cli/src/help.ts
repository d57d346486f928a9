import type { Command } from 'commander';

/** Adds an example to a command's help: what is written after `cardea`. */
export function example(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ cardea ${line}`).join('\n')}`,
  );
}
