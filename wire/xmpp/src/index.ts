export {
  type ClientStreamContext,
  type ClientStreamEffect,
  type ClientStreamInput,
  type ClientStreamState,
  startClientStream,
  stepClientStream,
} from './client-stream.ts';
export { child, childElements, type Element, element, is, type Node, text } from './element.ts';
export { XmppError, type XmppErrorCode } from './errors.ts';
export { bareJid, type Jid, parseJid } from './jid.ts';
export {
  LIMITS_AFTER_AUTHENTICATION,
  LIMITS_BEFORE_AUTHENTICATION,
  type ParserEvent,
  type ParserLimits,
  type StreamHeader,
  StreamParser,
} from './parser.ts';
export { checkPassword, SCRAM_ITERATIONS, type ScramVerifier, scramVerifier } from './scram.ts';
export { serialize } from './serializer.ts';
export {
  initialServerStream,
  SERVER_STREAM_ENTROPY_OCTETS,
  type ServerStreamContext,
  type ServerStreamEffect,
  type ServerStreamInput,
  type ServerStreamState,
  stepServerStream,
} from './server-stream.ts';
export type { Answer, SessionLimits } from './session.ts';
export { STANZA_CONDITIONS, type StanzaCondition, type StanzaError, type StreamCondition } from './stanzas.ts';
export { type StreamEvent, StreamReader } from './stream-reader.ts';
export { encodeUtf8, Utf8Decoder } from './utf8.ts';
