export {
  type ClientStreamContext,
  type ClientStreamEffect,
  type ClientStreamInput,
  type ClientStreamStart,
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
export {
  CHANNEL_BINDING_TYPES,
  type Channel,
  type ChannelBindingType,
  UNBOUND_CHANNEL,
} from './sasl/channel-binding.ts';
export type { LegacyMechanism, Mechanism } from './sasl/mechanism.ts';
export {
  checkPassword,
  SCRAM_ITERATIONS,
  type ScramHash,
  type ScramVerifier,
  scramVerifier,
  verifierOf,
} from './sasl/scram.ts';
export type { LegacySasl } from './sasl/server.ts';
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
export {
  type Answer,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  stepSession,
} from './session/session.ts';
export { STANZA_CONDITIONS, type StanzaCondition, type StanzaError, type StreamCondition } from './stanzas.ts';
export { type StreamEvent, StreamReader } from './stream-reader.ts';
export { encodeUtf8, Utf8Decoder } from './utf8.ts';
