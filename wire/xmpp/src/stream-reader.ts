import { XmppError, type XmppErrorCode } from './errors.ts';
import { type ParserEvent, type ParserLimits, StreamParser } from './parser.ts';
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
  #decoder = new Utf8Decoder();
  #parser: StreamParser;
  #next: ParserLimits | undefined;
  #broken = false;

  constructor(limits: ParserLimits) {
    this.#parser = new StreamParser(limits);
  }

  /** The peer starts a new stream now (RFC 6120 6.4.6). To be called while an event is handled, or between octets. */
  restart(limits: ParserLimits): void {
    this.#next = limits;
  }

  /** Hands each event to `handle` in order. Nothing throws but `handle`. */
  read(octets: Uint8Array, handle: (event: StreamEvent) => void): void {
    for (let at = 0; at < octets.length && !this.#broken; at += PIECE_OCTETS) {
      const left = octets.length - at - PIECE_OCTETS;
      this.#piece(octets.subarray(at, at + PIECE_OCTETS), left > 0, handle);
    }
  }

  #piece(octets: Uint8Array, moreFollows: boolean, handle: (event: StreamEvent) => void): void {
    this.#startOver();
    let events: readonly ParserEvent[];
    try {
      events = this.#parser.write(this.#decoder.write(octets));
    } catch (error) {
      if (!(error instanceof XmppError)) throw error;
      this.#fault(error, handle);
      return;
    }
    for (const [i, event] of events.entries()) {
      handle(event);
      if (this.#next !== undefined && (i + 1 < events.length || this.#parser.partial || moreFollows)) {
        // Sent before the peer could know the outcome: it belongs to neither stream.
        this.#fault(new XmppError('policy-violation', 'octets sent before the new stream'), handle);
        return;
      }
    }
  }

  #startOver(): void {
    if (this.#next === undefined) return;
    this.#parser = new StreamParser(this.#next);
    this.#decoder = new Utf8Decoder();
    this.#next = undefined;
  }

  #fault(error: XmppError, handle: (event: StreamEvent) => void): void {
    this.#broken = true;
    handle({ kind: 'fault', condition: error.code, detail: error.message });
  }
}
