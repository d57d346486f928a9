/** Why a manifest was not taken: it is malformed (`invalid`), has too many locks, or a wrapped key does not open. */
export type ManifestErrorCode = 'invalid' | 'too_large' | 'bad_wrapping';

/** The one error of this package. `field` is the path to the value to mend, such as `locks[3].identifier`. */
export class ManifestError extends Error {
  readonly code: ManifestErrorCode;
  readonly field: string;
  constructor(code: ManifestErrorCode, field: string, detail: string) {
    super(`${field}: ${detail}`);
    this.name = 'ManifestError';
    this.code = code;
    this.field = field;
  }
}
