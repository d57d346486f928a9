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
  type Answer,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  stepSession,
} from './session/session.ts';
export { STANZA_CONDITIONS, type StanzaCondition, type StanzaError, type StreamCondition } from './stanzas.ts';
export { startClientStream, stepClientStream } from './stream/client.ts';
export type {
  ClientStreamContext,
  ClientStreamEffect,
  ClientStreamInput,
  ClientStreamStart,
  ClientStreamState,
} from './stream/client-types.ts';
export { initialServerStream, SERVER_STREAM_ENTROPY_OCTETS, stepServerStream } from './stream/server.ts';
export type {
  ServerStreamContext,
  ServerStreamEffect,
  ServerStreamInput,
  ServerStreamState,
} from './stream/server-types.ts';
export { type StreamEvent, StreamReader } from './stream-reader.ts';
export { encodeUtf8, Utf8Decoder } from './utf8.ts';
