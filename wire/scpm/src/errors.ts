/** Why octets of this protocol could not be read or written. */
export type ScpmErrorCode = 'truncated' | 'length' | 'range' | 'reserved' | 'services' | 'not_secure' | 'unsupported';

/** The one error of this package: a malformed frame, or a value that does not fit its field. `field` names it. */
export class ScpmError extends Error {
  readonly code: ScpmErrorCode;
  readonly field: string;
  constructor(code: ScpmErrorCode, field: string, detail: string) {
    super(`${field}: ${detail}`);
    this.name = 'ScpmError';
    this.code = code;
    this.field = field;
  }
}
