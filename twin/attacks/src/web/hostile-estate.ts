import type { Client } from '@cardea/client-sdk';
import { HOSTILE_NAMES, TURNS_AROUND } from './hostile-names.ts';

/** An estate of which everything has a hostile name. */
export interface HostileEstate {
  readonly propertyId: string;
  readonly doorIds: readonly string[];
  /** Names of things of each noun that pages are to show. */
  readonly named: Readonly<Record<string, readonly string[]>>;
}

const HOUR_MS = 3_600_000;

/** Gives every noun of the estate each of the names; the first thing of each is what pages show when nothing was chosen. */
export async function makeHostileEstate(api: Client): Promise<HostileEstate> {
  const texts = HOSTILE_NAMES.map(({ text }) => text);
  const [first = ''] = texts;
  const property = await api.properties.add({ name: first, time_zone: 'Europe/Berlin', region: 'eu', geofence: null });
  const property_id = property.id;
  const doorIds: string[] = [];
  const until = tomorrow();
  for (const [level, name] of texts.entries()) {
    const floor = await api.floors.add({ property_id, name, level });
    const door = await api.doors.add({ property_id, floor_id: floor.id, name });
    doorIds.push(door.id);
    const email = `guest-${level}@example.org`;
    const person = await api.persons.add({ name, email, role: 'guest', password: `a long passphrase ${level}` });
    await api.gateways.add({ property_id, name });
    const schedule = await api.schedules.add({ property_id, name });
    await api.grants.create({
      ...{ person_id: person.id, scope: { kind: 'doors', door_ids: [door.id] }, schedule_id: schedule.id },
      ...{ not_after: until, methods: ['mobile_key'] },
    });
    await api.tokens.create({ name, scopes: ['locks:read'], expires_in_s: 3_600 });
  }
  // Whoever looks on: his own doors are what the phone shows.
  const { person_id } = await api.me();
  await api.grants.create({ person_id, scope: { kind: 'doors', door_ids: doorIds }, not_after: until });
  await api.stays.add({
    ...{ property_id, door_ids: doorIds.slice(0, 1), name: texts[1] ?? '', until, check_in: false },
  });
  return { propertyId: property_id, doorIds, named: { property: [first], door: texts, person: texts } };
}

/** A name that turns the text around it, for each noun: which of them the door takes. */
export async function namesThatTurn(
  add: (noun: string, body: Readonly<Record<string, unknown>>) => Promise<number>,
  { propertyId: property_id, doorIds }: HostileEstate,
): Promise<readonly { readonly noun: string; readonly taken: boolean }[]> {
  const name = `101${TURNS_AROUND}202`;
  const bodies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    properties: { name, time_zone: 'UTC', region: 'eu' },
    floors: { name, property_id, level: 90 },
    doors: { name, property_id },
    persons: { name, email: 'turned@example.org', role: 'guest', password: 'a long passphrase' },
    gateways: { name, property_id },
    schedules: { name, property_id },
    stays: {
      ...{ property_id, door_ids: doorIds.slice(1, 2), name, check_in: false, until: tomorrow() },
    },
  };
  const answers: { noun: string; taken: boolean }[] = [];
  for (const [noun, body] of Object.entries(bodies)) {
    answers.push({ noun, taken: (await add(noun, body)) < 300 });
  }
  return answers;
}

/** The full hour in a day's time. */
function tomorrow(): string {
  return new Date((Math.floor(Date.now() / HOUR_MS) + 24) * HOUR_MS).toISOString();
}
