/** Why octets of the air protocol were refused, or why the hub refused what was asked. */
export type AirErrorCode = 'malformed' | 'too_long' | 'unexpected' | 'refused' | 'closed';

/** The one error of this package. */
export class AirError extends Error {
  readonly code: AirErrorCode;
  constructor(code: AirErrorCode, message: string) {
    super(message);
    this.name = 'AirError';
    this.code = code;
  }
}
