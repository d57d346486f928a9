import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Client } from '@cardea/client-sdk';
import type { AccessMethod, Door, Stay, StayAnswer, StayImport, StayState } from '@cardea/wire-api';
import type { Command } from 'commander';
import { guestNames } from '../access/find.ts';
import { all } from '../all.ts';
import type { Context, Register } from '../context.ts';
import { CliError, EXIT, usage } from '../errors.ts';
import { example } from '../help.ts';
import { localTime, momentText } from '../moment.ts';
import { plain, table } from '../output/table.ts';
import { doorNames, findDoor, findProperty } from '../resolve.ts';

const METHODS: readonly AccessMethod[] = ['mobile_key', 'pin', 'card'];
const STATES: readonly StayState[] = ['reserved', 'checked_in', 'checked_out', 'cancelled'];

/** A reservation that begins later than this is not meant by a check-in that names nobody. */
const EARLY_MOST_MS = 24 * 3_600_000;

interface GuestOptions {
  readonly contact?: string;
  readonly method?: readonly string[];
}

/** `cardea checkin`, `checkout`, `move`, `extend`, `duplicate`, `one-shot` and `stays`: the verbs of a hotel. */
export function stayCommands(program: Command, register: Register): void {
  register<[string, string | undefined, GuestOptions & { until?: string; from?: string; replace?: boolean }]>(
    example(
      program
        .command('checkin')
        .argument('<room>', 'what is written on its door, or its id')
        .argument('[name]', "the guest's name; left out, the next reservation of the room is checked in")
        .option('--until <time>', 'a day, at the check-out time of the property, or a time in its zone')
        .option('--contact <address>', 'e-mail address or phone number, by which the guest gets into the account')
        .option('--method <method...>', `how the door is opened: ${METHODS.join(', ')}`)
        .option('--replace', 'check out whoever has the room for longer')
        .description("give a guest the key to a room; the former guest's is invalid with its first use"),
      'checkin 101 "Ada Lovelace" --until 2026-05-04 --contact ada@example.net',
    ),
    async (context, room, name, { until, contact, method, replace = false }) => {
      const api = context.api();
      const door = await findDoor(api, room);
      const options = { ...methods(method), replace };
      if (name === undefined) {
        if (until !== undefined || contact !== undefined) {
          throw usage('NAME is missing', 'name the guest; a reservation brings its own end and address');
        }
        const [next] = (await staysOf(api, door, 'reserved')).sort((a, b) => (a.from < b.from ? -1 : 1));
        if (next === undefined) {
          throw new CliError('refused', `room ${plain(door.name)} has no reservation`, {
            field: 'NAME',
            remedy: 'name the guest: cardea checkin ROOM NAME --until DAY',
          });
        }
        if (Date.parse(next.from) > Date.now() + EARLY_MOST_MS) {
          throw new CliError(
            'refused',
            `the next reservation of room ${plain(door.name)} begins on ${next.from.slice(0, 10)}`,
            {
              field: 'NAME',
              remedy: 'name the guest who comes now: cardea checkin ROOM NAME --until DAY',
            },
          );
        }
        return told(context, door, await api.stays.checkIn(next.id, options));
      }
      if (until === undefined) throw usage('--until is missing', 'say until when: --until 2026-05-04');
      const guest = { name, ...(contact !== undefined && { contact }) };
      const where = { property_id: door.property_id, door_ids: [door.id] };
      const ends = await stayTime(api, door, '--until', until);
      return told(context, door, await api.stays.add({ ...where, ...guest, until: ends, ...options }));
    },
  );
  register<[string, string, GuestOptions & { from: string; until: string }]>(
    example(
      program
        .command('reserve')
        .argument('<room>', 'name or id')
        .argument('<name>', "the guest's name")
        .requiredOption('--from <time>', 'a day, at the check-in time of the property, or a time in its zone')
        .requiredOption('--until <time>', 'a day, at the check-out time of the property, or a time in its zone')
        .option('--contact <address>', 'e-mail address or phone number')
        .description('keep a room for a guest'),
      'reserve 101 "Ada Lovelace" --from 2026-05-01 --until 2026-05-04',
    ),
    async (context, room, name, { from, until, contact }) => {
      const api = context.api();
      const door = await findDoor(api, room);
      const guest = { name, ...(contact !== undefined && { contact }) };
      const where = { property_id: door.property_id, door_ids: [door.id] };
      const window = {
        from: await stayTime(api, door, '--from', from),
        until: await stayTime(api, door, '--until', until),
      };
      return told(context, door, await api.stays.add({ ...where, ...guest, ...window, check_in: false }));
    },
  );
  verb(
    program.command('checkout').description('end a stay; says until when each key can still open'),
    register,
    'checkout 101',
    (api, stay) => api.stays.checkOut(stay.id),
  );
  verb<{ until: string }>(
    program
      .command('extend')
      .requiredOption('--until <time>', 'a day, at the check-out time of the property, or a time in its zone')
      .description('let a stay end at another time'),
    register,
    'extend 101 --until 2026-05-06',
    async (api, stay, { until }, door) => api.stays.extend(stay.id, await stayTime(api, door, '--until', until)),
  );
  register<[string, string]>(
    example(
      program
        .command('move')
        .argument('<room>', 'where the guest is')
        .argument('<to>', 'where the guest goes')
        .description('give a stay another room for the rest of its time'),
      'move 101 202',
    ),
    async (context, room, to) => {
      const api = context.api();
      const stay = await present(api, await findDoor(api, room));
      const door = await findDoor(api, to);
      return told(context, door, await api.stays.move(stay.id, { door_ids: [door.id] }));
    },
  );
  register<[string, string, GuestOptions]>(
    example(
      program
        .command('duplicate')
        .argument('<room>', 'name or id')
        .argument('<name>', 'who else gets the key')
        .option('--contact <address>', 'e-mail address or phone number')
        .description('give the same key to another person'),
      'duplicate 101 "Charles Babbage"',
    ),
    async (context, room, name, { contact }) => {
      const api = context.api();
      const door = await findDoor(api, room);
      const stay = await present(api, door);
      const guest = { name, ...(contact !== undefined && { contact }) };
      return told(context, door, await api.stays.duplicate(stay.id, guest));
    },
  );
  register<[string, string, GuestOptions & { within: string }]>(
    example(
      program
        .command('one-shot')
        .argument('<door>', 'name or id')
        .argument('<name>', 'who may open it')
        .option('--within <hours>', 'how long it may wait for its use, 1 to 168', '2')
        .option('--contact <address>', 'e-mail address or phone number')
        .option('--method <method...>', `how the door is opened: ${METHODS.join(', ')}`)
        .description('let somebody open a door once'),
      'one-shot Linen "Laundry" --within 4',
    ),
    async (context, given, name, { within, contact, method }) => {
      const hours = Number(within);
      if (!Number.isInteger(hours)) throw usage(`--within is ${JSON.stringify(within)}`, 'write whole hours');
      const api = context.api();
      const door = await findDoor(api, given);
      const guest = { name, ...(contact !== undefined && { contact }) };
      const body = { door_ids: [door.id], ...guest, within_hours: hours, ...methods(method) };
      const grant = await api.oneShot(door.property_id, body);
      const { time_zone: zone } = await api.properties.get(door.property_id);
      const until = grant.not_after === null ? 'it is revoked' : localTime(zone, grant.not_after);
      context.print(grant, () => `${plain(name)} may open ${plain(door.name)} once until ${until} (${grant.id})\n`);
    },
  );
  listCommands(program, register);
}

