import { Buffer } from 'node:buffer';
import { alternativesOf, type Operation, type Place, type Schema } from './places.ts';
import type { Tenant, TwoTenants } from './two-tenants.ts';

/** What a request was answered, without what differs from one request to the next anyway. */
export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** What was asked of the record for it, whatever the order. */
  readonly work: readonly string[];
}

/** How a request differs from the asker's own ordinary one. */
export interface Change {
  readonly place?: Place;
  /** What stands at the place. */
  readonly value?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Header fields that say when and which request it was, and nothing else. */
const OF_THE_REQUEST = ['date', 'x-request-id'];

let asked = 0;

/** Sends one request as `asker`, everything in it its own but what `change` says. */
export async function ask(world: TwoTenants, asker: Tenant, operation: Operation, change: Change = {}): Promise<Seen> {
  // Every bucket is full again, so that the rate limit says the same each time.
  await world.clock.advance(1000);
  const { url, headers, payload } = requestOf(operation, asker, change);
  world.store.taken();
  const response = await world.app.inject({
    method: operation.method as 'GET',
    url,
    headers: { ...headers, ...change.headers },
    ...(payload === undefined ? {} : { payload }),
  });
  const shown = (text: string): string =>
    text.replaceAll(String(response.headers['x-request-id']), '<request>').replaceAll(change.value ?? '\0', '<it>');
  return {
    status: response.statusCode,
    headers: Object.fromEntries(
      Object.entries(response.headers)
        .filter(([name]) => !OF_THE_REQUEST.includes(name))
        .map(([name, value]) => [name, shown(String(value))]),
    ),
    body: shown(response.body),
    work: world.store.taken().toSorted(),
  };
}

/** URL, headers and body of an operation as `asker` would send it, with the change in it. */
export function requestOf(operation: Operation, asker: Tenant, { place, value }: Change) {
  const number = ++asked;
  const at = (where: string, name: string): string | undefined =>
    place?.in === where && place.name === name ? value : undefined;
  const names: Record<string, string> = {};
  const headers: Record<string, string> = operation.open ? {} : { authorization: `Bearer ${asker.token}` };
  const search = new URLSearchParams();
  for (const { name, in: where, schema, required } of operation.parameters) {
    const given = at(where, name);
    if (where === 'path') {
      names[name] = given ?? String(example(name, schema, asker, operation, place, number));
    } else if (where === 'query' && given !== undefined) search.set(name, given);
    else if (where === 'query' && required === true) {
      search.set(name, String(example(name, schema, asker, operation, place, number)));
    } else if (where === 'header' && name === 'If-Match' && required === true) headers[name] = given ?? '*';
    else if (where === 'header' && name === 'Idempotency-Key')
      headers[name] = given ?? `key-${`${number}`.padStart(8, '0')}`;
    else if (where === 'header' && given !== undefined) headers[name] = given;
  }
  const path = operation.path.replace(/\{([a-z_]+)\}/g, (_, name: string) => names[name] ?? '');
  const query = search.size === 0 ? '' : `?${search}`;
  return { url: `${path}${query}`, headers, payload: bodyOf(operation, asker, place, value, number) };
}

function bodyOf(
  operation: Operation,
  asker: Tenant,
  place: Place | undefined,
  value: string | undefined,
  number: number,
): object | undefined {
  if (operation.body === undefined) return undefined;
  const way = place?.in === 'body' ? place.at : undefined;
  const whole = sample(operation.body, { operation, asker, place, value, number }, '', way);
  if (typeof whole !== 'object' || whole === null) throw new Error(`${operation.key}: the body is no object`);
  return whole;
}

/** Members that a body need not have by its schema, and without which the core has nothing to look for. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/grants': ['not_after'],
  'POST /v1/stays': ['property_id', 'door_ids', 'person_id'],
  'POST /v1/stays/import': ['property_id'],
  'POST /v1/stays/{id}/duplicate': ['person_id'],
  'POST /v1/stays/{id}/move': ['door_ids'],
  'POST /v1/properties/{id}/one-shot': ['door_ids', 'person_id'],
};

interface Sampling {
  readonly operation: Operation;
  readonly asker: Tenant;
  readonly place: Place | undefined;
  readonly value: string | undefined;
  readonly number: number;
}

/** A value of a schema, of the asker's own; with `way`, one that has the changed value at the end of it. */
function sample(schema: Schema, sampling: Sampling, name: string, way: Place['at'] | undefined): unknown {
  if (way?.length === 0) return sampling.value;
  const [next, ...rest] = way ?? [];
  const all = alternativesOf(schema);
  const leads = (one: Schema): boolean =>
    typeof next === 'string' ? one.properties?.[next] !== undefined : one.items !== undefined;
  const { operation, asker, place, number } = sampling;
  const chosen = (way === undefined ? all[0] : all.find(leads)) ?? schema;
  if (chosen.const !== undefined) return chosen.const;
  if (chosen.properties !== undefined) {
    const { properties, required = [] } = chosen;
    const made: Record<string, unknown> = {};
    for (const [member, one] of Object.entries(properties)) {
      if (member === next) made[member] = sample(one, sampling, member, rest);
      else if (required.includes(member) || (name === '' && OPTIONAL[operation.key]?.includes(member)))
        made[member] = sample(one, sampling, member, undefined);
    }
    return made;
  }
  if (chosen.items !== undefined) {
    const item =
      next === 0 ? sample(chosen.items, sampling, name, rest) : sample(chosen.items, sampling, name, undefined);
    return [item];
  }
  return example(name, chosen, asker, operation, place, number);
}

/** A value of the asker's own, by the member's name and schema. */
function example(
  name: string,
  schema: Schema,
  asker: Tenant,
  operation: Operation,
  place: Place | undefined,
  number: number,
): unknown {
  const noun = name === 'id' ? nounOfPath(operation.path) : name.replace(/_ids?$/, '');
  const own = asker.ids[name === 'lock_identifier' ? 'identifier' : noun];
  if (own !== undefined && name !== 'token') return own;
  if (name === 'fault') return place?.noun === 'gateway' ? 'gateway' : 'jam';
  if (name === 'value') return 'on';
  if (name === 'email' || name === 'owner_email') return operation.open ? asker.email : `new-${number}@new.invalid`;
  if (name === 'address' || name === 'contact') return `new-${number}@new.invalid`;
  if (name === 'current_password' || (name === 'password' && operation.open)) return asker.password;
  if (name === 'time_zone') return 'Europe/Berlin';
  if (name === 'region') return 'eu';
  // A visit is short.
  if (name === 'not_after' && operation.path === '/v1/visitors') return '2026-01-20T12:00:00Z';
  if (name === 'until' || schema.format === 'date-time') return '2026-03-01T12:00:00Z';
  if (name === 'public_key') return `04${'0'.repeat(128)}`;
  if (name === 'challenge') return '0'.repeat(64);
  if (name === 'signature') return '0'.repeat(128);
  if (name === 'file') return 'reference,room,name,arrival,departure\n1,101,Guest,2026-02-01,2026-02-03\n';
  if (name === 'data') return 'iVBORw0KGgo=';
  if (name === 'from') return '1';
  if (name === 'record') return '00'.repeat(36);
  if (name === 'response' || name === 'passkey') return {};
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'boolean') return false;
  if (schema.type === 'integer' || schema.type === 'number') return name === 'expires_in_s' ? 600 : 1;
  if (schema.type === 'string') return `long new text ${number}`;
  throw new Error(`${operation.key}: no example for ${name}`);
}

/** What the last thing of a path is called: `/v1/doors/{id}/enrol` and `/v1/doors` are about a door. */
export function nounOfPath(path: string): string {
  const named =
    /\/([a-z-]+)\/\{id\}/.exec(path)?.[1] ??
    path
      .split('/')
      .filter((part) => !part.startsWith('{'))
      .at(-1);
  return (named ?? '').replace(/ies$/, 'y').replace(/s$/, '');
}

/** An id of the same shape and moment that never was. */
export function neverWas(id: string): string {
  return id.replace(/.$/, (last) => (last === '9' ? '8' : '9'));
}

/** A cursor after the thing of this id, as the server gives them out. */
export function cursorAfter(id: string): string {
  return Buffer.from(id).toString('base64url');
}
