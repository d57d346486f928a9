/** Why a primitive refused its inputs: a size that it does not have. */
export type CryptoErrorCode = 'key_size' | 'block_size' | 'nonce_size' | 'tag_size' | 'output_size' | 'input_size';

/** The one error of this package: a caller's mistake. A wrong tag is no error, it is an answer. */
export class CryptoError extends Error {
  readonly code: CryptoErrorCode;
  constructor(code: CryptoErrorCode, detail: string) {
    super(detail);
    this.name = 'CryptoError';
    this.code = code;
  }
}
