import type { Secret } from '@cardea/kit-runtime';
import type { WebAuthnJson } from './person/ports.ts';

/** Why the core refuses. Each door owns one table from these codes to its own words (HTTP problem, stanza error). */
export type CoreErrorCode =
  | 'invalid'
  | 'not_signed_in'
  | 'bad_credentials'
  | 'bad_code'
  | 'second_factor_required'
  | 'second_factor_setup_required'
  | 'locked_out'
  | 'password_change_required'
  | 'not_permitted'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'gone'
  | 'too_many'
  | 'unavailable';

/** What a right password still needs: goes with `second_factor_required`. */
export interface PendingSignIn {
  /** Bearer secret of the second step: by it the step is answered, and nothing else done. */
  readonly step: Secret<string>;
  readonly expiresAt: number;
  /** By what it can be answered. */
  readonly methods: readonly ('totp' | 'passkey' | 'recovery_code')[];
  /** What a browser hands to `navigator.credentials.get`, where there is a passkey. */
  readonly passkey: WebAuthnJson | null;
}

/** A refusal by the core: `message` is for people and holds no secret; `field` names the input to mend. */
export class CoreError extends Error {
  readonly code: CoreErrorCode;
  readonly field: string | undefined;
  readonly retryAfterS: number | undefined;
  /** Set with `second_factor_required`. */
  readonly pending: PendingSignIn | undefined;
  constructor(
    code: CoreErrorCode,
    message: string,
    more: { field?: string; retryAfterS?: number; pending?: PendingSignIn; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'CoreError';
    this.code = code;
    this.field = more.field;
    this.retryAfterS = more.retryAfterS;
    this.pending = more.pending;
  }
}
