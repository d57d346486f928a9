import type {
  AddedPasskey,
  AskedCode,
  BodyOf,
  Contact,
  EndedSessions,
  Event,
  Invitation,
  NewTotp,
  NoticePage,
  NoticesRead,
  OutboxMessage,
  OwnDoor,
  OwnSession,
  PasskeyCreation,
  PasskeyRequest,
  Person,
  PersonExport,
  PhoneSignInChallenge,
  QueryOf,
  RecoveryCodes,
  SecondFactors,
  Session,
  SignInPolicy,
} from '@cardea/wire-api';
import { everyItem, type Page } from './pages.ts';
import type { RequestOptions, Transport } from './transport.ts';

/** Becoming somebody, and getting back in: no token is needed. */
export interface Registration {
  /** Sends a code to the address: the same answer whether it is known or not. */
  register(input: BodyOf<'POST /v1/register'>, options?: RequestOptions): Promise<AskedCode>;
  /** Sends a code by which a forgotten password is set anew. */
  recover(input: Omit<BodyOf<'POST /v1/verifications'>, 'purpose'>, options?: RequestOptions): Promise<AskedCode>;
  /** Proves the address by its code; `password` for everything but one more address. */
  confirm(verificationId: string, code: string, password?: string, options?: RequestOptions): Promise<Person>;
  /** Answers the second step of a sign-in: `step` is of the problem `second_factor_required`, or of a passkey's request. */
  secondStep(input: BodyOf<'POST /v1/sessions/second-step'>, options?: RequestOptions): Promise<Session>;
  /** Begins to sign in by a passkey alone; what the browser answers goes to {@link secondStep}. */
  passkey(input?: BodyOf<'POST /v1/sessions/passkey'>, options?: RequestOptions): Promise<PasskeyRequest>;
  /** What a phone signs for {@link phone}: "cardea-sign-in-1" | challenge | public key | origin of the server. */
  phoneChallenge(options?: RequestOptions): Promise<PhoneSignInChallenge>;
  /** Begins a session by the key of an enrolled phone; it holds `access:use` alone. */
  phone(input: BodyOf<'POST /v1/sessions/phone'>, options?: RequestOptions): Promise<Session>;
}

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

/** What an organization asks of its people. */
export interface Policy {
  get(options?: RequestOptions): Promise<SignInPolicy>;
  change(change: BodyOf<'PATCH /v1/sign-in-policy'>, options?: RequestOptions): Promise<SignInPolicy>;
}

/** The operations about people over a transport. */
export function peopleOf({ call }: Transport): {
  readonly registration: Registration;
  readonly own: Own;
  readonly work: PeopleWork;
  readonly policy: Policy;
  readonly outbox: (options?: RequestOptions) => Promise<readonly OutboxMessage[]>;
} {
  const proved = (currentPassword: string) => ({ body: { current_password: currentPassword } });
  return {
    registration: {
      register: (body, more) => call('POST /v1/register', { body }, more),
      recover: (body, more) => call('POST /v1/verifications', { body: { ...body, purpose: 'recovery' } }, more),
      confirm: (id, code, password, more) =>
        call(
          'POST /v1/verifications/{id}',
          { params: { id }, body: { code, ...(password === undefined ? {} : { password }) } },
          more,
        ),
      secondStep: (body, more) => call('POST /v1/sessions/second-step', { body }, more),
      passkey: (body = {}, more = {}) => call('POST /v1/sessions/passkey', { body }, more),
      phoneChallenge: (more) => call('POST /v1/sessions/phone-challenge', {}, more),
      phone: (body, more) => call('POST /v1/sessions/phone', { body }, more),
    },
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
    work: {
      invite: (body, more) => call('POST /v1/invitations', { body }, more),
      inviteAgain: (id, more) => call('POST /v1/persons/{id}/invitation', { params: { id } }, more),
      resetSecondFactors: (id, more) => call('POST /v1/persons/{id}/reset-second-factors', { params: { id } }, more),
      export: (id, more) => call('GET /v1/persons/{id}/export', { params: { id } }, more),
      erase: (id, more) => call('DELETE /v1/persons/{id}', { params: { id }, query: { erase: true } }, more),
    },
    policy: {
      get: (more) => call('GET /v1/sign-in-policy', {}, more),
      change: (body, more) => call('PATCH /v1/sign-in-policy', { body }, more),
    },
    outbox: async (more) => (await call('GET /v1/sim/outbox', {}, more)).items,
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
