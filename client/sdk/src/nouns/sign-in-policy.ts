import type { BodyOf, SignInPolicy } from '@cardea/wire-api';
import type { RequestOptions, Transport } from '../transport.ts';

/** What an organization asks of its people. */
export interface Policy {
  get(options?: RequestOptions): Promise<SignInPolicy>;
  change(change: BodyOf<'PATCH /v1/sign-in-policy'>, options?: RequestOptions): Promise<SignInPolicy>;
}

/** What an organization asks of those who sign in. */
export interface SignInPolicyClient {
  readonly signInPolicy: Policy;
}

/** {@link SignInPolicyClient} over a transport. */
export const signInPolicyClient = ({ call }: Transport): SignInPolicyClient => ({
  signInPolicy: {
    get: (more) => call('GET /v1/sign-in-policy', {}, more),
    change: (body, more) => call('PATCH /v1/sign-in-policy', { body }, more),
  },
});
