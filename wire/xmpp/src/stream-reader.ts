import { XmppError, type XmppErrorCode } from './errors.ts';
import { LIMITS_BEFORE_AUTHENTICATION, type ParserEvent, type ParserLimits, StreamParser } from './parser.ts';
import { Utf8Decoder } from './utf8.ts';

/** What a stream reader tells: what the parser found, or why it gave up. */
export type StreamEvent =
  | ParserEvent
  /** The peer broke the rules; nothing comes after it. */
  | { readonly kind: 'fault'; readonly condition: XmppErrorCode; readonly detail: string };

/** Octets are parsed in pieces of this size, so that a limit is met soon after it is passed. */
const PIECE_OCTETS = 1024;

/** Octets of one connection to events of its streams: decoder, parser, and a new parser after SASL. */
export class StreamReader {
  /** Made with the first octet: who only connects costs no parser. */
  #open: { readonly decoder: Utf8Decoder; readonly parser: StreamParser } | undefined;
  #next: ParserLimits | undefined;
  #broken = false;

  constructor(limits: ParserLimits) {
    this.#next = limits;
  }

  /** The peer starts a new stream now (RFC 6120 6.4.6). To be called while an event is handled, or between octets. */
  restart(limits: ParserLimits): void {
    this.#next = limits;
  }

  /** Nothing more is read. */
  end(): void {
    this.#broken = true;
    this.#open = undefined;
  }

  /** Hands each event to `handle` in order. Nothing throws but `handle`. */
  read(octets: Uint8Array, handle: (event: StreamEvent) => void): void {
    for (let at = 0; at < octets.length && !this.#broken; at += PIECE_OCTETS) {
      const left = octets.length - at - PIECE_OCTETS;
      this.#piece(octets.subarray(at, at + PIECE_OCTETS), left > 0, handle);
    }
  }

  #piece(octets: Uint8Array, moreFollows: boolean, handle: (event: StreamEvent) => void): void {
    const { decoder, parser } = this.#opened();
    let events: readonly ParserEvent[];
    try {
      events = parser.write(decoder.write(octets));
    } catch (error) {
      if (!(error instanceof XmppError)) throw error;
      this.#fault(error, handle);
      return;
    }
    for (const [i, event] of events.entries()) {
      if (this.#broken) return;
      handle(event);
      if (this.#next !== undefined && (i + 1 < events.length || parser.partial || moreFollows)) {
        // Sent before the peer could know the outcome: it belongs to neither stream (STARTTLS injection among others).
        this.#fault(new XmppError('policy-violation', 'octets sent before the new stream'), handle);
        return;
      }
    }
  }

  #opened(): { readonly decoder: Utf8Decoder; readonly parser: StreamParser } {
    if (this.#next !== undefined || this.#open === undefined) {
      const parser = new StreamParser(this.#next ?? LIMITS_BEFORE_AUTHENTICATION);
      this.#open = { decoder: new Utf8Decoder(), parser };
      this.#next = undefined;
    }
    return this.#open;
  }

  #fault(error: XmppError, handle: (event: StreamEvent) => void): void {
    this.end();
    handle({ kind: 'fault', condition: error.code, detail: error.message });
  }
}
