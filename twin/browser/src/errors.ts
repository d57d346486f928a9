/** Why a browser could not do what a test asked of it. */
export type BrowserErrorCode = 'chromium-missing' | 'certutil-failed' | 'axe-failed' | 'bad-picture' | 'page-faults';

/** The one error of this package. */
export class BrowserError extends Error {
  readonly code: BrowserErrorCode;
  constructor(code: BrowserErrorCode, message: string) {
    super(message);
    this.name = 'BrowserError';
    this.code = code;
  }
}
