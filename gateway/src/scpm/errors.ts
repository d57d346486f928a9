/**
 * Why something was not done with a domain: `none` there is no domain, `exists` there is one already, `invalid` an argument,
 * `pin` a wrong PIN, `wait` too many of them, `unknown` no such lock or provider, `busy` not now, `offline` no gateway runs,
 * `damaged` a record or a backup that does not open.
 */
export type DomainErrorCode =
  | 'none'
  | 'exists'
  | 'invalid'
  | 'pin'
  | 'wait'
  | 'unknown'
  | 'busy'
  | 'offline'
  | 'damaged';

/** The one error of what is done with a domain of SCPM. Holds no secret. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  /** What to do about it. */
  readonly remedy: string;
  constructor(code: DomainErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DomainError';
    this.code = code;
    this.remedy = remedy;
  }
}
