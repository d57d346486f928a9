/** A place in a request that names a thing: what an attacker puts a foreign id into. */
export interface Place {
  /** `GET /v1/doors/{id}`. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly in: 'path' | 'query' | 'body' | 'header';
  /** The parameter or the body's member. */
  readonly name: string;
  /** What is named: `door`, `identifier`, `cursor`, `key` (an Idempotency-Key), `etag`, `event`. */
  readonly noun: string;
}

/** One operation of an OpenAPI document with what it takes. */
export interface Operation {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly body: Schema | undefined;
  readonly open: boolean;
  /** Media type of its answer. */
  readonly media: string;
}

/** As much of JSON Schema as the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
}

/** What names nothing of a tenant's, by name: each with the reason why it cannot be a way in. */
const HARMLESS: Readonly<Record<string, string>> = {
  limit: 'how many',
  wait_s: 'how long',
  type: 'a kind of event',
  force: 'how',
  fault: 'one of a list',
  name: 'what the asker calls a thing of its own organization',
  owner_name: 'what a person of a new organization is called',
  owner_email: 'a sign-in name is unique in its organization; the new one has none yet',
  email: 'a sign-in name is looked for in one organization; see the part about sign-in names',
  password: 'a secret of the asker',
  current_password: 'a secret of the asker',
  new_password: 'a secret of the asker',
  token: 'a secret of 256 random bits that is itself the right',
  time_zone: 'one of a list',
  region: 'a word',
  geofence: 'numbers',
  check_in_time: 'a time of day',
  check_out_time: 'a time of day',
  offline_lease_s: 'how long',
  kind: 'one of a list',
  latitude: 'a number',
  longitude: 'a number',
  radius_m: 'a number',
  level: 'a number',
  role: 'one of a list',
  scopes: 'of a list',
  expires_in_s: 'how long',
  time_to_live_s: 'how long',
  step_back: 'how',
  value: 'how',
  state: 'one of a list',
  rule: 'one of a list',
  public_key: "the gateway's own",
  proof: "of the gateway's own key",
  from: "a number in the asker's own audit log",
  to: "a number in the asker's own audit log",
};

/** Bodies whose inside is the maker's document and not the API's: what may stand there has a part of its own. */
const DOCUMENTS: readonly string[] = ['POST /v1/manifests'];

/**
 * Every place of the document that can name a thing, found by the schemas: the pattern of an id, of a lock's identifier,
 * or the header's meaning. What is neither that nor known to name nothing is `unknown`: it must be looked at before
 * anything is said of it.
 */
export function placesOf(document: object): {
  readonly operations: readonly Operation[];
  readonly places: readonly Place[];
  readonly unknown: readonly string[];
} {
  const operations = operationsOf(document);
  const places: Place[] = [];
  const unknown: string[] = [];
  for (const operation of operations) {
    const { key, method, path } = operation;
    const add = (where: Place['in'], name: string, schema: Schema): void => {
      const noun = where === 'header' ? HEADERS[name] : nounOf(name, schema, path);
      if (noun !== undefined) places.push({ operation: key, method, path, in: where, name, noun });
      else if (!Object.hasOwn(HARMLESS, name)) unknown.push(`${key}: ${where} ${name}`);
    };
    for (const parameter of operation.parameters) add(parameter.in as Place['in'], parameter.name, parameter.schema);
    if (operation.body === undefined) continue;
    const members = membersOf(operation.body);
    if (members.length === 0 && !DOCUMENTS.includes(key)) unknown.push(`${key}: a body without members`);
    for (const [name, schema] of members) add('body', name, schema);
  }
  return { operations, places, unknown };
}

const HEADERS: Readonly<Record<string, string>> = {
  'Idempotency-Key': 'key',
  'If-Match': 'etag',
  'If-None-Match': 'etag',
  'Last-Event-ID': 'event',
};

const ID_SAMPLE = /^door_0198c0de-0000-7000-8000-000000000000$/;
const IDENTIFIER_SAMPLE = 'C0FFEE000001';

/** What a parameter of this name and schema names. */
function nounOf(name: string, schema: Schema, path: string): string | undefined {
  const one = schema.anyOf?.find((each) => each.type === 'string') ?? schema;
  if (name === 'cursor') return 'cursor';
  if (one.type !== 'string' || one.pattern === undefined) return undefined;
  const pattern = new RegExp(one.pattern);
  if (pattern.test(IDENTIFIER_SAMPLE) && !pattern.test('C0FFEE')) return 'identifier';
  if (!pattern.test(ID_SAMPLE.source.slice(1, -1)) || pattern.test('not an id')) return undefined;
  if (Object.hasOwn(HARMLESS, name)) return undefined;
  if (name !== 'id') return name.replace(/_id$/, '');
  const segment = /\/([a-z-]+)\/\{id\}/.exec(path)?.[1] ?? '';
  return segment.replace(/ies$/, 'y').replace(/s$/, '');
}

function operationsOf(document: object): readonly Operation[] {
  const { paths, components } = document as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Raw>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  };
  const resolved = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const found = components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    if (found === undefined) throw new Error(`${schema.$ref} is not in the document`);
    return resolved(found);
  };
  const deeply = (schema: Schema): Schema => {
    const whole = resolved(schema);
    return {
      ...whole,
      ...(whole.anyOf && { anyOf: whole.anyOf.map(deeply) }),
      ...(whole.items && { items: deeply(whole.items) }),
      ...(whole.properties && {
        properties: Object.fromEntries(Object.entries(whole.properties).map(([name, one]) => [name, deeply(one)])),
      }),
    };
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => ({
      key: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      parameters: raw.parameters.map((one) => ({ ...one, schema: deeply(one.schema) })),
      body: raw.requestBody && deeply(raw.requestBody.content['application/json'].schema),
      open: raw.security.length === 0,
      media: Object.keys(Object.values(raw.responses)[0]?.content ?? {})[0] ?? '',
    })),
  );
}

interface Raw {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly security: readonly unknown[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** All members of a body, those of members included. */
function membersOf(schema: Schema): readonly (readonly [string, Schema])[] {
  const parts = [schema, ...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  return parts.flatMap((part) =>
    Object.entries(part.properties ?? {}).flatMap(([name, one]) => [
      [name, one] as const,
      ...(one.type === 'object' || one.anyOf !== undefined || one.items !== undefined ? membersOf(one) : []),
    ]),
  );
}
