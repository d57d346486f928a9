import type { Instant, Step } from '@cardea/kit-runtime';
import type { Channel } from '../sasl/channel-binding.ts';
import type { SaslServerContext, SaslServerEffect, SaslServerInput, SaslServerState } from '../sasl/server.ts';
import type { SessionEffect, SessionInput, SessionLimits, SessionState } from '../session/session.ts';
import type { StreamCondition } from '../stanzas.ts';
import type { StreamEvent } from '../stream-reader.ts';

export interface ServerStreamContext extends Omit<SaslServerContext, 'channel'> {
  readonly now: Instant;
  /** The one resource that a client is given. */
  readonly resource: string;
  readonly limits: SessionLimits;
  /** From the first octet to a bound resource. */
  readonly negotiateWithinMs: number;
  /** How long a session whose connection was lost can be resumed (XEP-0198); 0: not at all. */
  readonly resumableForMs: number;
}

/** What every phase before binding carries along. */
export interface Common {
  /** Fresh octets that are left: stream ids, nonces, the id for resumption. */
  readonly entropy: Uint8Array;
  readonly deadlineMs: number;
  readonly channel: Channel;
}

export type ServerStreamState =
  /** Waits for the header: of the stream in the clear, of that in TLS, or of that after signing in. */
  | (Common & { readonly phase: 'opening'; readonly inTls: boolean; readonly user: string | undefined })
  | (Common & { readonly phase: 'clear' | 'securing' })
  | (Common & { readonly phase: 'signing-in'; readonly sasl: SaslServerState })
  | (Common & { readonly phase: 'binding'; readonly user: string })
  | (Common & { readonly phase: 'resuming'; readonly user: string; readonly previd: string; readonly h: number })
  | { readonly phase: 'bound'; readonly user: string; readonly entropy: Uint8Array; readonly session: SessionState }
  | { readonly phase: 'closed' };

export type ServerStreamInput =
  | StreamEvent
  | Exclude<SessionInput, { kind: 'stanza' }>
  | Exclude<SaslServerInput, { kind: 'stanza' }>
  /** The TLS handshake that `start-tls` began is done. */
  | { readonly kind: 'secured'; readonly channel: Channel }
  /** What `resume` asked for: the session, or undefined when there is none of this id and account. */
  | { readonly kind: 'resumable'; readonly session: SessionState | undefined }
  /** The transport is gone. */
  | { readonly kind: 'closed' }
  /** End the stream with this condition: `conflict` for a newer session, `system-shutdown`, ... */
  | { readonly kind: 'stop'; readonly condition: StreamCondition };

export type ServerStreamEffect =
  | { readonly kind: 'write'; readonly text: string }
  /** The peer's next octets are a new stream; `authenticated` says under which limits. */
  | { readonly kind: 'restart'; readonly authenticated: boolean }
  /** Begin the TLS handshake on the connection; nothing that came in the clear may be read any more. */
  | { readonly kind: 'start-tls' }
  | Extract<SaslServerEffect, { kind: 'look-up' | 'stretch' | 'signed-in' }>
  /** Bound: a new session. */
  | { readonly kind: 'online'; readonly user: string; readonly jid: string }
  /** The session can be resumed under this id from now on. */
  | { readonly kind: 'resumable'; readonly id: string }
  /** Find the session `previd` of this account. */
  | { readonly kind: 'resume'; readonly previd: string; readonly user: string }
  /** The session goes on here. */
  | { readonly kind: 'resumed'; readonly user: string }
  | Extract<SessionEffect, { kind: 'requested' | 'answered' | 'refused' | 'wake' }>
  /**
   * Close the transport after what was written. `reason` is a constant phrase for the log. Comes once and last. With
   * `session` only the connection was lost: the session can be resumed on another.
   */
  | { readonly kind: 'close'; readonly reason: string; readonly session?: SessionState };

/** A step of the server's machine. */
export type ServerStep = Step<ServerStreamState, ServerStreamEffect>;
/** Any state but the last. */
export type OpenServerState = Exclude<ServerStreamState, { phase: 'closed' }>;
/** One phase of the server's machine. */
export type ServerPhase<Phase extends ServerStreamState['phase']> = Extract<ServerStreamState, { phase: Phase }>;
