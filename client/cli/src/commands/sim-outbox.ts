import type { Command } from 'commander';
import type { Register } from '../context.ts';
import { example } from '../help.ts';
import { plain } from '../output/table.ts';

/** `cardea sim outbox`: the messages that a demo estate writes down instead of sending them. */
export function simOutboxCommand(sim: Command, register: Register): void {
  register<[{ to?: string }]>(
    example(
      sim
        .command('outbox')
        .option('--to <address>', 'only messages to this address')
        .description('the newest messages that were written down instead of sent, newest first'),
      'sim outbox --to gwen@guest.example',
    ),
    async (context, { to }) => {
      const items = (await context.api().outbox()).filter((one) => to === undefined || one.to === to.toLowerCase());
      context.print({ items }, () =>
        items
          .map(
            (one) => `${one.at}  ${one.channel}  to ${plain(one.to)}\n${plain(one.subject)}\n\n${indented(one.text)}\n`,
          )
          .join('\n'),
      );
    },
  );
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${plain(line)}`)
    .join('\n');
}
