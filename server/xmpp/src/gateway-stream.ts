import type { Primitives } from '@cardea/kit-crypto';
import { type Cancel, type Clock, instant, type Log, type Random, Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import {
  encodeUtf8,
  initialServerStream,
  type LegacySasl,
  LIMITS_AFTER_AUTHENTICATION,
  LIMITS_BEFORE_AUTHENTICATION,
  SERVER_STREAM_ENTROPY_OCTETS,
  type ServerStreamContext,
  type ServerStreamEffect,
  type ServerStreamInput,
  type SessionLimits,
  type SessionState,
  type StreamCondition,
  type StreamEvent,
  StreamReader,
  stepServerStream,
  UNBOUND_CHANNEL,
} from '@cardea/wire-xmpp';
import type { Connection, Received, TlsConnection } from './connection.ts';
import type { GatewaySession } from './gateway-session.ts';
import { nameOf } from './names.ts';

/** The mechanisms that their weakness keeps off by default, and what they need. */
export interface LegacySaslOptions extends LegacySasl {
  /** PBKDF2-HMAC-SHA-256 with 32 octets, for PLAIN. */
  stretch(password: Secret<string>, salt: Uint8Array, iterations: number): Promise<Secret>;
}

export interface GatewayStreamOptions {
  readonly connection: Connection;
  readonly core: Pick<Core['uplink'], 'verifier'>;
  readonly domain: string;
  readonly resource: string;
  readonly decoyKey: Secret;
  readonly limits: SessionLimits;
  readonly negotiateWithinMs: number;
  readonly resumableForMs: number;
  readonly legacySasl?: LegacySaslOptions | undefined;
  readonly primitives: Primitives;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  /** Signed in and bound: the session that this stream is to carry. */
  onOnline(gatewayId: string): GatewaySession;
  /** The session that this stream carries can be resumed under this id. */
  onResumable(id: string): void;
  /** The state of the session `id` of this gateway, taken from whatever carried it; undefined when there is none. */
  onResume(id: string, gatewayId: string): SessionState | undefined;
  /** The session found by `onResume` goes on here. */
  onResumed(gatewayId: string): GatewaySession;
  /** Over, once and last; with `session` the connection alone was lost. */
  onEnd(reason: string, session: SessionState | undefined): void;
}

export interface GatewayStream {
  readonly received: Received;
  /** The session's state, when one is bound here. */
  readonly session: SessionState | undefined;
  stop(condition: StreamCondition): void;
}

/** Runs one server stream machine over one connection: performs its effects, and hands what it hears to the session. */
export function createGatewayStream(options: GatewayStreamOptions): GatewayStream {
  const { clock, connection, core, log } = options;
  const reader = new StreamReader(LIMITS_BEFORE_AUTHENTICATION);
  let tls: TlsConnection | undefined = typeof connection.tls === 'object' ? connection.tls : undefined;
  let session: GatewaySession | undefined;
  let gatewayId: string | undefined;
  let cancelWake: Cancel = () => {};
  let wakeAtMs = Number.POSITIVE_INFINITY;
  let over = false;
  let upgrading = false;
  /** What waits to be written while something is being handled: it leaves as one. */
  let outgoing = '';
  let handling = 0;

  const context: { -readonly [Key in keyof ServerStreamContext]: ServerStreamContext[Key] } = {
    primitives: options.primitives,
    now: instant(clock),
    domain: options.domain,
    resource: options.resource,
    decoyKey: options.decoyKey,
    limits: options.limits,
    negotiateWithinMs: options.negotiateWithinMs,
    resumableForMs: options.resumableForMs,
    legacySasl: options.legacySasl,
  };
  const channel = connection.tls === 'clear' ? 'clear' : (tls?.channel ?? UNBOUND_CHANNEL);
  const opening = initialServerStream(context, options.random.octets(SERVER_STREAM_ENTROPY_OCTETS), channel);
  let { state } = opening;

  const flush = (): void => {
    if (outgoing === '') return;
    const text = outgoing;
    outgoing = '';
    connection.write(encodeUtf8(text));
  };

  const within = (work: () => void): void => {
    handling++;
    try {
      work();
    } finally {
      handling--;
      if (handling === 0) flush();
    }
  };

  const feed = (input: ServerStreamInput): void => {
    within(() => {
      context.now = instant(clock);
      const step = stepServerStream(context, state, input);
      state = step.state;
      for (const effect of step.effects) perform(effect);
    });
  };

  const hear = (event: StreamEvent): void => {
    if (event.kind === 'header') connection.progressed?.('spoke');
    feed(event);
  };

  const perform = (effect: ServerStreamEffect): void => {
    switch (effect.kind) {
      case 'write':
        if (!over) outgoing += effect.text;
        return;
      case 'restart':
        reader.restart(effect.authenticated ? LIMITS_AFTER_AUTHENTICATION : LIMITS_BEFORE_AUTHENTICATION);
        return;
      case 'start-tls':
        upgrading = true;
        return;
      case 'look-up':
        lookUp(effect);
        return;
      case 'stretch':
        stretch(effect);
        return;
      case 'signed-in':
        gatewayId = effect.user;
        connection.progressed?.('trusted');
        log.info('gateway signed in', { gateway: gatewayId, mechanism: effect.mechanism });
        return;
      case 'online':
        carry(options.onOnline(effect.user));
        return;
      case 'resumable':
        options.onResumable(effect.id);
        return;
      case 'resume':
        feed({ kind: 'resumable', session: options.onResume(effect.previd, effect.user) });
        return;
      case 'resumed':
        log.info('gateway session resumed', { gateway: gatewayId });
        carry(options.onResumed(effect.user));
        return;
      case 'requested':
      case 'answered':
      case 'refused':
        session?.handle(effect);
        return;
      case 'wake':
        wakeAt(effect.atMonotonicMs);
        return;
      case 'close':
        flush();
        over = true;
        cancelWake();
        reader.end();
        connection.close();
        log.info('gateway stream closed', { gateway: gatewayId, reason: effect.reason });
        options.onEnd(effect.reason, effect.session);
        return;
    }
  };

  /** The machine says again when to wake it, so a timer that is due earlier is left as it is. */
  const wakeAt = (atMs: number): void => {
    if (over || atMs >= wakeAtMs) return;
    cancelWake();
    wakeAtMs = atMs;
    cancelWake = clock.after(atMs - clock.monotonic(), () => {
      wakeAtMs = Number.POSITIVE_INFINITY;
      feed({ kind: 'wake' });
    });
  };

  const carry = (one: GatewaySession): void => {
    session = one;
    one.attach(feed);
  };

  const lookUp = (effect: Extract<ServerStreamEffect, { kind: 'look-up' }>): void => {
    core.verifier(effect.username, effect.mechanism === 'SCRAM-SHA-1' ? 'sha1' : 'sha256').then(
      (verifier) => {
        const binding = effect.binding === undefined ? undefined : tls?.bind(effect.binding);
        feed({ kind: 'verifier', verifier, binding });
      },
      (error: unknown) => broken('gateway account could not be read', error),
    );
  };

  const stretch = (effect: Extract<ServerStreamEffect, { kind: 'stretch' }>): void => {
    if (options.legacySasl === undefined) return;
    options.legacySasl.stretch(effect.password, effect.salt, effect.iterations).then(
      (saltedPassword) => feed({ kind: 'stretched', saltedPassword: new Secret(saltedPassword.reveal()) }),
      (error: unknown) => broken('password could not be checked', error),
    );
  };

  const broken = (message: string, error: unknown): void => {
    log.error(message, { error: nameOf(error) });
    feed({ kind: 'stop', condition: 'internal-server-error' });
  };

  for (const effect of opening.effects) perform(effect);

  return {
    received: {
      received(octets) {
        if (over) return;
        within(() => reader.read(octets, hear));
        if (!upgrading || over) return;
        // Only now is it sure that nothing in the clear came after <starttls/>.
        upgrading = false;
        connection.startTls?.();
      },
      secured(secure) {
        tls = secure;
        feed({ kind: 'secured', channel: secure.channel });
      },
      closed: () => feed({ kind: 'closed' }),
    },
    get session() {
      return state.phase === 'bound' ? state.session : undefined;
    },
    stop: (condition) => feed({ kind: 'stop', condition }),
  };
}
