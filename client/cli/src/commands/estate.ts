import { ApiProblem, type Client } from '@cardea/client-sdk';
import type { DoorKind, Geofence, Lock } from '@cardea/wire-api';
import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
import { durationS } from '../duration.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { fields, plain, table } from '../output/table.ts';
import { findDoor, findProperty } from '../resolve.ts';

/** `cardea property` and `cardea door`: the estate. */
export function estateCommands(program: Command, register: Register): void {
  const property = program.command('property').description('properties: buildings under one time zone');
  register(example(property.command('list').description('list properties'), 'property list'), async (context) => {
    const items = await all(context.api().properties.list());
    context.print({ items }, () =>
      table(
        ['NAME', 'TIME ZONE', 'REGION', 'ID'],
        items.map((one) => [plain(one.name), one.time_zone, one.region, one.id]),
      ),
    );
  });
  register<[string]>(
    example(
      property.command('show').argument('<property>', 'name or id').description('show a property'),
      'property show "Hotel Cardea"',
    ),
    async (context, given) => {
      const one = await findProperty(context.api(), given);
      context.print(one, () =>
        fields([
          ['name', plain(one.name)],
          ['time zone', one.time_zone],
          ['region', one.region],
          ['geofence', fence(one.geofence)],
          ['check-in', `${one.check_in_time} local time`],
          ['check-out', `${one.check_out_time} local time`],
          [
            'offline',
            one.offline_lease_s === null ? 'no: the server decides every opening' : lease(one.offline_lease_s),
          ],
          ['since', one.created_at],
          ['id', one.id],
        ]),
      );
    },
  );
  register<[string, { timeZone: string; region: string; geofence?: string }]>(
    example(
      property
        .command('add')
        .argument('<name>', 'what it is called')
        .option('--time-zone <zone>', 'IANA time zone', Intl.DateTimeFormat().resolvedOptions().timeZone)
        .option('--region <region>', 'where its data is kept', 'eu')
        .option('--geofence <fence>', 'lat,lon,radius in degrees and metres, or corners lat,lon;lat,lon;...')
        .description('add a property'),
      'property add "Hotel Cardea" --time-zone Europe/Berlin --region eu --geofence 52.52,13.40,150',
    ),
    async (context, name, options) => {
      const body = {
        name,
        time_zone: options.timeZone,
        region: options.region,
        ...(options.geofence === undefined ? {} : { geofence: geofence(options.geofence) }),
      };
      const one = await context.api().properties.add(body);
      context.print(one, () => `added property ${plain(one.name)} (${one.id})\n`);
    },
  );
  register<[string, { checkIn?: string; checkOut?: string; offline?: string; geofence?: string }]>(
    example(
      property
        .command('set')
        .argument('<property>', 'name or id')
        .option('--check-in <time>', 'when rooms are ready, local time')
        .option('--check-out <time>', 'when guests leave unless told otherwise, local time')
        .option('--offline <duration>', 'longest that a lock decides by itself, such as 24h; off: never')
        .option('--geofence <fence>', 'lat,lon,radius in degrees and metres, or corners lat,lon;lat,lon;...; none')
        .description('change what a property says of its house'),
      'property set "Hotel Cardea" --check-out 12:00 --offline 24h',
    ),
    async (context, given, options) => {
      const { checkIn, checkOut, offline } = options;
      const body = {
        ...(checkIn !== undefined && { check_in_time: checkIn }),
        ...(checkOut !== undefined && { check_out_time: checkOut }),
        ...(offline !== undefined && { offline_lease_s: offline === 'off' ? null : durationS('--offline', offline) }),
        ...(options.geofence !== undefined && {
          geofence: options.geofence === 'none' ? null : geofence(options.geofence),
        }),
      };
      if (Object.keys(body).length === 0) throw usage('nothing to change', 'name at least one option');
      const api = context.api();
      const one = await api.properties.change((await findProperty(api, given)).id, body);
      context.print(one, () => `changed property ${plain(one.name)}\n`);
    },
  );
  register<[string]>(
    example(
      property.command('remove').argument('<property>', 'name or id').description('remove a property that is empty'),
      'property remove "Hotel Cardea"',
    ),
    async (context, given) => {
      const one = await findProperty(context.api(), given);
      await context.api().properties.remove(one.id);
      context.print(one, () => `removed property ${plain(one.name)}\n`);
    },
  );

  const door = program.command('door').description('doors; a door is named by what is written on it, or by its id');
  register<[{ property?: string }]>(
    example(
      door
        .command('list')
        .option('--property <property>', 'of this property only')
        .description('list doors with what their locks last said'),
      'door list --json',
    ),
    async (context, options) => {
      const api = context.api();
      const filter =
        options.property === undefined ? {} : { property_id: (await findProperty(api, options.property)).id };
      const [doors, locks] = await Promise.all([all(api.doors.list(filter)), readableLocks(api)]);
      const byId = new Map(locks.map((lock) => [lock.id, lock]));
      context.print({ items: doors }, () =>
        table(
          ['DOOR', 'LOCK', 'BOLT', 'SENSOR', 'BATTERY', 'ID'],
          doors.map((one) => {
            const lock = one.lock_id === null ? undefined : byId.get(one.lock_id);
            const report = lock?.report ?? undefined;
            const stale = lock?.stale === true ? ' (stale)' : '';
            return [
              plain(one.name),
              lock?.identifier ?? (one.lock_id === null ? 'none' : ''),
              report ? report.bolt + stale : 'unknown',
              report ? report.door + stale : 'unknown',
              report ? `${report.battery_percent} %` : '',
              one.id,
            ];
          }),
        ),
      );
    },
  );
  register<[string]>(
    example(door.command('show').argument('<door>', 'name or id').description('show a door'), 'door show 101'),
    async (context, given) => {
      const one = await findDoor(context.api(), given);
      context.print(one, () =>
        fields([
          ['door', plain(one.name)],
          ['lock', one.lock_id ?? 'none'],
          ['kind', one.kind],
          ['floor', one.floor_id ?? 'none'],
          ['property', one.property_id],
          ['since', one.created_at],
          ['id', one.id],
        ]),
      );
    },
  );
  register<[string, { property?: string; floor?: string; kind?: string }]>(
    example(
      door
        .command('add')
        .argument('<name>', 'what is written on it')
        .option('--property <property>', 'name or id; not needed when there is only one')
        .option('--floor <floor>', 'name, level or id of a floor; it is added when there is none of that level')
        .option('--kind <kind>', `what it is for: one of ${DOOR_KINDS.join(', ')}`, 'guest')
        .description('add a door'),
      'door add 101 --floor 1',
    ),
    async (context, name, options) => {
      const api = context.api();
      const property = await findProperty(api, options.property);
      const where = { property_id: property.id, kind: doorKind(options.kind ?? 'guest') };
      const floorId = options.floor === undefined ? null : await floorOf(context, property.id, options.floor);
      const one = await api.doors.add({ ...where, floor_id: floorId, name });
      context.print(one, () => `added door ${plain(one.name)} (${one.id})\n`);
    },
  );
  register<[string, { kind: string }]>(
    example(
      door
        .command('set')
        .argument('<door>', 'name or id')
        .requiredOption('--kind <kind>', `what it is for: one of ${DOOR_KINDS.join(', ')}`)
        .description('say what a door is for'),
      'door set Lobby --kind common',
    ),
    async (context, given, options) => {
      const api = context.api();
      const one = await api.doors.change((await findDoor(api, given)).id, { kind: doorKind(options.kind) });
      context.print(one, () => `door ${plain(one.name)} is a ${one.kind} door\n`);
    },
  );
  register<[string]>(
    example(
      door.command('remove').argument('<door>', 'name or id').description('remove a door that has no lock'),
      'door remove 101',
    ),
    async (context, given) => {
      const one = await findDoor(context.api(), given);
      await context.api().doors.remove(one.id);
      context.print(one, () => `removed door ${plain(one.name)}\n`);
    },
  );
}

