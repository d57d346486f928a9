/** A place in a request that names a thing: what an attacker puts a foreign id into. */
export interface Place {
  /** `GET /v1/doors/{id}`. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly in: 'path' | 'query' | 'body' | 'header';
  /** The parameter or the body's member. */
  readonly name: string;
  /** Where in a body: members, and 0 for an item of a list. Of anything else its name alone. */
  readonly at: readonly (string | 0)[];
  /** What is named: `door`, `identifier`, `cursor`, `key` (an Idempotency-Key), `etag`, `event`. */
  readonly noun: string;
}

/** One operation of an OpenAPI document with what it takes. */
export interface Operation {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly open: boolean;
  /** Media type of its answer. */
  readonly media: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

/** As much of JSON Schema as the document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
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
  order: 'how',
  bucket: 'one of a list',
  wait_s: 'how long',
  type: 'a kind of event',
  force: 'how',
  erase: 'how',
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
  polygon: 'numbers',
  kind: 'one of a list',
  latitude: 'a number',
  longitude: 'a number',
  radius_m: 'a number',
  level: 'a number',
  media_type: 'one of a list',
  data: "the asker's own picture",
  width: 'a number',
  height: 'a number',
  x: 'a number',
  y: 'a number',
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
  from: "a moment, or a number in the asker's own audit log",
  to: "a moment, or a number in the asker's own audit log",
  until: 'a moment',
  at: 'a moment',
  start_at: 'a moment',
  not_before: 'a moment',
  not_after: 'a moment',
  date: 'a day',
  days: 'days of the week',
  window: 'how long',
  within_hours: 'how long',
  valid_for_s: 'how long',
  accuracy_m: 'a number',
  uses: 'how often',
  series: "a number in the asker's own organization",
  operation: 'one of a list',
  operations: 'of a list',
  methods: 'of a list',
  drop: 'of a list',
  mode: 'one of a list',
  purpose: 'one of a list',
  second_factor: 'one of a list',
  registration: 'one of a list',
  format: 'one of a list',
  second_person: 'how',
  replace: 'how',
  check_in: 'how',
  dry_run: 'how',
  on: 'how',
  emergency: 'how',
  reason: 'what the asker says',
  device: 'what the asker calls its device',
  cookie: 'how',
  room: "a name, looked for among the doors of the asker's own property; it names no other's",
  contact: 'an address; it is unique in its organization',
  address: 'an address; it is looked for in one organization, and who asks is not told',
  file: "the asker's own lines: rooms and names, looked for in its own property",
  challenge: 'a secret of the asker, given to it alone',
  signature: "of the asker's own key",
  record: 'sealed by the lock whose identifier stands beside it',
  pin: 'a secret of the asker, or how',
  visitors: 'how',
  code: 'a secret of the asker',
  totp: 'a secret of the asker',
  recovery_code: 'a secret of the asker',
  step: 'a secret of 256 random bits that is itself the right',
  passkey: "of the asker's own authenticator",
  response: "of the asker's own authenticator",
};

/**
 * Things that are a person's own and found by who asks, or nothing without a secret that goes with the id: the same answer
 * and work for a foreign one and for none, as everywhere; but their owner may get that answer as well.
 */
export const BEHIND_A_SECRET: Readonly<Record<string, string>> = {
  verification: 'nothing without its code, and no answer says whether it is there',
  step: 'nothing without what the authenticator signs for it',
  passkey: 'looked for among those of who asks; another of the same organization gets the answer for none',
};

/** Places where its owner gets the answer for none as well, for a reason of the operation. */
export const WITHOUT_CONTROL: Readonly<Record<string, string>> = {
  'POST /v1/phones body person_id': 'a challenge is used before anybody is looked for; see the part about phones',
  'POST /v1/receipts body lock_identifier': 'what no lock has sealed is refused alike for every lock and none',
  'GET /v1/locks query property_id': 'no lock is at a door there: all are still being enrolled',
  'POST /v1/register body organization_id': 'public: the same answer for every organization, open or not',
  'POST /v1/verifications body organization_id': 'public: the same answer for every organization and address',
  'POST /v1/sessions/passkey body organization_id': 'public: the same challenge for every organization',
  'POST /v1/sessions/phone body organization_id': 'public: nothing is looked for before the key has signed',
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
    const add = (where: Place['in'], name: string, schema: Schema, at: Place['at'] = [name]): void => {
      const noun = where === 'header' ? HEADERS[name] : nounOf(name, schema, path);
      if (noun !== undefined) places.push({ operation: key, method, path, in: where, name, noun, at });
      else if (!Object.hasOwn(HARMLESS, name)) unknown.push(`${key}: ${where} ${name}`);
    };
    for (const parameter of operation.parameters) add(parameter.in as Place['in'], parameter.name, parameter.schema);
    if (operation.body === undefined) continue;
    const members = membersOf(operation.body);
    if (members.length === 0 && !DOCUMENTS.includes(key)) unknown.push(`${key}: a body without members`);
    for (const { name, schema, at } of members) add('body', name, schema, at);
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
  if (name !== 'id') return name.replace(/_ids?$/, '');
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
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly security: readonly unknown[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Member {
  readonly name: string;
  readonly schema: Schema;
  readonly at: Place['at'];
}

/** All members of a body that hold a value, and each place once: what holds others is not one itself. */
function membersOf(schema: Schema, at: Place['at'] = []): readonly Member[] {
  const found = alternativesOf(schema).flatMap((one): readonly Member[] => {
    if (one.properties !== undefined) {
      return Object.entries(one.properties).flatMap(([name, member]) => {
        const within = membersOf(member, [...at, name]);
        return within.length > 0 ? within : [{ name, schema: member, at: [...at, name] }];
      });
    }
    const name = at.at(-1);
    if (one.items === undefined || typeof name !== 'string') return [];
    const within = membersOf(one.items, [...at, 0]);
    // A list of ids is a place for one.
    return within.length > 0 ? within : [{ name, schema: one.items, at: [...at, 0] }];
  });
  return [...new Map(found.map((member) => [member.at.join('/'), member])).values()];
}

/** A schema, or each of those that may stand for it. */
export function alternativesOf(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(alternativesOf) ?? [schema];
}
