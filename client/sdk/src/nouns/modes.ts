import type { BodyOf, DoorMode, LockdownStarted } from '@cardea/wire-api';
import { everyItem } from '../pages.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** The modes of all doors of a property. */
export interface ModesClient {
  /** Locks every door of a property down, or ends it: what was begun at each. */
  lockdown(
    propertyId: string,
    input: BodyOf<'POST /v1/properties/{id}/lockdown'>,
    options?: RequestOptions,
  ): Promise<LockdownStarted>;
  /** The doors of a property, each with its mode. */
  modes(propertyId: string, options?: RequestOptions): AsyncGenerator<DoorMode, void, void>;
}

/** {@link ModesClient} over a transport. */
export const modesClient = ({ call }: Transport): ModesClient => ({
  lockdown: (id, body, more) => call('POST /v1/properties/{id}/lockdown', { params: { id }, body }, more),
  modes: (id, more) =>
    everyItem((cursor) =>
      call('GET /v1/properties/{id}/modes', { params: { id }, query: cursor === undefined ? {} : { cursor } }, more),
    ),
});
