import type { AskedCode, BodyOf, PasskeyRequest, Person, PhoneSignInChallenge, Session } from '@cardea/wire-api';
import type { RequestOptions, Transport } from '../transport.ts';

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

/** Becoming somebody, and getting back in. */
export interface RegistrationClient {
  /** Becoming somebody, getting back in, and the second step of a sign-in. */
  readonly registration: Registration;
}

/** {@link RegistrationClient} over a transport. */
export const registrationClient = ({ call }: Transport): RegistrationClient => ({
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
});
