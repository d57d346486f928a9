import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError, fetchTrusting, readProfile } from '@cardea/client-cli';
import { type Client, createClient } from '@cardea/client-sdk';
import type { Attempt, Door, Lock, Property } from '@cardea/wire-api';
import type { Steps } from '../steps.ts';
import { doorNames, HOTEL } from './plan.ts';

/** What furnishing needs of whoever brings the estate up. */
export interface FurnishOptions {
  readonly profilePath: string;
  readonly dataDir: string;
  readonly step: Steps['step'];
  /** Starts the gateway's process; `environment` holds its one-time token when it has to enrol. */
  startGateway(environment: Readonly<Record<string, string>>): Promise<unknown>;
}

/** A press that comes before the lock asks for it counts for nothing, so it is repeated. */
const PRESS_EVERY_MS = 1_000;
/** Locks that are bound at a time: the gateway's one radio takes turns between them. */
const AT_A_TIME = 3;

/**
 * Makes the demo hotel on an empty estate, by the API alone as an operator would: property, floors and doors, the makers'
 * manifests, the gateway with its token, and each lock bound to its door with a press of its button. On an estate that has
 * a property already nothing is made, unless a former start was cut short: then it goes on where that one ended.
 * @throws CliError `refused` when the hotel is not complete and the profile is missing
 */
export async function furnish(options: FurnishOptions): Promise<void> {
  const marker = join(options.dataDir, 'twin', 'furnishing');
  if (!existsSync(options.profilePath)) {
    // Signed out on purpose: the hotel is complete, and nothing of it needs us.
    if (existsSync(join(options.dataDir, 'gateway')) && !existsSync(marker)) {
      await options.step('gateway', () => options.startGateway({}));
      return;
    }
    throw new CliError(
      'refused',
      `${options.profilePath} is missing: the hotel cannot be set up without being signed in`,
      {
        remedy: `run \`cardea server reset-password --data ${options.dataDir}\`, which writes it anew; then start again`,
      },
    );
  }
  const profile = readProfile(options.profilePath);
  const client = createClient({
    url: profile.url,
    token: profile.token,
    ...(profile.caFile === undefined ? {} : { fetch: fetchTrusting(profile.caFile) }),
  });
  const properties = await collect(client.properties.list());
  if (properties.length > 0 && !existsSync(marker)) {
    await options.step('gateway', () => options.startGateway({}));
    return;
  }

  writeFileSync(marker, 'A start is furnishing the demo estate; the next one goes on if this one is cut short.\n');
  const property =
    properties.find((one) => one.name === HOTEL.property.name) ?? (await client.properties.add(HOTEL.property));
  const doors = await options.step('doors', (note) => addDoors(client, property, note));
  const identifiers = await options.step('locks: manifests of the makers', (note) =>
    importManifests(client, options.dataDir, note),
  );
  await options.step('gateway', () => startGateway(client, property, options));
  await options.step('locks: bound to their doors', (note) => bindLocks(client, doors, identifiers, note));
  rmSync(marker);
}

async function addDoors(client: Client, property: Property, note: (text: string) => void): Promise<readonly Door[]> {
  const floors = await collect(client.floors.list({ property_id: property.id }));
  for (const level of HOTEL.floors) {
    if (floors.some((floor) => floor.level === level)) continue;
    floors.push(await client.floors.add({ property_id: property.id, name: `Floor ${level}`, level }));
  }
  const known = await collect(client.doors.list({ property_id: property.id }));
  const doors: Door[] = [];
  for (const { name, level } of doorNames()) {
    const floor = floors.find((one) => one.level === level);
    doors.push(
      known.find((one) => one.name === name) ??
        (await client.doors.add({ property_id: property.id, floor_id: floor?.id ?? null, name })),
    );
  }
  note(`${doors[0]?.name} to ${doors.at(-1)?.name}`);
  return doors;
}

/** Every manifest that the virtual building has written; the identifiers of all the locks in them. */
async function importManifests(
  client: Client,
  dataDir: string,
  note: (text: string) => void,
): Promise<readonly string[]> {
  const folder = join(dataDir, 'twin');
  const files = (await readdir(folder)).filter((file) => /^manifest.*\.json$/.test(file)).sort();
  if (files.length === 0) throw new CliError('failed', `the building wrote no manifest into ${folder}`);
  for (const file of files) {
    const parsed: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
    const manifests = Array.isArray(parsed) ? parsed : [parsed];
    for (const manifest of manifests) await client.locks.importManifest(manifest);
  }
  const locks = await collect(client.locks.list());
  note(`${locks.length} locks`);
  return locks.map((lock: Lock) => lock.identifier);
}

async function startGateway(client: Client, property: Property, options: FurnishOptions): Promise<void> {
  const gateways = await collect(client.gateways.list());
  const known = gateways.find((one) => one.name === HOTEL.gateway && one.state !== 'withdrawn');
  if (known?.state === 'enrolled') {
    await options.startGateway({});
    return;
  }
  // Its token was shown once, to a start that did not live to use it.
  if (known !== undefined) await client.gateways.remove(known.id);
  const added = await client.gateways.add({ property_id: property.id, name: HOTEL.gateway });
  const { url, caFile } = readProfile(options.profilePath);
  await options.startGateway({
    CARDEA_ENROLMENT_TOKEN: added.enrolment_token,
    CARDEA_SERVER_URL: url,
    ...(caFile === undefined ? {} : { CARDEA_CA_FILE: caFile }),
  });
}

async function bindLocks(
  client: Client,
  doors: readonly Door[],
  identifiers: readonly string[],
  note: (text: string) => void,
): Promise<void> {
  const bound = new Set(
    (await collect(client.locks.list())).filter((lock) => lock.door_id !== null).map((lock) => lock.identifier),
  );
  const free = identifiers.filter((identifier) => !bound.has(identifier));
  const pairs = doors.filter((door) => door.lock_id === null).map((door, i) => ({ door, identifier: free[i] }));
  let done = doors.length - pairs.length;
  note(`${done} of ${doors.length}`);
  const work = pairs.values();
  const worker = async (): Promise<void> => {
    for (const { door, identifier } of work) {
      if (identifier === undefined) continue;
      const attempt = await bindLock(client, door, identifier);
      if (attempt.state !== 'succeeded') {
        throw new CliError(
          'failed',
          `lock ${identifier} was not bound to door ${door.name}: ${attempt.reason ?? attempt.state}`,
        );
      }
      done++;
      note(`${done} of ${doors.length}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** Binds a lock and presses its button until the attempt is over. */
async function bindLock(client: Client, door: Door, identifier: string): Promise<Attempt> {
  const started = await client.doors.enrol(door.id, identifier);
  const over = new AbortController();
  const pressing = press(client, identifier, over.signal);
  // Its failure is told below, once the attempt is over.
  pressing.catch(() => {});
  try {
    return await client.attempts.untilOver(started);
  } finally {
    over.abort();
    await pressing;
  }
}

async function press(client: Client, identifier: string, over: AbortSignal): Promise<void> {
  try {
    while (!over.aborted) {
      await client.sim('press', { identifier, value: 'button' }, { signal: over });
      await delay(PRESS_EVERY_MS, undefined, { signal: over });
    }
  } catch (error) {
    if (!over.aborted) throw error;
  }
}

async function collect<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listing) items.push(item);
  return items;
}
