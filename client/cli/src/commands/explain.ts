import type { Explanation } from '@cardea/wire-api';
import type { Command } from 'commander';
import { personId } from '../access/find.ts';
import type { Context, Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { localTime, momentText } from '../moment.ts';
import { plain } from '../output/table.ts';
import { findDoor } from '../resolve.ts';

const OPERATIONS = ['unlock', 'lock', 'override'] as const;

/** `cardea explain DOOR [--person P] [--at T]`. */
export function explainCommand(program: Command, register: Register): void {
  register<[string, { person?: string; at?: string; operation: string }]>(
    example(
      program
        .command('explain')
        .argument('<door>', 'name or id')
        .option('--person <person>', 'e-mail address, id or name; yourself when left out')
        .option('--at <time>', 'when, in the zone of the property; now when left out')
        .option('--operation <operation>', `one of ${OPERATIONS.join(', ')}`, 'unlock')
        .description('say whether and why somebody may open a door, rule by rule'),
      'explain 101',
      'explain 101 --person ada@hotel.example --at "2026-10-25 02:30"',
    ),
    async (context, given, options) => {
      const api = context.api();
      const operation = OPERATIONS.find((one) => one === options.operation);
      if (operation === undefined) {
        throw usage(
          `--operation is ${JSON.stringify(options.operation)}`,
          `it must be one of ${OPERATIONS.join(', ')}`,
        );
      }
      const door = await findDoor(api, given);
      const { time_zone } = await api.properties.get(door.property_id);
      const answer = await api.explain(door.id, {
        person: options.person === undefined ? (await api.me()).person_id : await personId(api, options.person),
        operation,
        ...(options.at !== undefined && { at: momentText('--at', options.at, time_zone, Date.now()) }),
      });
      context.print(answer, () => text(context, plain(door.name), options.person ?? 'you', answer));
    },
  );
}

function text({ io: { colors } }: Context, door: string, person: string, of: Explanation): string {
  const mark = { true: colors.green('✓'), false: colors.red('✗'), null: colors.dim('·') };
  const widest = Math.max(...[...of.from_afar.rules, ...of.at_the_door.rules].map(({ rule }) => rule.length));
  const way = (name: string, what: Explanation['from_afar']): string => {
    const by = what.by === 'role' ? 'by the role' : what.grant_id === null ? '' : `by ${what.grant_id}`;
    const may = what.permitted ? `permitted ${by}` : `not permitted: ${words(what.against)}`;
    const opens = what.permitted && !what.opens ? `, but would not open: ${words(what.against)}` : '';
    const lines = what.rules.map(
      ({ rule, passed, detail }) => `  ${mark[`${passed}`]} ${words(rule).padEnd(widest)}  ${plain(detail)}\n`,
    );
    return `\n${mark[`${what.opens}`]} ${name}: ${may}${opens}\n${lines.join('')}`;
  };
  const heading = `${of.operation} ${door}, ${plain(person)}, at ${localTime(of.time_zone, of.at)} (${of.time_zone})\n`;
  const until = of.at_the_door.opens_until;
  const last = until === null ? '' : `  a key that was given cannot open after ${localTime(of.time_zone, until)}\n`;
  return heading + way('from afar', of.from_afar) + way('at the door', of.at_the_door) + last;
}

function words(rule: string | null): string {
  return (rule ?? 'unknown').replaceAll('_', ' ');
}
