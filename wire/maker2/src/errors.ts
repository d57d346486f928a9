/** Why octets of this protocol could not be read or written. */
export type Maker2ErrorCode =
  | 'truncated'
  | 'order'
  | 'unknown'
  | 'missing'
  | 'length'
  | 'range'
  | 'kind'
  | 'too_long'
  | 'channel';

/** The one error of this package: a malformed message, or a value that does not fit its field. `field` names it. */
export class Maker2Error extends Error {
  readonly code: Maker2ErrorCode;
  readonly field: string;
  constructor(code: Maker2ErrorCode, field: string, detail: string) {
    super(`${field}: ${detail}`);
    this.name = 'Maker2Error';
    this.code = code;
    this.field = field;
  }
}
