import type { Primitives } from '@cardea/kit-crypto';
import type { Clock, Log, Random, Secret } from '@cardea/kit-runtime';
import type { FromGateway, ToGateway } from '@cardea/wire-route';

/** What a transport tells the uplink. `received` and `closed` come only after `connected`, `closed` once and last. */
export interface TransportEvents {
  connected(): void;
  received(octets: Uint8Array): void;
  closed(reason: string): void;
}

/** An open or opening way to the RAS. After `close` its events are ignored. */
export interface Transport {
  write(octets: Uint8Array): void;
  close(): void;
}

/** Opens a transport to the RAS: TLS in the real gateway ({@link tlsTransport}), a pipe in the twin. */
export type Connect = (events: TransportEvents) => Transport;

/** PBKDF2-HMAC-SHA-256 with an output of 32 octets (RFC 5802's Hi), off the event loop where there is one. */
export type DeriveKey = (password: Secret<string>, salt: Uint8Array, iterations: number) => Promise<Secret>;

export interface UplinkOptions {
  readonly connect: Connect;
  /** The gateway's own address: `<gateway id>@<domain>`. */
  readonly jid: string;
  readonly password: Secret<string>;
  readonly primitives: Primitives;
  readonly deriveKey: DeriveKey;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * A message of the RAS. The RAS is told "taken" when the promise resolves and "not taken" when it rejects, so
   * resolve as soon as the message is queued, not when the lock has answered.
   */
  onMessage(message: ToGateway): void | Promise<void>;
  /** Signed in: what the journal still holds may be sent now. Called again after each reconnect. */
  onOnline?(): void;
  onOffline?(reason: string): void;
}

/** The gateway's way to the RAS; it reconnects for as long as it is not stopped. */
export interface Uplink {
  readonly online: boolean;
  start(): void;
  /**
   * Sends a report; resolves when the RAS has made it durable: only then may the journal forget it.
   * @throws UplinkError `offline` no session, or lost before the answer (send again after `onOnline`), `no_answer`
   * within 30 s, `busy` too many unanswered (64), `refused` the RAS will not take it (never send it again), `unavailable`
   * the RAS cannot take it now (send again later)
   */
  send(report: FromGateway): Promise<void>;
  /** Ends the session and does not reconnect. Resolves when the transport is closed. */
  stop(): Promise<void>;
}

/** Makes an uplink that is not started yet: see `create-uplink.ts`. */
export type CreateUplink = (options: UplinkOptions) => Uplink;
