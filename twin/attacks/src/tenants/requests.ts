import { Buffer } from 'node:buffer';
import type { Operation, Place, Schema } from './places.ts';
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
  for (const { name, in: where, schema } of operation.parameters) {
    const given = at(where, name);
    if (where === 'path') {
      names[name] = given ?? String(example(name, schema, asker, operation, place, number));
    } else if (where === 'query' && given !== undefined) search.set(name, given);
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
  const { properties = {}, required = [] } = operation.body;
  const body: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (place?.in === 'body' && place.name === name) body[name] = value;
    else if (required.includes(name)) body[name] = example(name, schema, asker, operation, place, number);
  }
  if (place?.in === 'body' && !Object.hasOwn(properties, place.name)) {
    throw new Error(`${operation.key}: ${place.name} is not at the top of the body`);
  }
  return body;
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
  const noun = name === 'id' ? nounOfPath(operation.path) : name.replace(/_id$/, '');
  const own = asker.ids[noun];
  if (own !== undefined && name !== 'token') return own;
  if (name === 'fault') return place?.noun === 'gateway' ? 'gateway' : 'jam';
  if (name === 'value') return 'on';
  if (name === 'email' || name === 'owner_email') return operation.open ? asker.email : `new-${number}@new.invalid`;
  if (name === 'current_password' || (name === 'password' && operation.open)) return asker.password;
  if (name === 'time_zone') return 'Europe/Berlin';
  if (name === 'region') return 'eu';
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.items !== undefined) return [schema.items.enum?.[0]];
  if (schema.type === 'integer') return name === 'expires_in_s' ? 600 : 1;
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
