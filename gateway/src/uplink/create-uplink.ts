import { type Cancel, instant, Secret } from '@cardea/kit-runtime';
import { decodeToGateway, encodeFromGateway, type FromGateway, RouteError } from '@cardea/wire-route';
import {
  type Answer,
  type ClientStreamContext,
  type ClientStreamEffect,
  type ClientStreamInput,
  type ClientStreamState,
  checkPassword,
  type Element,
  encodeUtf8,
  LIMITS_AFTER_AUTHENTICATION,
  LIMITS_BEFORE_AUTHENTICATION,
  parseJid,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  StreamReader,
  startClientStream,
  stepClientStream,
  stepSession,
  UNBOUND_CHANNEL,
} from '@cardea/wire-xmpp';
import { UplinkError } from './errors.ts';
import type { TlsConnection, Transport, Uplink, UplinkOptions } from './uplink.ts';

const LIMITS: SessionLimits = { pingEveryMs: 5_000, deadAfterMs: 15_000, answerWithinMs: 30_000, unanswered: 64 };
const NEGOTIATE_WITHIN_MS = 15_000;
const RETRY_FIRST_MS = 500;
/** A server that is back serves its doors again within ten seconds, however long it was away. */
const RETRY_MAX_MS = 3_000;
/** Signing in again with a password that was refused is not worth hurrying. */
const RETRY_REFUSED_MS = 30_000;
const NONCE_OCTETS = 24;
/** A lost session is not waited for longer than this: what it had on its way is sent anew over the next one. */
const RESUME_WITHIN_MS = 60_000;

interface Waiting {
  resolve(): void;
  reject(error: UplinkError): void;
}

