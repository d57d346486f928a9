import type { Client, FollowOptions } from '@cardea/client-sdk';
import type { Event, QueryOf } from '@cardea/wire-api';
import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Context, Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { fields, plain, table } from '../output/table.ts';
import { doorNames, findDoor } from '../resolve.ts';

interface EventsOptions {
  readonly door?: string;
  readonly type?: string;
  readonly limit?: string;
  readonly follow?: boolean;
  readonly retention?: boolean;
}

/** `cardea events`. */
export function eventCommands(program: Command, register: Register): void {
  register<[EventsOptions]>(
    example(
      program
        .command('events')
        .option('--door <door>', 'of this door only (name or id)')
        .option('--type <type>', 'of this type only, such as lock.unlocked')
        .option('--limit <count>', 'only the newest so many')
        .option('-f, --follow', 'show what happens from now on, until Ctrl-C; with --json a line each')
        .option('--retention', 'show how long events are kept, and what has been removed')
        .description('list events, oldest first'),
      'events --door 101',
      'events --follow --json',
      'events --retention',
    ),
    async (context, options) => {
      if (options.retention === true && Object.keys(options).length > 1) {
        throw usage('--retention takes no other option', 'it is about all events');
      }
      const api = context.api();
      if (options.retention === true) return showRetention(context, api);
      const filter = {
        ...(options.door === undefined ? {} : { doorId: (await findDoor(api, options.door)).id }),
        ...(options.type === undefined ? {} : { type: options.type }),
      };
      const doors = await doorNames(api);
      if (options.follow === true) return follow(context, api, filter, doors);
      const limit = options.limit === undefined ? undefined : count(options.limit);
      const query = {
        ...(filter.doorId === undefined ? {} : { door_id: filter.doorId }),
        ...(filter.type === undefined ? {} : { type: filter.type }),
      };
      const shown = limit === undefined ? await all(api.events.list(query)) : await newest(api, query, limit);
      context.print({ items: shown }, () =>
        table(
          ['RECEIVED', 'DOOR', 'EVENT', 'DETAIL'],
          shown.map((event) => row(event, doors)),
        ),
      );
      return undefined;
    },
  );
}

/** The newest so many, oldest first as everywhere. */
async function newest(api: Client, query: QueryOf<'GET /v1/events'>, count: number): Promise<readonly Event[]> {
  const found: Event[] = [];
  for await (const event of api.events.list({ ...query, order: 'newest_first', limit: Math.min(count, 100) })) {
    found.push(event);
    if (found.length === count) break;
  }
  return found.reverse();
}

async function showRetention(context: Context, api: Client): Promise<undefined> {
  const now = await api.events.retention();
  context.print(now, () =>
    fields([
      ['kept', now.event_retention_days === null ? 'without end' : `${now.event_retention_days} days`],
      ['removed', now.removed === 0 ? 'none' : `${now.removed}, received before ${now.removed_received_before}`],
      ['last', now.last_removed_at ?? '-'],
    ]),
  );
  return undefined;
}

async function follow(
  context: Context,
  api: Client,
  filter: Pick<FollowOptions, 'doorId' | 'type'>,
  doors: ReadonlyMap<string, string>,
): Promise<undefined> {
  // Nothing may happen for long: silence alone would look like a fault.
  if (!context.json) context.io.err('waiting for what happens; Ctrl-C ends it\n');
  for await (const event of api.events.follow({ ...filter, signal: context.io.interrupted })) {
    context.io.out(context.json ? `${JSON.stringify(event)}\n` : `${row(event, doors).join('  ')}\n`);
  }
  return undefined;
}

function row(event: Event, doors: ReadonlyMap<string, string>): string[] {
  const detail = Object.entries(event.detail).map(([name, value]) => `${name}=${value}`);
  // The lock's own time says more than when the news came, but only where it differs can both be of use.
  if (event.lock_sequence !== null) detail.unshift(`#${event.lock_sequence}`);
  return [
    event.received_at,
    event.door_id === null ? '-' : (doors.get(event.door_id) ?? event.door_id),
    event.type,
    plain(detail.join(' ')),
  ];
}

function count(given: string): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1)
    throw usage(`--limit is ${JSON.stringify(given)}`, 'it must be a whole number from 1');
  return value;
}
