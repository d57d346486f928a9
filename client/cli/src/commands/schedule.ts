import type { Schedule } from '@cardea/wire-api';
import type { Command } from 'commander';
import { findSchedule } from '../access/find.ts';
import { noticesText } from '../access/notices.ts';
import { dayException, dayText, weeklyText, weeklyWindow } from '../access/windows.ts';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { fields, plain, table } from '../output/table.ts';
import { findProperty } from '../resolve.ts';

interface Windows {
  readonly weekly?: string[];
  readonly holiday?: string[];
  readonly exception?: string[];
}

/** `cardea schedule list|show|add|set|remove`. */
export function scheduleCommands(program: Command, register: Register): void {
  const schedule = program.command('schedule').description('schedules: when doors may be opened, in local time');
  const windows = (command: Command): Command =>
    command
      .option(
        '--weekly <window...>',
        'windows of the week, such as "mon-fri 08:00-18:00"; past midnight "fri 22:00-06:00"',
      )
      .option('--holiday <day...>', 'days that differ: 2026-12-25 (closed) or 2026-12-24=08:00-12:00')
      .option('--exception <day...>', 'the same for single days; they win over holidays');

  register<[{ property?: string }]>(
    example(
      schedule.command('list').option('--property <property>', 'of this property only').description('list schedules'),
      'schedule list',
    ),
    async (context, { property }) => {
      const api = context.api();
      const filter = property === undefined ? {} : { property_id: (await findProperty(api, property)).id };
      const items = await all(api.schedules.list(filter));
      context.print({ items }, () =>
        table(
          ['NAME', 'WEEK', 'DAYS THAT DIFFER', 'ID'],
          items.map((one) => [
            plain(one.name),
            one.weekly.map(weeklyText).join('; '),
            String(one.holidays.length + one.exceptions.length),
            one.id,
          ]),
        ),
      );
    },
  );

  register<[string]>(
    example(
      schedule.command('show').argument('<schedule>', 'name or id').description('show a schedule'),
      'schedule show "office hours"',
    ),
    async (context, given) => {
      const one = await findSchedule(context.api(), given, undefined);
      context.print(one, () =>
        fields([
          ['name', plain(one.name)],
          ...lines('week', one.weekly.map(weeklyText)),
          ...lines('holidays', one.holidays.map(dayText)),
          ...lines('exceptions', one.exceptions.map(dayText)),
          ['number', String(one.number)],
          ['property', one.property_id],
          ['id', one.id],
        ]),
      );
    },
  );

  register<[string, Windows & { property?: string }]>(
    example(
      windows(schedule.command('add').argument('<name>', 'what it is called'))
        .option('--property <property>', 'name or id; not needed when there is only one')
        .description('add a schedule; says which windows the clocks make shorter or longer'),
      'schedule add "office hours" --weekly "mon-fri 08:00-18:00" "sat 10:00-14:00" --holiday 2026-12-25',
    ),
    async (context, name, options) => {
      const api = context.api();
      const property = await findProperty(api, options.property);
      const made = await api.schedules.add({ property_id: property.id, name, ...windowsOf(options) });
      context.print(made, () => `added schedule ${plain(made.name)} (${made.id})\n${noticesText(made.notices)}`);
    },
  );

  register<[string, Windows & { name?: string }]>(
    example(
      windows(schedule.command('set').argument('<schedule>', 'name or id'))
        .option('--name <name>', 'a new name')
        .description('replace windows or days of a schedule; what is not named stays'),
      'schedule set "office hours" --holiday 2026-12-25 2026-12-26',
    ),
    async (context, given, options) => {
      const api = context.api();
      const change = { ...(options.name !== undefined && { name: options.name }), ...windowsOf(options) };
      if (Object.keys(change).length === 0) throw usage('nothing to change', 'name at least one option');
      const { id } = await findSchedule(api, given, undefined);
      const made = await api.schedules.change(id, change);
      context.print(made, () => `changed schedule ${plain(made.name)}\n${noticesText(made.notices)}`);
    },
  );

  register<[string]>(
    example(
      schedule
        .command('remove')
        .argument('<schedule>', 'name or id')
        .description('remove one that no grant is read by'),
      'schedule remove "office hours"',
    ),
    async (context, given) => {
      const api = context.api();
      const one = await findSchedule(api, given, undefined);
      await api.schedules.remove(one.id);
      context.print(one, () => `removed schedule ${plain(one.name)}\n`);
    },
  );
}

function windowsOf({
  weekly,
  holiday,
  exception,
}: Windows): Partial<Pick<Schedule, 'weekly' | 'holidays' | 'exceptions'>> {
  return {
    ...(weekly !== undefined && { weekly: weekly.map(weeklyWindow) }),
    ...(holiday !== undefined && { holidays: holiday.map((day) => dayException('--holiday', day)) }),
    ...(exception !== undefined && { exceptions: exception.map((day) => dayException('--exception', day)) }),
  };
}

/** One field of several lines. */
function lines(name: string, all: readonly string[]): [string, string][] {
  if (all.length === 0) return [[name, 'none']];
  return all.map((line, index) => [index === 0 ? name : '', line]);
}
