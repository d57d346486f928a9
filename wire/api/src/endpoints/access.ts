import { endpoint } from '../endpoint.ts';
import { ChangePassword, Me, Session, SignIn } from '../person.ts';

/** Signing in and out, and who one is. */
export const accessEndpoints = {
  'POST /v1/sessions': endpoint({
    name: 'signIn',
    summary: 'Sign in with e-mail and password',
    access: 'public',
    body: SignIn,
    status: 201,
    answer: Session,
    refusals: ['bad_credentials', 'second_factor_required', 'locked_out', 'not_permitted'],
  }),
  'DELETE /v1/sessions/current': endpoint({
    name: 'signOut',
    summary: 'End the session, or withdraw the token, that the request carries',
    beforePasswordChange: true,
    beforeSecondFactor: true,
    status: 204,
  }),
  'POST /v1/password': endpoint({
    name: 'changePassword',
    summary: 'Change the own password; other sessions of the person end',
    beforePasswordChange: true,
    beforeSecondFactor: true,
    idempotent: true,
    body: ChangePassword,
    status: 204,
    refusals: ['invalid', 'bad_credentials', 'locked_out'],
  }),
  'GET /v1/me': endpoint({
    name: 'getMe',
    summary: 'Who the bearer is and what the token may do',
    beforePasswordChange: true,
    beforeSecondFactor: true,
    status: 200,
    answer: Me,
  }),
};
