import { openApi } from '@cardea/wire-api';
import { describe, expect, it } from 'vitest';
import { run } from '../src/foreign-tenant.ts';
import { placesOf } from '../src/tenants/places.ts';

type Document = { readonly paths: Record<string, Record<string, unknown>> };

/** The document with one more operation, as a new route would add it. */
function withOperation(path: string, operation: object): Document {
  const document = structuredClone(openApi('0')) as unknown as Document;
  document.paths[path] = {
    get: { parameters: [], security: [{ bearer: [] }], responses: { 200: {} }, ...operation },
  };
  return document;
}

const id = { type: 'string', pattern: '^[a-z]+_[0-9A-Za-z-]{1,64}$' };

describe('attack 36 is generated from the OpenAPI document', () => {
  it('finds every place that can name a thing, and has looked at everything else', () => {
    const { places, unknown, operations } = placesOf(openApi('0'));
    expect(unknown).toEqual([]);
    expect(operations.length).toBeGreaterThanOrEqual(45);
    const named = places.map((place) => `${place.operation} ${place.in} ${place.name} (${place.noun})`);
    expect(named).toEqual(
      expect.arrayContaining([
        'GET /v1/doors/{id} path id (door)',
        'GET /v1/doors/{id} header If-None-Match (etag)',
        'GET /v1/properties query cursor (cursor)',
        'DELETE /v1/properties/{id} path id (property)',
        'POST /v1/doors body floor_id (floor)',
        'POST /v1/doors/{id}/enrol body identifier (identifier)',
        'POST /v1/doors/{id}/unlock header Idempotency-Key (key)',
        'GET /v1/legitimacy/{identifier} path identifier (identifier)',
        'GET /v1/events/stream header Last-Event-ID (event)',
        'POST /v1/sessions body organization_id (organization)',
        'POST /v1/sim/{fault} body gateway_id (gateway)',
      ]),
    );
  });

  it.each([
    ['a text of which nobody has said what it names', { name: 'serial', in: 'query', schema: { type: 'string' } }],
    ['a number of which nobody has said what it names', { name: 'index', in: 'path', schema: { type: 'integer' } }],
  ])('a new route with %s is named', (_, parameter) => {
    const document = withOperation('/v1/things', { parameters: [parameter] });
    expect(placesOf(document).unknown).toEqual([`GET /v1/things: ${parameter.in} ${parameter.name}`]);
  });

  it('a new route about a noun that the two tenants do not have fails until they have it', async () => {
    const document = withOperation('/v1/wardrobes/{id}', { parameters: [{ name: 'id', in: 'path', schema: id }] });
    // Nothing else of the document: what is tried of the true one is the attack itself.
    for (const path of Object.keys(document.paths)) {
      if (path !== '/v1/wardrobes/{id}' && path !== '/metrics') delete document.paths[path];
    }
    const result = await run(document, 1, false);
    expect(result.succeeded).toBe(true);
    expect(result.detail.filter((line) => line.startsWith('THROUGH'))).toEqual([
      expect.stringContaining('GET /v1/wardrobes/{id}, path id: no thing of the noun wardrobe to ask for'),
      expect.stringContaining('no thing of the noun wardrobe to ask for'),
    ]);
  });
});
