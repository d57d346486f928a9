/** One message, in words. */
export interface Message {
  /** The same for every try of it, so that a receiver can tell. */
  readonly id: string;
  /** An e-mail address or a phone number in E.164. */
  readonly to: string;
  readonly subject: string;
  /** Plain text; holds a code, so it is neither logged nor kept. */
  readonly text: string;
}

/** A way out for the messages of one channel. */
export interface Sender {
  /** Resolves when the next one on the way has taken it. @throws NotifyError `not_sent` */
  send(message: Message): Promise<void>;
}
