import type { AskedCode, BodyOf, Invitation, Person, PersonExport, QueryOf } from '@cardea/wire-api';
import { listing, type Noun } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** What staff do for people, beside adding and removing them. */
export interface PeopleWork {
  invite(input: BodyOf<'POST /v1/invitations'>, options?: RequestOptions): Promise<Invitation>;
  inviteAgain(id: string, options?: RequestOptions): Promise<AskedCode>;
  resetSecondFactors(id: string, options?: RequestOptions): Promise<void>;
  /** Everything that is held of a person. */
  export(id: string, options?: RequestOptions): Promise<PersonExport>;
  /** Removes the person and destroys everything that names it; it cannot be undone. */
  erase(id: string, options?: RequestOptions): Promise<void>;
}

/** The people of an organization. */
export interface PersonsClient {
  readonly persons: Noun<Person, QueryOf<'GET /v1/persons'>, BodyOf<'POST /v1/persons'>> & PeopleWork;
}

/** {@link PersonsClient} over a transport. */
export const personsClient = ({ call }: Transport): PersonsClient => ({
  persons: {
    ...listing((query, more) => call('GET /v1/persons', { query }, more)),
    get: (id, more) => call('GET /v1/persons/{id}', { params: { id } }, more),
    add: (body, more) => call('POST /v1/persons', { body }, more),
    remove: (id, more) => call('DELETE /v1/persons/{id}', { params: { id } }, more),
    invite: (body, more) => call('POST /v1/invitations', { body }, more),
    inviteAgain: (id, more) => call('POST /v1/persons/{id}/invitation', { params: { id } }, more),
    resetSecondFactors: (id, more) => call('POST /v1/persons/{id}/reset-second-factors', { params: { id } }, more),
    export: (id, more) => call('GET /v1/persons/{id}/export', { params: { id } }, more),
    erase: (id, more) => call('DELETE /v1/persons/{id}', { params: { id }, query: { erase: true } }, more),
  },
});