/** An uplink over `options.connect`, not started yet. @throws XmppError `jid`, `sasl` for an address or password of the wrong form */
export function createUplink(options: UplinkOptions): Uplink {
  const { clock, log, random } = options;
  const jid = parseJid(`${options.jid}/bgw`);
  checkPassword(options.password.reveal());

  /** What lives as long as one connection. */
  interface Connection {
    readonly transport: Transport;
    readonly reader: StreamReader;
    tls: TlsConnection | undefined;
    state: ClientStreamState | undefined;
    /** What waits to be written while something is being handled: it leaves as one. */
    outgoing: string;
    handling: number;
    upgrading: boolean;
    cancelWake: Cancel;
    wakeAtMs: number;
  }

  /** What lives as long as one session of XMPP, which may outlive its connection. */
  interface Session {
    readonly waiting: Map<string, Waiting>;
    /** The state of a session whose connection is lost. */
    lost: SessionState | undefined;
    online: boolean;
  }

  let connection: Connection | undefined;
  let session: Session = newSession();
  let running = false;
  let failures = 0;
  let nextReport = 1;
  let requireBinding = options.requireBinding ?? false;
  let cancelRetry: Cancel = () => {};
  let cancelForget: Cancel = () => {};
  let stopped: () => void = () => {};
  /** One derivation is kept: the server's salt does not change between two sign-ins. */
  let derivation: { readonly of: string; readonly key: Secret } | undefined;

  function newSession(): Session {
    return { waiting: new Map(), lost: undefined, online: false };
  }

  const context = (): ClientStreamContext => ({
    primitives: options.primitives,
    now: instant(clock),
    jid,
    requireBinding,
    limits: LIMITS,
    negotiateWithinMs: NEGOTIATE_WITHIN_MS,
  });

  const open = (): void => {
    let mine: Connection | undefined;
    let closedEarly: string | undefined;
    const transport = options.connect({
      connected(tls) {
        const current = mine;
        if (current === undefined || current !== connection) return;
        current.tls = typeof tls === 'object' ? tls : undefined;
        const channel = tls === 'clear' ? 'clear' : (tls?.channel ?? UNBOUND_CHANNEL);
        const nonce = random.octets(NONCE_OCTETS);
        const step = startClientStream(context(), { channel, nonce, session: session.lost });
        current.state = step.state;
        within(current, () => {
          for (const effect of step.effects) perform(current, effect);
        });
      },
      secured(tls) {
        if (mine === undefined || mine !== connection) return;
        mine.tls = tls;
        feed(mine, { kind: 'secured', channel: tls.channel });
      },
      received(octets) {
        const current = mine;
        if (current === undefined || current !== connection) return;
        within(current, () => current.reader.read(octets, (event) => feed(current, event)));
        if (!current.upgrading || current !== connection) return;
        // Only now is it sure that nothing in the clear came after <proceed/>.
        current.upgrading = false;
        current.transport.startTls?.();
      },
      closed(reason) {
        if (mine === undefined) closedEarly = reason;
        else if (mine.state === undefined) ended(mine, reason, false, session.lost);
        else feed(mine, { kind: 'closed' });
      },
    });
    mine = {
      transport,
      reader: new StreamReader(LIMITS_BEFORE_AUTHENTICATION),
      tls: undefined,
      state: undefined,
      outgoing: '',
      handling: 0,
      upgrading: false,
      cancelWake: () => {},
      wakeAtMs: Number.POSITIVE_INFINITY,
    };
    connection = mine;
    // The transport itself has the same time to open as the stream has to be bound.
    const opening = mine;
    const late = (): void => ended(opening, 'no connection in time', false, session.lost);
    mine.cancelWake = clock.after(NEGOTIATE_WITHIN_MS, late);
    if (closedEarly !== undefined) ended(mine, closedEarly, false, session.lost);
  };

  const within = (from: Connection, work: () => void): void => {
    from.handling++;
    try {
      work();
    } finally {
      from.handling--;
      if (from.handling === 0) flush(from);
    }
  };

  const flush = (from: Connection): void => {
    if (from.outgoing === '') return;
    const text = from.outgoing;
    from.outgoing = '';
    from.transport.write(encodeUtf8(text));
  };

  const feed = (from: Connection, input: ClientStreamInput): void => {
    if (from !== connection || from.state === undefined) return;
    const step = stepClientStream(context(), from.state, input);
    from.state = step.state;
    within(from, () => {
      for (const effect of step.effects) perform(from, effect);
    });
  };

  /** Into the stream that carries the session; without one, into the state that is kept for the next. */
  const feedSession = (to: Session, input: SessionInput): void => {
    if (to !== session) return;
    if (to.lost === undefined) {
      if (connection !== undefined) feed(connection, input);
      return;
    }
    const step = stepSession(LIMITS, instant(clock), to.lost, input);
    to.lost = step.state;
    // What it writes is in its state, for the stream that resumes it.
    for (const effect of step.effects) if (effect.kind === 'refused') refuse(effect.id);
  };

  const perform = (from: Connection, effect: ClientStreamEffect): void => {
    switch (effect.kind) {
      case 'write':
        from.outgoing += effect.text;
        return;
      case 'restart':
        from.reader.restart(effect.authenticated ? LIMITS_AFTER_AUTHENTICATION : LIMITS_BEFORE_AUTHENTICATION);
        return;
      case 'start-tls':
        from.upgrading = true;
        return;
      case 'derive':
        derive(from, effect);
        return;
      case 'signed-in':
        // From here on an offer without it is not believed.
        if (effect.mechanism === 'SCRAM-SHA-256-PLUS') requireBinding = true;
        options.onSignedIn?.(effect.mechanism);
        return;
      case 'online':
        lose(session, 'the session was not resumed');
        session = { ...newSession(), online: true };
        failures = 0;
        log.info('uplink online', { jid: effect.jid });
        options.onOnline?.();
        return;
      case 'resumed':
        cancelForget();
        session.lost = undefined;
        session.online = true;
        failures = 0;
        log.info('uplink resumed');
        options.onOnline?.();
        return;
      case 'requested':
        take(session, effect.id, effect.payload);
        return;
      case 'answered':
        settle(effect.id, effect.answer);
        return;
      case 'refused':
        refuse(effect.id);
        return;
      case 'wake':
        wakeAt(from, effect.atMonotonicMs);
        return;
      case 'close':
        flush(from);
        ended(from, effect.reason, effect.credentials, effect.session);
        return;
    }
  };

  /** The machine says again when to wake it, so a timer that is due earlier is left as it is. */
  const wakeAt = (from: Connection, atMs: number): void => {
    if (atMs >= from.wakeAtMs) return;
    from.cancelWake();
    from.wakeAtMs = atMs;
    from.cancelWake = clock.after(atMs - clock.monotonic(), () => {
      from.wakeAtMs = Number.POSITIVE_INFINITY;
      feed(from, { kind: 'wake' });
    });
  };

  const derive = (from: Connection, effect: Extract<ClientStreamEffect, { kind: 'derive' }>): void => {
    const { salt, iterations } = effect;
    const of = `${iterations}:${salt.join('.')}`;
    const key =
      derivation?.of === of ? Promise.resolve(derivation.key) : options.deriveKey(options.password, salt, iterations);
    key.then(
      (saltedPassword) => {
        derivation = { of, key: saltedPassword };
        const binding = effect.binding === undefined ? undefined : from.tls?.bind(effect.binding);
        feed(from, { kind: 'derived', saltedPassword: new Secret(saltedPassword.reveal()), binding });
      },
      () => ended(from, 'key derivation failed', false, session.lost),
    );
  };

  /** "Taken" is said only when the gateway has taken it; when it has at once, in the same breath as what it says itself. */
  const take = (from: Session, id: string, payload: Element): void => {
    const isTaken = (): void => feedSession(from, { kind: 'answer', id });
    const isNot = (error: unknown): void => notTaken(from, id, error);
    try {
      const taking = options.onMessage(decodeToGateway(payload));
      if (taking === undefined) isTaken();
      else taking.then(isTaken, isNot);
    } catch (error) {
      isNot(error);
    }
  };

  const notTaken = (from: Session, id: string, error: unknown): void => {
    const malformed = error instanceof RouteError;
    log.warn('message of the RAS not taken', { error: malformed ? error.message : nameOf(error) });
    const refused = malformed
      ? ({ condition: 'bad-request', text: error.message } as const)
      : ({ condition: 'resource-constraint' } as const);
    feedSession(from, { kind: 'answer', id, error: refused });
  };

  const refuse = (id: string): void => {
    session.waiting.get(id)?.reject(new UplinkError('busy', 'too many reports wait for their answer'));
    session.waiting.delete(id);
  };

  const settle = (id: string, answer: Answer): void => {
    const waiting = session.waiting.get(id);
    if (waiting === undefined) return;
    session.waiting.delete(id);
    switch (answer.kind) {
      case 'result':
        waiting.resolve();
        return;
      case 'no-answer':
        waiting.reject(new UplinkError('no_answer', 'the RAS did not answer in time'));
        return;
      case 'error': {
        const code = answer.error.type === 'wait' ? 'unavailable' : 'refused';
        waiting.reject(new UplinkError(code, answer.error.text ?? answer.error.condition));
        return;
      }
    }
  };

  /** The session is over: what it still waited for is sent anew over another. */
  const lose = (one: Session, reason: string): void => {
    cancelForget();
    one.lost = undefined;
    for (const waiting of one.waiting.values()) waiting.reject(new UplinkError('offline', reason));
    one.waiting.clear();
  };

  const ended = (from: Connection, reason: string, credentials: boolean, lost: SessionState | undefined): void => {
    if (from !== connection) return;
    connection = undefined;
    from.cancelWake();
    from.reader.end();
    from.transport.close();
    log.warn('uplink closed', { reason });
    const wasOnline = session.online;
    session.online = false;
    if (lost === undefined || !running) {
      lose(session, reason);
    } else if (session.lost === undefined) {
      const mine = session;
      cancelForget();
      cancelForget = clock.after(RESUME_WITHIN_MS, () => lose(mine, 'the session was not resumed in time'));
      session.lost = lost;
    }
    if (wasOnline) options.onOffline?.(reason);
    if (running) retry(credentials);
    else stopped();
  };

  /** Twice as long after each failure, and anywhere in the upper half of it, so that a fleet does not return as one. */
  const retry = (credentials: boolean): void => {
    const longest = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures++, 10));
    const chance = (random.octets(1)[0] ?? 0) / 256;
    const delayMs = Math.max(longest * (0.5 + chance / 2), credentials ? RETRY_REFUSED_MS * (0.5 + chance / 2) : 0);
    cancelRetry = clock.after(delayMs, open);
  };

  return {
    get online() {
      return session.online;
    },
    start() {
      if (running) return;
      running = true;
      failures = 0;
      open();
    },
    async send(report: FromGateway) {
      const payload = encodeFromGateway(report);
      const through = session;
      if (!through.online) throw new UplinkError('offline', 'no session with the RAS');
      const id = `g-${nextReport++}`;
      await new Promise<void>((resolve, reject) => {
        through.waiting.set(id, { resolve, reject });
        feedSession(through, { kind: 'request', id, payload });
      });
    },
    async stop() {
      running = false;
      cancelRetry();
      const last = connection;
      if (last === undefined) {
        lose(session, 'stopped');
        return;
      }
      await new Promise<void>((resolve) => {
        stopped = resolve;
        if (last.state === undefined) ended(last, 'stopped', false, undefined);
        else feed(last, { kind: 'stop' });
      });
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