async function floorOf(
  context: Parameters<Parameters<Register>[1]>[0],
  propertyId: string,
  given: string,
): Promise<string> {
  const api = context.api();
  const floors = await all(api.floors.list({ property_id: propertyId }));
  const known = floors.find((one) => one.id === given || one.name === given || String(one.level) === given);
  if (known !== undefined) return known.id;
  if (!/^-?\d{1,3}$/.test(given))
    throw usage(`there is no floor ${JSON.stringify(given)}`, 'give its level as a number to add it');
  const body = { property_id: propertyId, name: `Floor ${given}`, level: Number(given) };
  return (await api.floors.add(body)).id;
}

const DOOR_KINDS: readonly DoorKind[] = ['guest', 'common', 'staff'];

function doorKind(given: string): DoorKind {
  const kind = DOOR_KINDS.find((one) => one === given);
  if (kind !== undefined) return kind;
  throw usage(`--kind is ${JSON.stringify(given)}`, `it must be one of ${DOOR_KINDS.join(', ')}`);
}

function fence(geofence: Geofence | null): string {
  if (geofence === null) return 'none';
  if ('polygon' in geofence) return geofence.polygon.map((one) => `${one.latitude},${one.longitude}`).join('; ');
  return `${geofence.latitude}, ${geofence.longitude}, ${geofence.radius_m} m`;
}

function lease(seconds: number): string {
  return `a lock decides by itself for ${seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds} s`} at most`;
}

function corners(given: string): Geofence {
  const polygon = given.split(';').map((corner) => {
    const [latitude, longitude, ...more] = corner.split(',').map(Number);
    const right = latitude !== undefined && longitude !== undefined && more.length === 0;
    if (!right || Number.isNaN(latitude) || Number.isNaN(longitude)) {
      throw usage(`--geofence has the corner ${JSON.stringify(corner)}`, 'write each as latitude,longitude');
    }
    return { latitude, longitude };
  });
  return { polygon };
}

function geofence(given: string): Geofence {
  if (given.includes(';')) return corners(given);
  const [latitude, longitude, radius, ...more] = given.split(',').map(Number);
  if (
    latitude === undefined ||
    longitude === undefined ||
    radius === undefined ||
    more.length > 0 ||
    [latitude, longitude, radius].some(Number.isNaN)
  ) {
    throw usage(
      `--geofence is ${JSON.stringify(given)}`,
      'write latitude,longitude,radius in metres, such as 52.52,13.40,150',
    );
  }
  return { latitude, longitude, radius_m: radius };
}

/** The locks; none for who sees doors alone, as guests see those that their grants reach. */
async function readableLocks(api: Client): Promise<readonly Lock[]> {
  try {
    return await all(api.locks.list());
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'not_permitted') return [];
    throw error;
  }
}
