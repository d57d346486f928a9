import type {
  AddedPasskey,
  AskedCode,
  BodyOf,
  Contact,
  EndedSessions,
  Event,
  NewTotp,
  NoticePage,
  NoticesRead,
  OwnDoor,
  OwnSession,
  PasskeyCreation,
  PersonExport,
  QueryOf,
  RecoveryCodes,
  SecondFactors,
} from '@cardea/wire-api';
import { everyItem, type Page } from '../pages.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** What the bearer has of its own. */
export interface Own {
  /** Every door that one may open now or later, with all that a screen shows of it: most people's in one request. */
  doors(options?: RequestOptions): Promise<readonly OwnDoor[]>;
  /** What one did, what happened to one's own doors as a resident, without who, and that one's visitors came. */
  events(query?: QueryOf<'GET /v1/me/events'>, options?: RequestOptions): Promise<Page<Event>>;
  /** Of that what others did, newest first, and what of it one has not read. */
  notices(query?: QueryOf<'GET /v1/me/notices'>, options?: RequestOptions): Promise<NoticePage>;
  /** Everything until this moment (RFC 3339) has been read. */
  readNotices(until: string, options?: RequestOptions): Promise<NoticesRead>;
  /** Everything that is held of the bearer. */
  export(options?: RequestOptions): Promise<PersonExport>;
  /** Erases the own account of a resident or guest; it cannot be undone. */
  erase(currentPassword: string, options?: RequestOptions): Promise<void>;
  secondFactors(options?: RequestOptions): Promise<SecondFactors>;
  /** A secret for an authenticator, good once {@link confirmTotp} has seen a code of it. */
  beginTotp(currentPassword: string, options?: RequestOptions): Promise<NewTotp>;
  confirmTotp(code: string, options?: RequestOptions): Promise<RecoveryCodes>;
  removeTotp(currentPassword: string, options?: RequestOptions): Promise<void>;
  /** What `navigator.credentials.create` is handed. */
  beginPasskey(currentPassword: string, options?: RequestOptions): Promise<PasskeyCreation>;
  addPasskey(input: BodyOf<'POST /v1/me/passkeys'>, options?: RequestOptions): Promise<AddedPasskey>;
  removePasskey(id: string, currentPassword: string, options?: RequestOptions): Promise<void>;
  renewRecoveryCodes(currentPassword: string, options?: RequestOptions): Promise<RecoveryCodes>;
  contacts(options?: RequestOptions): Promise<readonly Contact[]>;
  /** Sends a code to one more address; {@link Registration.confirm} takes it. */
  addContact(address: string, options?: RequestOptions): Promise<AskedCode>;
  removeContact(id: string, options?: RequestOptions): Promise<void>;
  sessions(options?: RequestOptions): Promise<readonly OwnSession[]>;
  endSession(id: string, options?: RequestOptions): Promise<void>;
  endOtherSessions(options?: RequestOptions): Promise<EndedSessions>;
}

/** What one has of one's own. */
export interface OwnClient {
  /** The own second factors, addresses and sessions. */
  readonly own: Own;
}

/** {@link OwnClient} over a transport. */
export function ownClient({ call }: Transport): OwnClient {
  const proved = (currentPassword: string) => ({ body: { current_password: currentPassword } });
  return {
    own: {
      doors: (more) => ownDoors(call, more),
      events: (query = {}, more = {}) => call('GET /v1/me/events', { query }, more),
      notices: (query = {}, more = {}) => call('GET /v1/me/notices', { query }, more),
      readNotices: (until, more) => call('POST /v1/me/notices/read', { body: { until } }, more),
      export: (more) => call('GET /v1/me/export', {}, more),
      erase: (password, more) => call('POST /v1/me/erase', proved(password), more),
      secondFactors: (more) => call('GET /v1/me/second-factors', {}, more),
      beginTotp: (password, more) => call('POST /v1/me/totp', proved(password), more),
      confirmTotp: (code, more) => call('POST /v1/me/totp/confirm', { body: { code } }, more),
      removeTotp: (password, more) => call('POST /v1/me/totp/remove', proved(password), more),
      beginPasskey: (password, more) => call('POST /v1/me/passkeys/options', proved(password), more),
      addPasskey: (body, more) => call('POST /v1/me/passkeys', { body }, more),
      removePasskey: (id, password, more) =>
        call('POST /v1/me/passkeys/{id}/remove', { params: { id }, ...proved(password) }, more),
      renewRecoveryCodes: (password, more) => call('POST /v1/me/recovery-codes', proved(password), more),
      contacts: async (more) => (await call('GET /v1/me/contacts', {}, more)).items,
      addContact: (address, more) => call('POST /v1/me/contacts', { body: { address } }, more),
      removeContact: (id, more) => call('DELETE /v1/me/contacts/{id}', { params: { id } }, more),
      sessions: async (more) => (await call('GET /v1/me/sessions', {}, more)).items,
      endSession: (id, more) => call('DELETE /v1/me/sessions/{id}', { params: { id } }, more),
      endOtherSessions: (more) => call('POST /v1/me/sessions/end-others', {}, more),
    },
  };
}

/** All pages, each as large as it can be. */
async function ownDoors(call: Transport['call'], more?: RequestOptions): Promise<readonly OwnDoor[]> {
  const doors: OwnDoor[] = [];
  const pages = everyItem((cursor) =>
    call('GET /v1/me/doors', { query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } }, more),
  );
  for await (const door of pages) doors.push(door);
  return doors;
}
