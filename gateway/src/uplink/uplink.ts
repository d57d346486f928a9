import type { Primitives } from '@cardea/kit-crypto';
import type { Clock, Log, Random, Secret } from '@cardea/kit-runtime';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import type { Channel, ChannelBindingType, Mechanism } from '@cardea/wire-xmpp';

/** A TLS connection after its handshake, its server being who it should be. */
export interface TlsConnection {
  readonly channel: Channel;
  /** The octets that bind this connection by one of `channel.bindings`. */
  bind(type: ChannelBindingType): Uint8Array | undefined;
}

/** What a transport tells the uplink. `received` and `closed` come only after `connected`, `closed` once and last. */
export interface TransportEvents {
  /** `tls` of direct TLS; `clear` where STARTTLS has to come first; absent on a pipe of the twin. */
  connected(tls?: TlsConnection | 'clear'): void;
  /** The handshake that `startTls` began is done. */
  secured?(tls: TlsConnection): void;
  received(octets: Uint8Array): void;
  closed(reason: string): void;
}

/** An open or opening way to the RAS. After `close` its events are ignored. */
export interface Transport {
  write(octets: Uint8Array): void;
  /** Begins the TLS handshake, after STARTTLS; only where `connected` said `clear`. */
  startTls?(): void;
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
  /** The RAS is known to bind channels (RFC 5802 6): an offer without it is forged and is left. */
  readonly requireBinding?: boolean;
  /** Signed in by this mechanism: after a -PLUS one, `requireBinding` should be kept for the next start. */
  onSignedIn?(mechanism: Mechanism): void;
  /**
   * A message of the RAS. The RAS is told "taken" when the promise resolves and "not taken" when it rejects, so
   * resolve as soon as the message is queued, not when the lock has answered.
   */
  onMessage(message: ToGateway): void | Promise<void>;
  /** Signed in: what the journal still holds may be sent now. Called again after each reconnect, resumed or not. */
  onOnline?(): void;
  onOffline?(reason: string): void;
}

/** The gateway's way to the RAS; it reconnects for as long as it is not stopped. */
export interface Uplink {
  readonly online: boolean;
  start(): void;
  /**
   * Sends a report; resolves when the RAS has made it durable: only then may the journal forget it.
   * @throws UplinkError `offline` no session, or lost for good before the answer (send again after `onOnline`; while the
   * lost session may be resumed it is still waited for), `no_answer` within 30 s, `busy` too many unanswered (64), `refused` the RAS will not take it (never send it again), `unavailable`
   * the RAS cannot take it now (send again later)
   */
  send(report: FromGateway): Promise<void>;
  /** Ends the session and does not reconnect. Resolves when the transport is closed. */
  stop(): Promise<void>;
}

/** Makes an uplink that is not started yet: see `create-uplink.ts`. */
export type CreateUplink = (options: UplinkOptions) => Uplink;
