import type { BodyOf, Grant, QueryOf, Stay, StayAnswer, StayImport } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Stays, and what a desk does beside them. */
export interface StaysClient {
  /** The verbs of a hotel. */
  readonly stays: Listing<Stay, QueryOf<'GET /v1/stays'>> & {
    get(id: string, options?: RequestOptions): Promise<Stay>;
    /** Checks a guest in, or only reserves with `check_in: false`. */
    add(input: BodyOf<'POST /v1/stays'>, options?: RequestOptions): Promise<StayAnswer>;
    checkIn(id: string, input?: BodyOf<'POST /v1/stays/{id}/check-in'>, options?: RequestOptions): Promise<StayAnswer>;
    duplicate(
      id: string,
      input: BodyOf<'POST /v1/stays/{id}/duplicate'>,
      options?: RequestOptions,
    ): Promise<StayAnswer>;
    extend(id: string, until: string, options?: RequestOptions): Promise<StayAnswer>;
    move(id: string, input: BodyOf<'POST /v1/stays/{id}/move'>, options?: RequestOptions): Promise<StayAnswer>;
    checkOut(id: string, options?: RequestOptions): Promise<StayAnswer>;
    cancel(id: string, options?: RequestOptions): Promise<Stay>;
    /** Brings reservations of a file; with `dry_run` only tells what would be done. */
    importFile(input: BodyOf<'POST /v1/stays/import'>, options?: RequestOptions): Promise<StayImport>;
  };
  /** Lets somebody open a door once within hours. */
  oneShot(
    propertyId: string,
    input: BodyOf<'POST /v1/properties/{id}/one-shot'>,
    options?: RequestOptions,
  ): Promise<Grant>;
}

/** {@link StaysClient} over a transport. */
export const staysClient = ({ call }: Transport): StaysClient => ({
  stays: {
    ...listing((query, more) => call('GET /v1/stays', { query }, more)),
    get: (id, more) => call('GET /v1/stays/{id}', { params: { id } }, more),
    add: (body, more) => call('POST /v1/stays', { body }, more),
    checkIn: (id, body = {}, more = {}) => call('POST /v1/stays/{id}/check-in', { params: { id }, body }, more),
    duplicate: (id, body, more) => call('POST /v1/stays/{id}/duplicate', { params: { id }, body }, more),
    extend: (id, until, more) => call('POST /v1/stays/{id}/extend', { params: { id }, body: { until } }, more),
    move: (id, body, more) => call('POST /v1/stays/{id}/move', { params: { id }, body }, more),
    checkOut: (id, more) => call('POST /v1/stays/{id}/check-out', { params: { id } }, more),
    cancel: (id, more) => call('POST /v1/stays/{id}/cancel', { params: { id } }, more),
    importFile: (body, more) => call('POST /v1/stays/import', { body }, more),
  },
  oneShot: (id, body, more) => call('POST /v1/properties/{id}/one-shot', { params: { id }, body }, more),
});
