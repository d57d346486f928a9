import type { AccessMethod, Grant, GrantOperation, GrantScope, NewGrant, Property } from '@cardea/wire-api';
import type { Command } from 'commander';
import { findGrant, findSchedule, personId, personNames } from '../access/find.ts';
import { methodTable } from '../access/methods.ts';
import { noticesText } from '../access/notices.ts';
import { all } from '../all.ts';
import type { Context, Register } from '../context.ts';
import { durationS } from '../duration.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { localTime, moment, momentText } from '../moment.ts';
import { fields, plain, table } from '../output/table.ts';
import { doorNames, findDoor, findProperty } from '../resolve.ts';

const METHODS: readonly AccessMethod[] = ['mobile_key', 'pin', 'card'];
const OPERATIONS: readonly GrantOperation[] = ['unlock', 'lock', 'override'];
const STATES = ['active', 'revoked', 'ended'] as const;

interface CreateOptions {
  readonly door?: string[];
  readonly floor?: string;
  readonly property?: string;
  readonly from: string;
  readonly until?: string;
  readonly schedule?: string;
  readonly method: string[];
  readonly operation: string[];
  readonly uses?: string;
  readonly geofence?: boolean;
  readonly secondPerson?: boolean;
  readonly firstUse?: string;
}

/** `cardea grant create|list|show|extend|revoke`. */
export function grantCommands(program: Command, register: Register): void {
  const grant = program.command('grant').description('grants: who may open which doors, when and how');

  register<[string, CreateOptions]>(
    example(
      grant
        .command('create')
        .argument('<person>', 'e-mail address, id or name')
        .option('--door <door...>', 'doors of one property, by name or id')
        .option('--floor <id>', 'every door of a floor instead')
        .option(
          '--property <property>',
          'every door of a property instead; with --floor or --door, the one they are in',
        )
        .option('--from <time>', 'when it begins, in the zone of the property', 'now')
        .option('--until <time>', 'when it ends; left out: until it is revoked')
        .option('--schedule <schedule>', 'only while this schedule is open')
        .option('--method <method...>', `how the door is opened: ${METHODS.join(', ')}`, ['mobile_key'])
        .option('--operation <operation...>', `what is allowed: ${OPERATIONS.join(', ')}`, ['unlock', 'lock'])
        .option('--uses <count>', 'so many openings in all')
        .option('--geofence', 'only from within the geofence of the property')
        .option('--second-person', 'another person has to confirm each opening')
        .option('--first-use <duration>', 'begins with the first opening and lasts so long')
        .description('let a person open doors'),
      'grant create ada@hotel.example --door 101 102 --until "2026-10-03 11:00" --method mobile_key pin',
      'grant create cleaning@hotel.example --property "Hotel Cardea" --schedule "office hours"',
    ),
    async (context, given, options) => {
      const api = context.api();
      const { scope, property } = await scopeOf(context, options);
      const now = Date.now();
      const body: NewGrant = {
        person_id: await personId(api, given),
        scope,
        not_before: momentText('--from', options.from, property.time_zone, now),
        not_after: options.until === undefined ? null : momentText('--until', options.until, property.time_zone, now),
        schedule_id:
          options.schedule === undefined ? null : (await findSchedule(api, options.schedule, property.id)).id,
        conditions: {
          geofence: options.geofence === true,
          second_person: options.secondPerson === true,
          first_use:
            options.firstUse === undefined ? null : { valid_for_s: durationS('--first-use', options.firstUse) },
        },
        methods: options.method.map((one) => oneOf('--method', one, METHODS)),
        operations: options.operation.map((one) => oneOf('--operation', one, OPERATIONS)),
        uses: options.uses === undefined ? null : count('--uses', options.uses),
      };
      const made = await api.grants.create(body);
      context.print(made, () => `granted: ${made.id}, ${windowText(made, property)}\n${noticesText(made.notices)}`);
    },
  );

  register<[{ person?: string; door?: string; state?: string }]>(
    example(
      grant
        .command('list')
        .option('--person <person>', 'of this person, by e-mail address, id or name')
        .option('--door <door>', 'active ones that reach this door')
        .option('--state <state>', `one of ${STATES.join(', ')}`)
        .description('list grants; your own if you may not read others'),
      'grant list --door 101',
    ),
    async (context, options) => {
      const api = context.api();
      const filter = {
        ...(options.person !== undefined && { person_id: await personId(api, options.person) }),
        ...(options.door !== undefined && { door_id: (await findDoor(api, options.door)).id }),
        ...(options.state !== undefined && { state: oneOf('--state', options.state, STATES) }),
      };
      const items = await all(api.grants.list(filter));
      const [doors, persons] = [await doorNames(api), await personNames(api)];
      const zones = new Map((await all(api.properties.list())).map((one) => [one.id, one]));
      context.print({ items }, () =>
        table(
          ['PERSON', 'DOORS', 'WINDOW', 'BY', 'STATE', 'ID'],
          items.map((one) => [
            plain(persons.get(one.person_id) ?? one.person_id),
            doorsText(one.scope, doors),
            windowText(one, zones.get(one.property_id)),
            one.methods.join(', ') || 'from afar',
            one.state,
            one.id,
          ]),
        ),
      );
    },
  );

  register<[string]>(
    example(
      grant.command('show').argument('<grant>', 'id').description('show a grant'),
      'grant show grant_0198c0de-...',
    ),
    async (context, given) => {
      const api = context.api();
      const one = await findGrant(api, given);
      const property = await api.properties.get(one.property_id);
      const [doors, persons] = [await doorNames(api), await personNames(api)];
      context.print(one, () =>
        fields([
          ['person', plain(persons.get(one.person_id) ?? one.person_id)],
          ['doors', doorsText(one.scope, doors)],
          ['state', one.state],
          ['window', windowText(one, property)],
          ['schedule', one.schedule_id ?? 'at any time of it'],
          ['allows', one.operations.join(', ')],
          ['by', one.methods.join(', ') || 'from afar only'],
          ['uses', one.uses === null ? `any number, ${one.used} from afar so far` : `${one.used} of ${one.uses}`],
          ['conditions', conditionsText(one, property)],
          ['series', String(one.series)],
          ['version', String(one.version)],
          ['since', localTime(property.time_zone, one.created_at)],
          ['id', one.id],
        ]),
      );
    },
  );

  register<[string, { until: string }]>(
    example(
      grant
        .command('extend')
        .argument('<grant>', 'id')
        .requiredOption('--until <time>', 'the new end, in the zone of the property; +2h is from the end that it has')
        .description('move the end of a grant; changed only if nobody else does meanwhile'),
      'grant extend grant_0198c0de-... --until "2026-10-04 11:00"',
      'grant extend grant_0198c0de-... --until +1d',
    ),
    async (context, given, { until }) => {
      const api = context.api();
      let etag: string | undefined;
      const before = await api.grants.get((await findGrant(api, given)).id, {
        onEtag: (read) => {
          etag = read;
        },
      });
      const property = await api.properties.get(before.property_id);
      const from = before.not_after === null ? Date.now() : Date.parse(before.not_after);
      const ends = moment('--until', until, property.time_zone, from);
      const change = { not_after: new Date(ends).toISOString() };
      const after = await api.grants.change(before.id, change, { ifMatch: etag });
      context.print(after, () => `changed: ${windowText(after, property)}\n${noticesText(after.notices)}`);
    },
  );

  register<[string]>(
    example(
      grant.command('revoke').argument('<grant>', 'id').description('take a grant back'),
      'grant revoke grant_0198c0de-...',
    ),
    async (context, given) => {
      const api = context.api();
      const one = await api.grants.revoke((await findGrant(api, given)).id);
      const doors = context.json ? new Map<string, string>() : await doorNames(api);
      const { time_zone: zone } = await api.properties.get(one.property_id);
      context.print(one, () => {
        const told = `${one.state}: nothing opens from afar by it any more\n`;
        return one.at_locks.length === 0 ? told : `${told}\n${methodTable(one.at_locks, doors, zone)}`;
      });
    },
  );
}

