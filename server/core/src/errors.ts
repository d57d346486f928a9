/** Why the core refuses. Each door owns one table from these codes to its own words (HTTP problem, stanza error). */
export type CoreErrorCode =
  | 'invalid'
  | 'not_signed_in'
  | 'bad_credentials'
  | 'second_factor_required'
  | 'locked_out'
  | 'password_change_required'
  | 'not_permitted'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'gone'
  | 'too_many'
  | 'unavailable';

/** A refusal by the core: `message` is for people and holds no secret; `field` names the input to mend. */
export class CoreError extends Error {
  readonly code: CoreErrorCode;
  readonly field: string | undefined;
  readonly retryAfterS: number | undefined;
  constructor(
    code: CoreErrorCode,
    message: string,
    more: { field?: string; retryAfterS?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'CoreError';
    this.code = code;
    this.field = more.field;
    this.retryAfterS = more.retryAfterS;
  }
}
