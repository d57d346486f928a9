/** How a command ended, as a shell sees it (product.md's table): `unexpected` is a fault of the program itself. */
export const EXIT = { succeeded: 0, unexpected: 1, usage: 2, refused: 3, failed: 4, expired: 5 } as const;

/** The ways in which a command does not succeed. */
export type CliErrorCode = Exclude<keyof typeof EXIT, 'succeeded'>;

/** The end of a command that did not succeed: one line with what is wrong, and what to do about it. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly field: string | undefined;
  readonly remedy: string | undefined;
  constructor(code: CliErrorCode, message: string, more: { field?: string; remedy?: string; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = 'CliError';
    this.code = code;
    this.field = more.field;
    this.remedy = more.remedy;
  }
}

/** A wrong use of the command line: exit code 2. */
export const usage = (message: string, remedy?: string): CliError =>
  new CliError('usage', message, remedy === undefined ? {} : { remedy });
