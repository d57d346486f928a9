import type { BodyOf, CarriedResults, KeyBundle, LostPhone, Phone, PhoneChallenge, QueryOf } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** Phones and cards, and what phones carry. */
export interface PhonesClient {
  /** Phones and cards: all with `grants:write`, else one's own. */
  readonly phones: Listing<Phone, QueryOf<'GET /v1/phones'>> & {
    get(id: string, options?: RequestOptions): Promise<Phone>;
    /** What a phone has to sign to be enrolled: "cardea-phone-1" | challenge | public key. */
    challenge(options?: RequestOptions): Promise<PhoneChallenge>;
    enrol(input: BodyOf<'POST /v1/phones'>, options?: RequestOptions): Promise<Phone>;
    /** All keys of the phone, each with a fresh lease. */
    keys(id: string, input?: BodyOf<'POST /v1/phones/{id}/keys'>, options?: RequestOptions): Promise<KeyBundle>;
    /** Takes its keys back; the same again says where that stands. */
    lost(id: string, options?: RequestOptions): Promise<LostPhone>;
  };
  /** What locks have given phones to carry. */
  readonly receipts: {
    handIn(input: BodyOf<'POST /v1/receipts'>, options?: RequestOptions): Promise<CarriedResults>;
  };
}

/** {@link PhonesClient} over a transport. */
export const phonesClient = ({ call }: Transport): PhonesClient => ({
  phones: {
    ...listing((query, more) => call('GET /v1/phones', { query }, more)),
    get: (id, more) => call('GET /v1/phones/{id}', { params: { id } }, more),
    challenge: (more) => call('POST /v1/phones/challenges', {}, more),
    enrol: (body, more) => call('POST /v1/phones', { body }, more),
    keys: (id, body = {}, more = {}) => call('POST /v1/phones/{id}/keys', { params: { id }, body }, more),
    lost: (id, more) => call('POST /v1/phones/{id}/lost', { params: { id } }, more),
  },
  receipts: { handIn: (body, more) => call('POST /v1/receipts', { body }, more) },
});
