import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Store } from '@cardea/server-core';

/**
 * The least that can answer `GET /v1/doors/{id}` to the bearer of a token: the same three reads of the same store (token,
 * person, door) and the row as JSON, on node's own server; no routing, schema, limit, scope, header or log.
 */
export function createBareLookup(store: Store): RequestListener {
  return (request, response) => {
    const token = (request.headers.authorization ?? '').slice('Bearer '.length);
    const hash = createHash('sha256').update(token).digest('hex');
    const doorId = (request.url ?? '').slice('/v1/doors/'.length);
    store
      .read(async (tx) => {
        const stored = await tx.tokens.byHash(hash);
        if (stored === undefined) return undefined;
        const person = await tx.persons.get(stored.organizationId, stored.personId);
        return person && tx.doors.get(person.organizationId, doorId);
      })
      .then(
        (door) => {
          response.writeHead(door === undefined ? 404 : 200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(door ?? null));
        },
        () => response.destroy(),
      );
  };
}
