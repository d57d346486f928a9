/** Why octets could not be read or written: the shape is wrong, before any meaning is looked at. */
export type OctetsErrorCode = 'truncated' | 'trailing' | 'range' | 'length' | 'text';

/** The one error of this package. `field` names what was being read or written. */
export class OctetsError extends Error {
  readonly code: OctetsErrorCode;
  readonly field: string;
  constructor(code: OctetsErrorCode, field: string, detail: string) {
    super(`${field}: ${detail}`);
    this.name = 'OctetsError';
    this.code = code;
    this.field = field;
  }
}
