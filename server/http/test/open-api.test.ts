import {
  type Endpoint,
  endpointKeys,
  endpoints,
  methodAndPath,
  openApi,
  problemKinds,
  refusalsOf,
} from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { createRig } from './rig.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document is walked as it is
type Json = Record<string, any>;
const document = openApi('0.1.0') as Json;

/** Every object of the document with its path. */
function* walk(value: unknown, path = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  yield [path, value as Json];
  for (const [key, part] of Object.entries(value)) yield* walk(part, `${path}/${key}`);
}

describe('OpenAPI 3.1', () => {
  it('is served, and is what the generator says', async () => {
    const { app } = createRig();
    const response = await app.inject('/v1/openapi.json');
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has the members that 4.8.1 wants, and an operation with a unique id for each endpoint', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info).toMatchObject({ title: 'Cardea', version: '0.1.0' });
    const ids = new Set<string>();
    for (const key of endpointKeys) {
      const { method, path } = methodAndPath(key);
      const operation = document.paths[path]?.[method.toLowerCase()];
      expect(operation, key).toBeDefined();
      expect(operation.summary.length).toBeGreaterThan(3);
      ids.add(operation.operationId);
    }
    expect(ids.size).toBe(endpointKeys.length);
    const described = Object.values(document.paths as Json).flatMap((item) => Object.keys(item as Json));
    expect(described).toHaveLength(endpointKeys.length);
  });

  it('has a route at the server for each operation that it describes', () => {
    const { app } = createRig();
    for (const key of endpointKeys) {
      const { method, path } = methodAndPath(key);
      expect(app.hasRoute({ method, url: path.replace(/\{([a-z_]+)\}/g, ':$1') }), key).toBe(true);
    }
  });

  it('describes every refusal by its status, as problem+json', () => {
    for (const key of endpointKeys) {
      const { method, path } = methodAndPath(key);
      const { responses } = document.paths[path][method.toLowerCase()];
      for (const code of refusalsOf(endpoints[key] as Endpoint, method)) {
        const answer = responses[problemKinds[code].status];
        expect(answer.description, `${key} ${code}`).toContain(`\`${code}\``);
        expect(answer.content['application/problem+json'].schema.$ref).toBe('#/components/schemas/Problem');
      }
    }
  });

  it('every parameter of a path template is declared, in the path and required', () => {
    for (const [path, item] of Object.entries(document.paths as Json)) {
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(item as Json)) {
        const declared = operation.parameters.filter((one: Json) => one.in === 'path');
        expect(declared.map((one: Json) => one.name)).toEqual(names);
        expect(declared.every((one: Json) => one.required === true)).toBe(true);
      }
    }
  });

  it('every reference leads somewhere, every answer is described, every scheme is declared', () => {
    for (const [path, value] of walk(document)) {
      if (typeof value.$ref === 'string') {
        const target = value.$ref
          .slice(2)
          .split('/')
          .reduce((at: Json, key: string) => at?.[key], document);
        expect(target, `${path} -> ${value.$ref}`).toBeDefined();
      }
      if (/\/responses\/\d+$/.test(path)) expect(typeof value.description, path).toBe('string');
      if (/\/security\/\d+$/.test(path)) {
        for (const name of Object.keys(value)) expect(document.components.securitySchemes[name]).toBeDefined();
      }
    }
  });

  it('every schema type is one of JSON Schema 2020-12', () => {
    const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
    for (const [path, value] of walk(document.components.schemas)) {
      if (typeof value.type === 'string') expect(types, path).toContain(value.type);
    }
  });
});
