import type { Instant, Step } from '@cardea/kit-runtime';
import type { Channel } from '../sasl/channel-binding.ts';
import type { SaslClientContext, SaslClientEffect, SaslClientInput, SaslClientState } from '../sasl/client.ts';
import type { SessionEffect, SessionInput, SessionLimits, SessionState } from '../session/session.ts';
import type { StreamEvent } from '../stream-reader.ts';

export interface ClientStreamContext extends Omit<SaslClientContext, 'channel'> {
  readonly now: Instant;
  readonly limits: SessionLimits;
  readonly negotiateWithinMs: number;
}

/** What a new connection begins with. */
export interface ClientStreamStart {
  /** Of the TLS connection, or `clear`: then STARTTLS comes first. */
  readonly channel: Channel | 'clear';
  /** 16 or more fresh octets. */
  readonly nonce: Uint8Array;
  /** A session whose connection was lost. */
  readonly session?: SessionState | undefined;
}

/** What every phase before binding carries along. */
export interface Common {
  readonly deadlineMs: number;
  readonly channel: Channel;
  readonly nonce: Uint8Array;
  readonly session: SessionState | undefined;
}

export type ClientStreamState =
  | (Common & {
      readonly phase: 'opening';
      readonly inTls: boolean;
      readonly authenticated: boolean;
      readonly headed: boolean;
    })
  | (Common & { readonly phase: 'upgrading' | 'securing' })
  | (Common & { readonly phase: 'signing-in'; readonly sasl: SaslClientState })
  | (Common & { readonly phase: 'resuming' | 'binding'; readonly managed: boolean })
  | { readonly phase: 'bound'; readonly session: SessionState }
  | { readonly phase: 'closed' };

export type ClientStreamInput =
  | StreamEvent
  | Exclude<SessionInput, { kind: 'stanza' }>
  | Exclude<SaslClientInput, { kind: 'stanza' }>
  /** The TLS handshake that `start-tls` began is done, and the server is who it should be. */
  | { readonly kind: 'secured'; readonly channel: Channel }
  | { readonly kind: 'closed' }
  /** End the stream in good order. */
  | { readonly kind: 'stop' };

export type ClientStreamEffect =
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'restart'; readonly authenticated: boolean }
  /** Begin the TLS handshake on the connection. */
  | { readonly kind: 'start-tls' }
  | Extract<SaslClientEffect, { kind: 'derive' | 'signed-in' }>
  /** A new session: what an older one still waited for has no answer. */
  | { readonly kind: 'online'; readonly jid: string }
  /** The lost session goes on. */
  | { readonly kind: 'resumed' }
  | Extract<SessionEffect, { kind: 'requested' | 'answered' | 'refused' | 'wake' }>
  /**
   * Close the transport after what was written. `credentials`: trying again with the same ones is of no use
   * now. With
   * `session` only the connection was lost: hand it to the next {@link startClientStream}.
   */
  | {
      readonly kind: 'close';
      readonly reason: string;
      readonly credentials: boolean;
      readonly session?: SessionState;
    };

/** A step of the client's machine. */
export type ClientStep = Step<ClientStreamState, ClientStreamEffect>;
/** Any state but the last. */
export type OpenClientState = Exclude<ClientStreamState, { phase: 'closed' }>;
/** One phase of the client's machine. */
export type ClientPhase<Phase extends ClientStreamState['phase']> = Extract<ClientStreamState, { phase: Phase }>;
