import type { BodyOf, Floor, FloorDrawing, QueryOf } from '@cardea/wire-api';
import { listing, type Noun } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** The floors of a property, each with its plan. */
export interface FloorsClient {
  readonly floors: Noun<Floor, QueryOf<'GET /v1/floors'>, BodyOf<'POST /v1/floors'>> & {
    /** Changes what is named; the rest stays. */
    change(id: string, change: BodyOf<'PATCH /v1/floors/{id}'>, options?: RequestOptions): Promise<Floor>;
    /** Says where the doors of the floor are on its plan: all of it or nothing. */
    drawPlan(id: string, plan: BodyOf<'PUT /v1/floors/{id}/plan'>, options?: RequestOptions): Promise<Floor>;
    /** The picture behind the plan of the floor; null where there is none. */
    drawing(id: string, options?: RequestOptions): Promise<FloorDrawing>;
    /** Puts a picture behind the plan: PNG, JPEG or WebP in base64, at most 1 MiB. */
    setDrawing(id: string, picture: BodyOf<'PUT /v1/floors/{id}/drawing'>, options?: RequestOptions): Promise<Floor>;
    removeDrawing(id: string, options?: RequestOptions): Promise<void>;
  };
}

/** {@link FloorsClient} over a transport. */
export const floorsClient = ({ call }: Transport): FloorsClient => ({
  floors: {
    ...listing((query, more) => call('GET /v1/floors', { query }, more)),
    get: (id, more) => call('GET /v1/floors/{id}', { params: { id } }, more),
    add: (body, more) => call('POST /v1/floors', { body }, more),
    change: (id, body, more) => call('PATCH /v1/floors/{id}', { params: { id }, body }, more),
    drawPlan: (id, body, more) => call('PUT /v1/floors/{id}/plan', { params: { id }, body }, more),
    drawing: (id, more) => call('GET /v1/floors/{id}/drawing', { params: { id } }, more),
    setDrawing: (id, body, more) => call('PUT /v1/floors/{id}/drawing', { params: { id }, body }, more),
    removeDrawing: (id, more) => call('DELETE /v1/floors/{id}/drawing', { params: { id } }, more),
    remove: (id, more) => call('DELETE /v1/floors/{id}', { params: { id } }, more),
  },
});
