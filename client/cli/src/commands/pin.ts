import type { Client } from '@cardea/client-sdk';
import type { Grant, MadePin, NewPin } from '@cardea/wire-api';
import type { Command } from 'commander';
import { findGrant } from '../access/find.ts';
import { endingText, methodTable } from '../access/methods.ts';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import type { Io } from '../io.ts';
import { localTime, momentText } from '../moment.ts';
import { fields, plain, table } from '../output/table.ts';
import { doorNames, findDoor, findPerson } from '../resolve.ts';

const WINDOWS = ['3h', '24h', '7d', '28d'] as const;
const HOUR_MS = 3_600_000;

interface CreateOptions {
  readonly choose?: boolean;
  readonly offline?: string;
  readonly from?: string;
}

/** `cardea pin create|list|remove|reopen`. */
export function pinCommands(program: Command, register: Register): void {
  const pin = program.command('pin').description('PINs for the keypads of locks; digits are shown once');
  register<[string, CreateOptions]>(
    example(
      pin
        .command('create')
        .argument('<grant>', 'id')
        .option('--choose', 'read the PIN from standard input (6 to 9 digits) instead of having one made')
        .option('--offline <window>', `a PIN that the locks need not be told: ${WINDOWS.join(', ')}`)
        .option('--from <time>', 'when an offline PIN begins: on the hour, or for days at 00:00 UTC; now when left out')
        .description('make a PIN for the doors of a grant'),
      'pin create grant_0198c0de-...',
      'pin create grant_0198c0de-... --offline 24h',
    ),
    async (context, given, options) => {
      const api = context.api();
      const grant = await findGrant(api, given);
      const zone = await zoneOf(api, grant);
      const made = await api.pins.make(grant.id, await inputOf(context.io, options, zone));
      const doors = context.json ? new Map<string, string>() : await doorNames(api);
      context.print(made, () => madeText(made, doors, zone));
    },
  );
  register<[string]>(
    example(
      pin.command('list').argument('<grant>', 'id').description('the PINs of a grant, without their digits'),
      'pin list grant_0198c0de-...',
    ),
    async (context, given) => {
      const api = context.api();
      const grant = await findGrant(api, given);
      const zone = await zoneOf(api, grant);
      const found = await api.pins.list(grant.id);
      const doors = context.json ? new Map<string, string>() : await doorNames(api);
      const doorOf = (lockId: string): string =>
        doors.get(found.online.find((one) => one.lock_id === lockId)?.door_id ?? '') ?? lockId;
      context.print(found, () => {
        const offline = table(
          ['DOOR', 'OFFLINE', 'FROM', 'TO', 'TAKEN BACK'],
          found.offline.map((one) => [
            doorOf(one.lock_id),
            one.window,
            localTime(zone, one.start_at),
            localTime(zone, one.end_at),
            one.voided_at === null ? '-' : localTime(zone, one.voided_at),
          ]),
        );
        return methodTable(found.online, doors, zone) + (found.offline.length === 0 ? '' : `\n${offline}`);
      });
    },
  );
  register<[string]>(
    example(
      pin
        .command('remove')
        .argument('<grant>', 'id')
        .description("take all PINs of a grant away; others' offline PINs at the same locks end with its own"),
      'pin remove grant_0198c0de-...',
    ),
    async (context, given) => {
      const api = context.api();
      const grant = await findGrant(api, given);
      const items = await api.pins.remove(grant.id);
      const doors = context.json ? new Map<string, string>() : await doorNames(api);
      const zone = await zoneOf(api, grant);
      context.print({ items }, () => methodTable(items, doors, zone));
    },
  );
  register<[string]>(
    example(
      pin
        .command('reopen')
        .argument('<door>', 'name or id')
        .description('let a keypad that was closed by wrong entries take entries again'),
      'pin reopen 101',
    ),
    async (context, given) => {
      const api = context.api();
      const door = await findDoor(api, given);
      const asked = await api.pins.reopenKeypad(door.id);
      context.print(asked, () => `the lock of ${plain(door.name)} is being told: the keypad is ${asked.state}\n`);
    },
  );
}

