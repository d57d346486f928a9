import type { JsonLimits } from './json-shape.ts';
import type { RateLimit } from './rate-limit.ts';

/** Bounds of the door; every one can be set by whoever composes it. */
export interface HttpLimits {
  /** Requests from one address, before anybody has signed in. */
  readonly perAddress: RateLimit;
  /** What a sign-in or a gateway's enrolment takes from the address's bucket: it costs a slow hash. */
  readonly signInCost: number;
  /** Requests from all addresses together from which nobody has signed in lately. */
  readonly strangers: RateLimit;
  /** What a sign-in or an enrolment takes of that at most: one flood must not keep every newcomer out. */
  readonly strangerCost: number;
  /** Requests of one connection that may wait for their answers at once. */
  readonly pipelined: number;
  /** How long a connection may stand without an octet either way. Longer than any wait that can be asked for. */
  readonly idleTimeoutMs: number;
  /** Requests under one token. */
  readonly perToken: RateLimit;
  /** Addresses and tokens remembered, each. */
  readonly rateKeys: number;
  readonly connections: number;
  /** Event streams open at once, of all and of one token. */
  readonly streams: number;
  readonly streamsPerToken: number;
  /** However many tokens a person, and an organization, has. */
  readonly streamsPerPerson: number;
  readonly streamsPerOrganization: number;
  /** Octets that a reader of a stream may lag behind before it is cut. */
  readonly streamBufferOctets: number;
  readonly heartbeatMs: number;
  /** Time in which a TLS handshake has to end, and in which a request's header has to arrive. */
  readonly headerTimeoutMs: number;
  /** Octets of a body that is taken from somebody without a token. */
  readonly publicBodyOctets: number;
  /** Time in which a whole request has to arrive. */
  readonly requestTimeoutMs: number;
  /** Shape of a JSON body. */
  readonly json: JsonLimits;
  /** How long an answer is kept under its Idempotency-Key. */
  readonly idempotencyMs: number;
  /** Most answers kept of one organization at a time. */
  readonly idempotencyKeysPerOrganization: number;
}

/** Limits of one server for a few hundred doors. */
export const defaultLimits: HttpLimits = {
  perAddress: { capacity: 1000, refillPerS: 300 },
  signInCost: 50,
  strangers: { capacity: 600, refillPerS: 100 },
  strangerCost: 5,
  pipelined: 8,
  idleTimeoutMs: 90_000,
  perToken: { capacity: 500, refillPerS: 150 },
  rateKeys: 10_000,
  connections: 10_000,
  streams: 1000,
  streamsPerToken: 16,
  streamsPerPerson: 32,
  streamsPerOrganization: 250,
  streamBufferOctets: 262_144,
  heartbeatMs: 15_000,
  headerTimeoutMs: 10_000,
  publicBodyOctets: 8_192,
  requestTimeoutMs: 20_000,
  json: { depth: 16, members: 64, items: 20_000 },
  idempotencyMs: 24 * 3_600_000,
  idempotencyKeysPerOrganization: 100_000,
};
