import type { Attempt, Legitimacy, Lock, LockChain, ManifestAnswer, QueryOf } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Locks, and the manifests that they are known by. */
export interface LocksClient {
  readonly locks: Listing<Lock, QueryOf<'GET /v1/locks'>> & {
    get(id: string, options?: RequestOptions): Promise<Lock>;
    /** How far the lock's event chain is verified, and what is missing of it. */
    chain(id: string, options?: RequestOptions): Promise<LockChain>;
    importManifest(manifest: Record<string, unknown>, options?: RequestOptions): Promise<ManifestAnswer>;
    legitimacy(identifier: string, options?: RequestOptions): Promise<Legitimacy>;
    /**
     * Starts returning the lock to its factory state. With `force` the lock is not asked but withdrawn at once: the
     * attempt is over as `not_sent`, and the lock holds its key until it is reset at the lock.
     */
    remove(id: string, options?: RequestOptions & { readonly force?: boolean }): Promise<Attempt>;
    /** Starts setting the clock; `stepBack` confirms a step of over 60 s back. */
    setTime(id: string, stepBack?: boolean, options?: RequestOptions): Promise<Attempt>;
  };
}

/** {@link LocksClient} over a transport. */
export const locksClient = ({ call }: Transport): LocksClient => ({
  locks: {
    ...listing((query, more) => call('GET /v1/locks', { query }, more)),
    get: (id, more) => call('GET /v1/locks/{id}', { params: { id } }, more),
    chain: (id, more) => call('GET /v1/locks/{id}/chain', { params: { id } }, more),
    importManifest: (body, more) => call('POST /v1/manifests', { body }, more),
    legitimacy: (identifier, more) => call('GET /v1/legitimacy/{identifier}', { params: { identifier } }, more),
    remove: (id, { force, ...more } = {}) =>
      call('DELETE /v1/locks/{id}', { params: { id }, query: force === undefined ? {} : { force } }, more),
    setTime: (id, stepBack = false, more = {}) =>
      call('POST /v1/locks/{id}/set-time', { params: { id }, body: { step_back: stepBack } }, more),
  },
});
