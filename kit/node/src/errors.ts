/** Why a sealed secret or its key file could not be used. */
export type EnvelopeErrorCode = 'key_file' | 'key_file_mode' | 'unknown_key' | 'sealed_shape' | 'tag';

/** The one error of this package. Says which file or field, never what is in it. */
export class EnvelopeError extends Error {
  readonly code: EnvelopeErrorCode;
  constructor(code: EnvelopeErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'EnvelopeError';
    this.code = code;
  }
}
