import { ApiProblem, type Client } from '@cardea/client-sdk';
import type { Door, Gateway, Lock, Person, Property } from '@cardea/wire-api';
import { all } from './all.ts';
import { CliError } from './errors.ts';
import { plain } from './output/table.ts';

/** The door named or identified by `given`. @throws CliError `refused` when there is none, or more than one by that name */
export async function findDoor(api: Client, given: string): Promise<Door> {
  if (isId('door', given)) return api.doors.get(given);
  const doors = await all(api.doors.list({ name: given }));
  return only('door', given, doors);
}

/** What is written on each door, by its id. */
export async function doorNames(api: Client): Promise<ReadonlyMap<string, string>> {
  const doors = await all(api.doors.list());
  return new Map(doors.map((door) => [door.id, plain(door.name)]));
}

/** The property named or identified by `given`; without one, the only property that there is. */
export async function findProperty(api: Client, given: string | undefined): Promise<Property> {
  if (given !== undefined && isId('prop', given)) return api.properties.get(given);
  const properties = await all(api.properties.list());
  if (given === undefined) {
    const [property, another] = properties;
    if (property !== undefined && another === undefined) return property;
    throw new CliError('usage', property ? 'there is more than one property' : 'there is no property yet', {
      field: '--property',
      remedy: property ? 'name one with --property' : 'add one: cardea property add NAME',
    });
  }
  return only(
    'property',
    given,
    properties.filter((property) => property.name === given || property.id === given),
  );
}

/** The gateway named or identified by `given`. */
export async function findGateway(api: Client, given: string): Promise<Gateway> {
  const gateways = await all(api.gateways.list());
  return only(
    'gateway',
    given,
    gateways.filter((gateway) => gateway.name === given || gateway.id === given),
  );
}

/** The person with the e-mail address or id `given`, else the only one of that name, whatever its case. */
export async function findPerson(api: Client, given: string): Promise<Person> {
  const persons = await all(api.persons.list());
  const wanted = given.toLowerCase();
  // An address is one person's alone; a name may be chosen to look like one.
  const known = persons.filter((person) => person.email === wanted || person.id === given);
  return only('person', given, known.length > 0 ? known : persons.filter(({ name }) => name.toLowerCase() === wanted));
}

/** The lock with the identifier or id `given`, or the one of the door `given`. */
export async function findLock(api: Client, given: string): Promise<Lock> {
  if (isId('lock', given)) return api.locks.get(given);
  const identifier = lockIdentifier(given);
  if (identifier !== undefined) {
    const locks = await all(api.locks.list({ identifier }));
    return only('lock', given, locks);
  }
  const door = await findDoor(api, given);
  if (door.lock_id === null) {
    throw new CliError('refused', `door ${plain(door.name)} has no lock`, {
      field: 'LOCK',
      remedy: `enrol one: cardea lock enrol ${plain(door.name)} --lock IDENTIFIER`,
    });
  }
  return api.locks.get(door.lock_id);
}

/** A MAC address as the API wants it, however it is punctuated; undefined when it is none. */
export function lockIdentifier(given: string): string | undefined {
  const digits = given.replace(/[:-]/g, '').toUpperCase();
  return /^[0-9A-F]{12}$/.test(digits) ? digits : undefined;
}

const isId = (prefix: string, given: string): boolean => new RegExp(`^${prefix}[a-z]*_[0-9A-Za-z-]{8,}$`).test(given);

/**
 * What `ask` gives for the id `given`; where there is none, that is said with the id, and where ids are to be found.
 * @throws CliError `refused`
 */
export async function knownById<T>(noun: 'event' | 'alert', given: string, ask: () => Promise<T>): Promise<T> {
  const listed = { event: 'cardea events --json', alert: 'cardea alert list --all' }[noun];
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof ApiProblem)) throw cause;
    if (cause.code !== 'not_found' && cause.field !== 'path.id') throw cause;
    throw new CliError('refused', `there is no ${noun} ${JSON.stringify(given)}`, {
      field: noun.toUpperCase(),
      remedy: `ids are shown by \`${listed}\``,
      cause,
    });
  }
}

function only<T extends { readonly id: string }>(noun: string, given: string, found: readonly T[]): T {
  const [one, another] = found;
  if (one === undefined) {
    throw new CliError('refused', `there is no ${noun} ${JSON.stringify(given)}`, {
      field: noun.toUpperCase(),
      remedy: `see \`cardea ${noun} list\``,
    });
  }
  if (another !== undefined) {
    throw new CliError('usage', `${found.length} ${noun}s are called ${JSON.stringify(given)}`, {
      field: noun.toUpperCase(),
      remedy: `give the id: ${found.map(({ id }) => id).join(', ')}`,
    });
  }
  return one;
}
