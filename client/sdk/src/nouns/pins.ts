import type { BodyOf, GrantMethod, GrantPins, KeypadReopening, MadePin } from '@cardea/wire-api';
import type { RequestOptions, Transport } from '../transport.ts';

/** PINs of grants, and the keypads that take them. */
export interface PinsClient {
  readonly pins: {
    /** A PIN for the doors of a grant, in the answer this once. */
    make(grantId: string, input: BodyOf<'POST /v1/grants/{id}/pins'>, options?: RequestOptions): Promise<MadePin>;
    list(grantId: string, options?: RequestOptions): Promise<GrantPins>;
    /** Takes all PINs of a grant away; offline PINs of others at the same locks end with them. */
    remove(grantId: string, options?: RequestOptions): Promise<readonly GrantMethod[]>;
    /** Lets a keypad that was closed by wrong entries take entries again. */
    reopenKeypad(doorId: string, options?: RequestOptions): Promise<KeypadReopening>;
  };
}

/** {@link PinsClient} over a transport. */
export const pinsClient = ({ call }: Transport): PinsClient => ({
  pins: {
    make: (id, body, more) => call('POST /v1/grants/{id}/pins', { params: { id }, body }, more),
    list: (id, more) => call('GET /v1/grants/{id}/pins', { params: { id } }, more),
    remove: async (id, more) => (await call('POST /v1/grants/{id}/pins/remove', { params: { id } }, more)).items,
    reopenKeypad: (id, more) => call('POST /v1/doors/{id}/keypad/reopen', { params: { id } }, more),
  },
});
