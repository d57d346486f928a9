import { type Endpoint, endpointKeys, endpoints, type Method, methodAndPath } from '@cardea/wire-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearing, createRig } from './rig.ts';

interface Shape {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Octets in hex, of the sizes that the API has: keys, challenges, signatures. */
const HEX = [32, 54, 64, 65].map((octets) => 'a5'.repeat(octets));

/** One value that a schema takes. */
function valid(shape: Shape): unknown {
  if (shape.const !== undefined) return shape.const;
  if (shape.anyOf) return shape.anyOf.some(({ type }) => type === 'null') ? null : valid(shape.anyOf[0] ?? {});
  if (shape.enum) return shape.enum[0];
  if (shape.type === 'object') {
    return Object.fromEntries(Object.entries(shape.properties ?? {}).map(([name, part]) => [name, valid(part)]));
  }
  if (shape.type === 'array') return [valid(shape.items ?? {})];
  if (shape.type === 'integer' || shape.type === 'number') return Math.max(shape.minimum ?? 0, 60);
  if (shape.type === 'boolean') return true;
  if (shape.format === 'email') return 'bo@hotel.example';
  if (shape.format === 'date-time') return '2026-12-24T12:00:00Z';
  const samples = [
    'prop_1',
    'Europe/Berlin',
    'eu',
    'C0FFEE000001',
    'a name',
    'a long password here',
    '08:30',
    '2026-12-25',
    ...HEX,
  ];
  return samples.find(
    (text) =>
      new RegExp(shape.pattern ?? '').test(text) &&
      text.length >= (shape.minLength ?? 0) &&
      text.length <= (shape.maxLength ?? 999),
  );
}

/** Values that a schema refuses, whatever it is: by type, by range, by length, by pattern. */
function wrong(shape: Shape): fc.Arbitrary<unknown> {
  const one = shape.anyOf?.find((part) => part.type !== 'null') ?? shape;
  const nulls = shape.anyOf ? [] : [fc.constant(null)];
  const others = [
    ...(one.type === 'string' || one.enum ? [] : [fc.string()]),
    ...(one.type === 'integer' || one.type === 'number' ? [] : [fc.integer()]),
    ...(one.type === 'boolean' ? [] : [fc.boolean()]),
    ...(one.type === 'array' ? [] : [fc.constant([])]),
    ...(one.type === 'object' ? [] : [fc.constant({})]),
    ...(one.enum ? [fc.string().filter((text) => !one.enum?.includes(text))] : []),
    ...(one.maximum !== undefined ? [fc.integer({ min: one.maximum + 1 })] : []),
    ...(one.minimum !== undefined ? [fc.integer({ max: one.minimum - 1 })] : []),
    ...(one.type === 'integer' ? [fc.constant(60.5)] : []),
    ...(one.maxLength !== undefined ? [fc.constant('x'.repeat(one.maxLength + 1))] : []),
    ...(one.minLength !== undefined ? [fc.constant('')] : []),
    ...(one.pattern !== undefined ? [fc.string().filter((text) => !new RegExp(one.pattern ?? '').test(text))] : []),
  ];
  return fc.oneof(...nulls, ...others);
}

const bodies = endpointKeys.flatMap((key) => {
  const { body } = endpoints[key] as Endpoint;
  const shape = body as Shape | undefined;
  return shape?.properties === undefined || Object.keys(shape.properties).length === 0
    ? []
    : [{ key, shape, ...methodAndPath(key) }];
});

let keys = 0;
const ask = (rig: ReturnType<typeof createRig>, method: Method, path: string, payload: unknown) =>
  rig.app.inject({
    method,
    url: path.replace('{id}', 'door_1').replace('{fault}', 'jam'),
    headers: bearing(rig.token, { 'idempotency-key': `f${++keys}`, 'content-type': 'application/json' }),
    payload: JSON.stringify(payload),
  });
const unbounded = { capacity: 1e9, refillPerS: 1e9 };
const open = { perAddress: unbounded, strangers: unbounded, perToken: unbounded };

describe('bad input at every field gives a problem that names the field', () => {
  it.each(bodies)('$key: a value that is wrong', async ({ shape, method, path }) => {
    const rig = createRig({ limits: open });
    const names = Object.keys(shape.properties ?? {});
    const bad = fc
      .constantFrom(...names)
      .chain((name) => fc.tuple(fc.constant(name), wrong(shape.properties?.[name] ?? {})));
    await fc.assert(
      fc.asyncProperty(bad, async ([name, value]) => {
        const good = valid(shape) as Record<string, unknown>;
        const response = await ask(rig, method, path, { ...good, [name]: value });
        expect(response.statusCode, response.body).toBe(400);
        expect(response.json()).toMatchObject({ code: 'invalid', retryable: false });
        expect(response.json().field).toMatch(new RegExp(`^body\\.${name}(\\.|$)`));
        expect(response.json().detail).toContain(`body.${name}`);
      }),
      { numRuns: 60 },
    );
    expect(rig.core.calls).toEqual([]);
  });

  it.each(bodies)('$key: a member that is missing, and one that is not known', async ({ shape, method, path }) => {
    const rig = createRig();
    const good = valid(shape) as Record<string, unknown>;
    for (const name of shape.required ?? []) {
      const { [name]: _, ...rest } = good;
      expect((await ask(rig, method, path, rest)).json()).toMatchObject({ code: 'invalid', field: `body.${name}` });
    }
    const response = await ask(rig, method, path, { ...good, colour: 'red' });
    expect(response.json()).toMatchObject({ code: 'invalid', field: 'body.colour' });
    for (const name of Object.keys(shape.properties ?? {})) expect(response.json().detail).toContain(name);
    expect(rig.core.calls).toEqual([]);
  });

  const queries = endpointKeys.flatMap((key) => {
    const shape = (endpoints[key] as Endpoint).query as Shape | undefined;
    return shape === undefined ? [] : [{ key, shape, ...methodAndPath(key) }];
  });
  it.each(queries)('$key: a query that is wrong', async ({ shape, method, path }) => {
    const { app, token } = createRig();
    const url = path.replace('{id}', 'att_1');
    // What has to be there is, so that it is the one wrong member that is named.
    const needed = (search: string) =>
      (shape.required ?? [])
        .filter((name) => !search.startsWith(`${name}=`))
        .map((name) => `&${name}=${valid(shape.properties?.[name] ?? {})}`)
        .join('');
    const get = async (search: string) =>
      (await app.inject({ method, url: `${url}?${search}${needed(search)}`, headers: bearing(token) })).json();
    expect(await get('colour=red')).toMatchObject({ code: 'invalid', field: 'query.colour' });
    expect(await get('__proto__=1')).toMatchObject({ code: 'invalid' });
    for (const name of Object.keys(shape.properties ?? {})) {
      for (const text of ['%00', '-1', '1e9', 'a%20b%0A']) {
        if (name === 'name' && text !== '%00' && text !== 'a%20b%0A') continue;
        expect(await get(`${name}=${text}`), `${name}=${text}`).toMatchObject({
          code: 'invalid',
          field: `query.${name}`,
        });
      }
      expect(await get(`${name}=1&${name}=2`)).toMatchObject({ code: 'invalid' });
    }
  });

  it('a cursor that the server did not give out is refused by its name', async () => {
    const { app, token } = createRig();
    const response = await app.inject({ url: '/v1/doors?cursor=bm9uc2Vuc2U', headers: bearing(token) });
    expect(response.json()).toMatchObject({ status: 400, field: 'query.cursor' });
  });

  it('a refusal of the core names the field as the API spells it', async () => {
    const rig = createRig();
    const response = await ask(rig, 'POST', '/v1/properties', { name: 'A', time_zone: 'Mars/Base', region: 'eu' });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid', field: 'body.time_zone' });
  });
});
