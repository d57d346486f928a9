import { ApiProblem, type Client } from '@cardea/client-sdk';
import type { Grant, Person, Schedule } from '@cardea/wire-api';
import { all } from '../all.ts';
import { CliError } from '../errors.ts';
import { plain } from '../output/table.ts';
import { findPerson } from '../resolve.ts';

/** The grant with the id `given`. @throws CliError `refused` */
export async function findGrant(api: Client, given: string): Promise<Grant> {
  try {
    return await api.grants.get(given);
  } catch (cause) {
    if (!(cause instanceof ApiProblem) || (cause.code !== 'not_found' && cause.field !== 'path.id')) throw cause;
    throw new CliError('refused', `there is no grant ${JSON.stringify(given)}`, {
      field: 'GRANT',
      remedy: 'ids are shown by `cardea grant list`',
      cause,
    });
  }
}

/** The schedule of a property named or identified by `given`. @throws CliError `refused` */
export async function findSchedule(api: Client, given: string, propertyId: string | undefined): Promise<Schedule> {
  const schedules = await all(api.schedules.list(propertyId === undefined ? {} : { property_id: propertyId }));
  const found = schedules.filter(({ id, name }) => id === given || name === given);
  const [one, another] = found;
  if (one === undefined) {
    throw new CliError('refused', `there is no schedule ${JSON.stringify(given)}`, {
      field: 'SCHEDULE',
      remedy: 'see `cardea schedule list`',
    });
  }
  if (another !== undefined) {
    throw new CliError('usage', `${found.length} schedules are called ${JSON.stringify(given)}`, {
      field: 'SCHEDULE',
      remedy: `give the id: ${found.map(({ id }) => id).join(', ')}`,
    });
  }
  return one;
}

/** The id of a person by address, id or name; an id is taken at its word, so that nobody needs to read persons for it. */
export async function personId(api: Client, given: string): Promise<string> {
  return /^per_[0-9A-Za-z-]{8,}$/.test(given) ? given : (await findPerson(api, given)).id;
}

/** Addresses of persons by id, where they may be read; else nothing, and ids are shown. */
export function personNames(api: Client): Promise<ReadonlyMap<string, string>> {
  return byId(api, ({ email }) => email);
}

/** What guests are called, by id, where persons may be read: guests without an address have a sign-in name that says nothing. */
export function guestNames(api: Client): Promise<ReadonlyMap<string, string>> {
  return byId(api, ({ name }) => plain(name));
}

async function byId(api: Client, text: (person: Person) => string): Promise<ReadonlyMap<string, string>> {
  try {
    return new Map((await all(api.persons.list())).map((person) => [person.id, text(person)]));
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'not_permitted') return new Map();
    throw error;
  }
}
