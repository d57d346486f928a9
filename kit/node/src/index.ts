export { settle, systemClock } from './clock.ts';
export {
  type ConnectionGuard,
  createConnectionGuard,
  GUARD_LIMITS,
  type GuardLimits,
  type Rate,
  type Stage,
} from './connection-guard.ts';
export { nodeDh, seededDh } from './dh-agreement.ts';
export { syncFolder, writeFileDurably } from './durable-file.ts';
export { createEnvelope, type Envelope } from './envelope.ts';
export { EnvelopeError, type EnvelopeErrorCode } from './errors.ts';
export {
  agreeP256,
  generateP256,
  importP256,
  nodeKeyAgreement,
  type P256Pair,
  signP256,
  verifyP256,
} from './key-agreement.ts';
export { createLog, LOG_LEVELS, type LogLevel, type LogSink, type ProcessLog, redact } from './log.ts';
export { type LoopDelay, type LoopHands, type LoopProbe, probeLoop } from './loop-delay.ts';
export { agreeModp, generateModp, importModp } from './modp-agreement.ts';
export { nodePrimitives } from './primitives.ts';
export { seededRandom, systemRandom } from './random.ts';
export { openRotatingFile, type RotatingFile, type RotatingFileOptions } from './rotating-file.ts';
export { type SocketWriter, socketWriter } from './socket-writer.ts';
export { connectTcp, type OctetPipe, tcpPipe } from './tcp-pipe.ts';
export {
  checkServerName,
  LOCAL_AUTHORITY_ALPN,
  TLS_CLIENT,
  TLS_SERVER,
  TLS_SUITES,
  trustedAuthorities,
} from './tls.ts';
export { type TlsBindingType, type TlsEnd, tlsBinding, tlsBindingTypes } from './tls-binding.ts';
export { openUdpPlace, UDP_FRAME_MAX_OCTETS, type UdpPlace } from './udp-medium.ts';
