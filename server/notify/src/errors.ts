/** Why a message did not get away. */
export type NotifyErrorCode = 'not_sent' | 'outbox';

/** A message that could not be handed over: `message` names the peer and its answer, never what was to be sent. */
export class NotifyError extends Error {
  readonly code: NotifyErrorCode;
  constructor(code: NotifyErrorCode, message: string, more: { cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'NotifyError';
    this.code = code;
  }
}