function listCommands(program: Command, register: Register): void {
  const stays = program.command('stays').description('stays and reservations');
  register<[{ state?: string }]>(
    example(
      stays
        .command('list')
        .option('--state <state>', `only those that are one of ${STATES.join(', ')}`)
        .description('list stays'),
      'stays list --state checked_in',
    ),
    async (context, options) => {
      const state = STATES.find((one) => one === options.state);
      if (options.state !== undefined && state === undefined) {
        throw usage(`--state is ${JSON.stringify(options.state)}`, `it must be one of ${STATES.join(', ')}`);
      }
      const api = context.api();
      const items = await all(api.stays.list(state === undefined ? {} : { state }));
      const { doors, guests, at } = await words(context, items.length === 0 ? 'nothing' : 'everything');
      context.print({ items }, () =>
        table(
          ['ROOM', 'GUEST', 'STATE', 'FROM', 'TO', 'REFERENCE', 'ID'],
          items.map((one) => [
            one.door_ids.map(doors).join(' '),
            guests(one.person_id),
            one.state,
            at(one.property_id, one.from),
            at(one.property_id, one.to),
            plain(one.reference ?? ''),
            one.id,
          ]),
        ),
      );
    },
  );
  register<[string]>(
    example(
      stays.command('cancel').argument('<id>', 'id of a reservation').description('cancel a reservation'),
      'stays cancel stay_0198c0de-0000-7000-8000-000000000000',
    ),
    async (context, id) => {
      const one = await context.api().stays.cancel(id);
      context.print(one, () => `cancelled ${one.id}\n`);
    },
  );
  register<[string, { property?: string; format?: string; apply?: boolean }]>(
    example(
      stays
        .command('import')
        .argument('<file>', 'CSV or iCalendar')
        .option('--property <property>', 'name or id; not needed when there is only one')
        .option('--format <format>', 'csv or ical; by the name of the file when left out')
        .option('--apply', 'do it; without this only what would be done is told')
        .description('bring reservations of a file, line by line; the same file again changes nothing'),
      'stays import may.csv',
      'stays import may.ics --apply',
    ),
    async (context, file, options) => {
      const api = context.api();
      const property = await findProperty(api, options.property);
      const answer = await api.stays.importFile({
        property_id: property.id,
        format: formatOf(file, options.format),
        file: textOf(context, file),
        dry_run: options.apply !== true,
      });
      context.print(answer, () => importText(answer));
      return answer.lines.some(({ result }) => result === 'refused') ? EXIT.refused : EXIT.succeeded;
    },
  );
}

