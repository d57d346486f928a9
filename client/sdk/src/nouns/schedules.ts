import type { BodyOf, QueryOf, Schedule, ScheduleAnswer } from '@cardea/wire-api';
import { listing, type Noun } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Schedules: when a grant holds. */
export interface SchedulesClient {
  readonly schedules: Noun<Schedule, QueryOf<'GET /v1/schedules'>, BodyOf<'POST /v1/schedules'>, ScheduleAnswer> & {
    /** Replaces what is named; the rest stays. */
    change(id: string, change: BodyOf<'PATCH /v1/schedules/{id}'>, options?: RequestOptions): Promise<ScheduleAnswer>;
  };
}

/** {@link SchedulesClient} over a transport. */
export const schedulesClient = ({ call }: Transport): SchedulesClient => ({
  schedules: {
    ...listing((query, more) => call('GET /v1/schedules', { query }, more)),
    get: (id, more) => call('GET /v1/schedules/{id}', { params: { id } }, more),
    add: (body, more) => call('POST /v1/schedules', { body }, more),
    change: (id, body, more) => call('PATCH /v1/schedules/{id}', { params: { id }, body }, more),
    remove: (id, more) => call('DELETE /v1/schedules/{id}', { params: { id } }, more),
  },
});
