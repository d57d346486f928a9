import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
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
          [
            'geofence',
            one.geofence === null
              ? 'none'
              : `${one.geofence.latitude}, ${one.geofence.longitude}, ${one.geofence.radius_m} m`,
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
        .option('--geofence <lat,lon,radius>', 'degrees, degrees, metres')
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
      const [doors, locks] = await Promise.all([all(api.doors.list(filter)), all(api.locks.list())]);
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
              lock?.identifier ?? 'none',
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
          ['floor', one.floor_id ?? 'none'],
          ['property', one.property_id],
          ['since', one.created_at],
          ['id', one.id],
        ]),
      );
    },
  );
  register<[string, { property?: string; floor?: string }]>(
    example(
      door
        .command('add')
        .argument('<name>', 'what is written on it')
        .option('--property <property>', 'name or id; not needed when there is only one')
        .option('--floor <floor>', 'name, level or id of a floor; it is added when there is none of that level')
        .description('add a door'),
      'door add 101 --floor 1',
    ),
    async (context, name, options) => {
      const api = context.api();
      const property = await findProperty(api, options.property);
      const floorId = options.floor === undefined ? null : await floorOf(context, property.id, options.floor);
      const one = await api.doors.add({ property_id: property.id, floor_id: floorId, name });
      context.print(one, () => `added door ${plain(one.name)} (${one.id})\n`);
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

function geofence(given: string): { latitude: number; longitude: number; radius_m: number } {
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
