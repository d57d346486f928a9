import type { Me, Session } from '@cardea/wire-api';
import type { RequestOptions, Transport } from '../transport.ts';

/** How somebody signs in. */
export interface SignInOptions extends RequestOptions {
  readonly organizationId?: string | undefined;
  /** What the list of sessions calls this one. */
  readonly device?: string | undefined;
  /** In a page of the server: the session goes into a cookie that no script can read, and `token` is null. */
  readonly cookie?: boolean | undefined;
}

/** Signing in and out by a password, and who one is then. */
export interface SignInClient {
  /**
   * Into `organizationId`, or the installation's own organization. @throws ApiProblem `second_factor_required` with what
   * `registration.secondStep` answers
   */
  signIn(email: string, password: string, options?: SignInOptions): Promise<Session>;
  signOut(options?: RequestOptions): Promise<void>;
  changePassword(current: string, next: string, options?: RequestOptions): Promise<void>;
  me(options?: RequestOptions): Promise<Me>;
}

/** {@link SignInClient} over a transport. */
export const signInClient = ({ call }: Transport): SignInClient => ({
  signIn: (email, password, { organizationId, device, cookie, ...more } = {}) => {
    const where = organizationId === undefined ? {} : { organization_id: organizationId };
    const named = device === undefined ? {} : { device };
    const kept = cookie === undefined ? {} : { cookie };
    return call('POST /v1/sessions', { body: { email, password, ...where, ...named, ...kept } }, more);
  },
  signOut: (more) => call('DELETE /v1/sessions/current', {}, more),
  changePassword: (current, next, more) =>
    call('POST /v1/password', { body: { current_password: current, new_password: next } }, more),
  me: (more) => call('GET /v1/me', {}, more),
});
