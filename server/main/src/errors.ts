/** Why the server does not start or cannot go on. */
export type ServerErrorCode = 'config' | 'folder' | 'port' | 'certificate' | 'acme' | 'record' | 'backup';

/** A reason to end with exit code 1: `message` is one line that names what is wrong, `remedy` what to do about it. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;
  readonly remedy: string;
  /** How long the other side asked to wait before the next try. */
  readonly retryAfterMs: number | undefined;
  constructor(code: ServerErrorCode, message: string, remedy: string, retryAfterMs?: number) {
    super(`${message}; ${remedy}`);
    this.name = 'ServerError';
    this.code = code;
    this.remedy = remedy;
    this.retryAfterMs = retryAfterMs;
  }
}