/** A command that does something to the stay in a room. */
function verb<Options = Record<string, never>>(
  command: Command,
  register: Register,
  shown: string,
  run: (api: Client, stay: Stay, options: Options, door: Door) => Promise<StayAnswer>,
): void {
  register<[string, Options]>(
    example(command.argument('<room>', 'name or id'), shown),
    async (context, room, options) => {
      const api = context.api();
      const door = await findDoor(api, room);
      return told(context, door, await run(api, await present(api, door), options, door));
    },
  );
}

function staysOf(api: Client, door: Door, state: StayState): Promise<Stay[]> {
  return all(api.stays.list({ door_id: door.id, state }));
}

/** The stay in a room. @throws CliError `refused` */
async function present(api: Client, door: Door): Promise<Stay> {
  const [stay] = await staysOf(api, door, 'checked_in');
  if (stay !== undefined) return stay;
  throw new CliError('refused', `nobody is checked in at room ${plain(door.name)}`, {
    field: 'ROOM',
    remedy: 'see `cardea stays list --state checked_in`',
  });
}

const DONE: Readonly<Record<StayState, string>> = {
  reserved: 'is reserved',
  checked_in: 'is checked in',
  checked_out: 'is checked out',
  cancelled: 'is cancelled',
};

async function told(context: Context, door: Door, answer: StayAnswer): Promise<undefined> {
  const { stay, grants, endings } = answer;
  const { doors, guests, at } = await words(context, 'everything');
  context.print(answer, () => {
    const time = (text: string): string => at(stay.property_id, text);
    const lines = [
      `room ${plain(door.name)}: ${guests(stay.person_id)} ${DONE[stay.state]}, ${time(stay.from)} to ${time(stay.to)} (${stay.id})`,
    ];
    if (grants.length > 0) lines.push(`  keys: ${grants.length} (${grants.map(({ id }) => id).join(', ')})`);
    for (const { ending, person_id: person, door_id: where } of endings) {
      lines.push(`  ${guests(person)} at ${doors(where)}: ${endingText(ending, time)}`);
    }
    return `${lines.join('\n')}\n`;
  });
  return undefined;
}