async function scopeOf(
  context: Context,
  { door = [], floor, property: named }: CreateOptions,
): Promise<{ readonly scope: GrantScope; readonly property: Property }> {
  const api = context.api();
  if (door.length > 0 && floor !== undefined) throw usage('--door and --floor', 'name doors or a floor, not both');
  if (floor !== undefined) {
    const { property_id } = await api.floors.get(floor);
    return { scope: { kind: 'floor', floor_id: floor }, property: await api.properties.get(property_id) };
  }
  const doors = [];
  for (const one of door.flatMap((names) => names.split(','))) doors.push(await findDoor(api, one));
  const [first] = doors;
  if (first !== undefined) {
    const scope = { kind: 'doors' as const, door_ids: doors.map(({ id }) => id) };
    return { scope, property: await api.properties.get(first.property_id) };
  }
  if (named === undefined) throw usage('no door is named', 'name --door, --floor or --property');
  const property = await findProperty(api, named);
  return { scope: { kind: 'property', property_id: property.id }, property };
}

function windowText({ not_before, not_after }: Grant, property: Property | undefined): string {
  const text = (time: string): string => (property === undefined ? time : localTime(property.time_zone, time));
  return `${text(not_before)} to ${not_after === null ? 'its revocation' : text(not_after)}`;
}

function doorsText(scope: GrantScope, names: ReadonlyMap<string, string>): string {
  switch (scope.kind) {
    case 'doors':
      return scope.door_ids.map((id) => names.get(id) ?? id).join(', ');
    case 'floor':
      return `floor ${scope.floor_id}`;
    case 'property':
      return 'every door';
  }
}

function conditionsText({ conditions, first_used_at }: Grant, { time_zone: zone }: Property): string {
  const { geofence, second_person, first_use } = conditions;
  const begun = first_used_at === null ? '' : `, begun ${localTime(zone, first_used_at)}`;
  const all = [
    ...(geofence ? ['within the geofence'] : []),
    ...(second_person ? ['a second person confirms'] : []),
    ...(first_use === null ? [] : [`${first_use.valid_for_s} s from the first opening${begun}`]),
  ];
  return all.join(', ') || 'none';
}

function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found === undefined)
    throw usage(`${option} is ${JSON.stringify(given)}`, `it must be one of ${known.join(', ')}`);
  return found;
}

function count(option: string, given: string): number {
  const number = Number(given);
  if (/^\d{1,5}$/.test(given) && number > 0) return number;
  throw usage(`${option} is ${JSON.stringify(given)}`, 'write a whole number from 1 to 65535');
}