/** Adds `grant methods`, `phone list` and `phone lost` to their groups. */
export function methodCommands(program: Command, register: Register): void {
  const group = (name: string): Command => program.commands.find((one) => one.name() === name) ?? program.command(name);
  register<[string]>(
    example(
      group('grant')
        .command('methods')
        .argument('<grant>', 'id')
        .description('how the methods of a grant stand at its locks, and until when each opens'),
      'grant methods grant_0198c0de-...',
    ),
    async (context, given) => {
      const api = context.api();
      const grant = await findGrant(api, given);
      const items = await api.grantMethods(grant.id);
      const doors = context.json ? new Map<string, string>() : await doorNames(api);
      const zone = await zoneOf(api, grant);
      context.print({ items }, () => methodTable(items, doors, zone));
    },
  );
  register<[{ person?: string }]>(
    example(
      group('phone')
        .command('list')
        .option('--person <person>', 'of this person, by e-mail address, id or name')
        .description('list enrolled phones and cards; your own if you may not see others'),
      'phone list',
    ),
    async (context, options) => {
      const api = context.api();
      const filter = options.person === undefined ? {} : { person_id: (await findPerson(api, options.person)).id };
      const items = await all(api.phones.list(filter));
      context.print({ items }, () =>
        items.length === 0
          ? 'no phones\n'
          : table(
              ['NAME', 'KIND', 'STATE', 'PERSON', 'ID'],
              items.map((one) => [plain(one.name), one.kind, one.state, one.person_id, one.id]),
            ),
      );
    },
  );
  register<[string]>(
    example(
      group('phone')
        .command('lost')
        .argument('<phone>', 'id')
        .description('take the keys of a lost phone or card back; again, to see where that stands'),
      'phone lost phone_0198c0de-...',
    ),
    async (context, id) => {
      const api = context.api();
      const lost = await api.phones.lost(id);
      const doors = context.json ? new Map<string, string>() : await doorNames(api);
      context.print(lost, () => {
        const head = fields([
          [lost.phone.kind, plain(lost.phone.name)],
          ['lost since', lost.phone.lost_at ?? '-'],
        ]);
        if (lost.doors.length === 0) return `${head}it held no keys\n`;
        const rows = lost.doors.map((one) => [
          doors.get(one.door_id) ?? one.door_id,
          endingText(one.ending, 'UTC', true),
        ]);
        return head + table(['DOOR', 'AT THE DOOR (UTC)'], rows);
      });
    },
  );
}

async function inputOf(io: Pick<Io, 'secretLine'>, options: CreateOptions, zone: string): Promise<NewPin> {
  if (options.offline === undefined) {
    if (options.from !== undefined)
      throw usage('--from goes with --offline', 'an online PIN opens while its grant does');
    if (options.choose !== true) return { kind: 'online' };
    return { kind: 'online', pin: (await io.secretLine('PIN: ')) ?? '' };
  }
  const window = WINDOWS.find((one) => one === options.offline);
  if (window === undefined)
    throw usage(`--offline is ${JSON.stringify(options.offline)}`, `one of ${WINDOWS.join(', ')}`);
  if (options.choose === true) throw usage('--choose does not go with --offline', 'the lock computes an offline PIN');
  const now = Date.now();
  const step = window.endsWith('h') ? HOUR_MS : 24 * HOUR_MS;
  const begun = new Date(Math.floor(now / step) * step).toISOString();
  return {
    kind: 'offline',
    window,
    start_at: options.from === undefined ? begun : momentText('--from', options.from, zone, now),
  };
}

function madeText(made: MadePin, doors: ReadonlyMap<string, string>, zone: string): string {
  const shown = 'shown this once: nobody can read it again\n';
  if (made.pin !== null) return `PIN ${made.pin}, ${shown}\n${methodTable(made.methods, doors, zone)}`;
  const rows = made.offline.map(({ door_id: door, pin, given }) => [
    door === null ? '-' : (doors.get(door) ?? door),
    pin,
    `${localTime(zone, given.start_at)} to ${localTime(zone, given.end_at)}`,
  ]);
  return `${table(['DOOR', 'PIN', 'OPENS'], rows)}${shown}`;
}

async function zoneOf(api: Client, grant: Grant): Promise<string> {
  return (await api.properties.get(grant.property_id)).time_zone;
}