function endingText(
  { cannot_open_after: at, why }: StayAnswer['endings'][number]['ending'],
  time: (text: string) => string,
): string {
  if (why === 'nothing_held') return 'holds nothing that opens';
  return at === null ? 'may open until the lock has heard of it' : `cannot open after ${time(at)}`;
}

/** How people call doors, guests and moments; ids and RFC 3339 where they may not be read, or nothing is shown. */
interface Words {
  readonly doors: (id: string) => string;
  readonly guests: (id: string) => string;
  readonly at: (propertyId: string, text: string) => string;
}

async function words({ api, json }: Context, needed: 'everything' | 'nothing'): Promise<Words> {
  if (json || needed === 'nothing') return { doors: (id) => id, guests: (id) => id, at: (_, text) => text };
  const client = api();
  const [doors, guests] = [await doorNames(client), await guestNames(client)];
  const zones = new Map((await all(client.properties.list())).map((one) => [one.id, one.time_zone]));
  return {
    doors: (id) => doors.get(id) ?? id,
    guests: (id) => guests.get(id) ?? id,
    at: (propertyId, text) => {
      const zone = zones.get(propertyId);
      return zone === undefined ? text : localTime(zone, text);
    },
  };
}

/** A time as the desk writes it: a day alone is left to the server, which knows when the house has guests arrive and leave. */
async function stayTime(api: Client, door: Door, option: string, given: string): Promise<string> {
  const { time_zone: zone } = await api.properties.get(door.property_id);
  const text = momentText(option, given, zone, Date.now());
  return /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : text;
}

function methods(given: readonly string[] | undefined): { readonly methods?: AccessMethod[] } {
  if (given === undefined) return {};
  const wrong = given.find((one) => !METHODS.some((method) => method === one));
  if (wrong !== undefined)
    throw usage(`--method is ${JSON.stringify(wrong)}`, `it must be one of ${METHODS.join(', ')}`);
  return { methods: METHODS.filter((one) => given.includes(one)) };
}

function formatOf(file: string, given: string | undefined): 'csv' | 'ical' {
  if (given === 'csv' || given === 'ical') return given;
  if (given !== undefined) throw usage(`--format is ${JSON.stringify(given)}`, 'it must be csv or ical');
  if (/\.csv$/i.test(file)) return 'csv';
  if (/\.(ics|ical)$/i.test(file)) return 'ical';
  throw usage(`the kind of ${JSON.stringify(file)} is not clear`, 'say --format csv or --format ical');
}

function textOf(context: Context, file: string): string {
  try {
    return readFileSync(resolve(context.io.cwd, file), 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw usage(`${file} cannot be read (${why})`, 'correct the path');
  }
}

function importText({ dry_run: dryRun, lines }: StayImport): string {
  const count = (result: string): number => lines.filter((line) => line.result === result).length;
  const refused = lines.filter(({ result }) => result === 'refused');
  const sums = ['added', 'changed', 'cancelled', 'unchanged', 'refused'].map((one) => `${count(one)} ${one}`);
  return [
    `${dryRun ? 'would be: ' : ''}${sums.join(', ')}`,
    ...refused.map(({ line, field, message }) => {
      const at = field === null ? `line ${line}` : `line ${line}, ${plain(field)}`;
      return `  ${at}: ${plain(message ?? '')}`;
    }),
    ...(dryRun && lines.length > 0 ? ['nothing was done; do it with --apply'] : []),
    '',
  ].join('\n');
}
