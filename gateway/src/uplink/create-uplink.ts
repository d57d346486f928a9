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
  type SessionLimits,
  StreamReader,
  startClientStream,
  stepClientStream,
} from '@cardea/wire-xmpp';
import { UplinkError } from './errors.ts';
import type { Transport, Uplink, UplinkOptions } from './uplink.ts';

const LIMITS: SessionLimits = { pingEveryMs: 5_000, deadAfterMs: 15_000, answerWithinMs: 30_000, unanswered: 64 };
const NEGOTIATE_WITHIN_MS = 15_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 30_000;
/** Signing in again with a password that was refused is not worth hurrying. */
const RETRY_REFUSED_MS = 30_000;
const NONCE_OCTETS = 24;

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
    readonly waiting: Map<string, Waiting>;
    state: ClientStreamState | undefined;
    online: boolean;
    cancelWake: Cancel;
  }

  let connection: Connection | undefined;
  let running = false;
  let failures = 0;
  let nextReport = 1;
  let cancelRetry: Cancel = () => {};
  let stopped: () => void = () => {};
  /** One derivation is kept: the server's salt does not change between two sign-ins. */
  let derivation: { readonly of: string; readonly key: Secret } | undefined;

  const context = (): ClientStreamContext => ({
    primitives: options.primitives,
    now: instant(clock),
    jid,
    limits: LIMITS,
    negotiateWithinMs: NEGOTIATE_WITHIN_MS,
  });

  const open = (): void => {
    let mine: Connection | undefined;
    let closedEarly: string | undefined;
    const transport = options.connect({
      connected() {
        if (mine === undefined || mine !== connection) return;
        const step = startClientStream(context(), random.octets(NONCE_OCTETS));
        mine.state = step.state;
        for (const effect of step.effects) perform(mine, effect);
      },
      received(octets) {
        const current = mine;
        if (current !== undefined && current === connection)
          current.reader.read(octets, (event) => feed(current, event));
      },
      closed(reason) {
        if (mine === undefined) closedEarly = reason;
        else if (mine.state === undefined) ended(mine, reason, false);
        else feed(mine, { kind: 'closed' });
      },
    });
    mine = {
      transport,
      reader: new StreamReader(LIMITS_BEFORE_AUTHENTICATION),
      waiting: new Map(),
      state: undefined,
      online: false,
      cancelWake: () => {},
    };
    connection = mine;
    // The transport itself has the same time to open as the stream has to be bound.
    const opening = mine;
    mine.cancelWake = clock.after(NEGOTIATE_WITHIN_MS, () => ended(opening, 'no connection in time', false));
    if (closedEarly !== undefined) ended(mine, closedEarly, false);
  };

  const feed = (from: Connection, input: ClientStreamInput): void => {
    if (from !== connection || from.state === undefined) return;
    const step = stepClientStream(context(), from.state, input);
    from.state = step.state;
    for (const effect of step.effects) perform(from, effect);
  };

  const perform = (from: Connection, effect: ClientStreamEffect): void => {
    switch (effect.kind) {
      case 'write':
        from.transport.write(encodeUtf8(effect.text));
        return;
      case 'restart':
        from.reader.restart(LIMITS_AFTER_AUTHENTICATION);
        return;
      case 'derive':
        derive(from, effect.salt, effect.iterations);
        return;
      case 'online':
        from.online = true;
        failures = 0;
        log.info('uplink online', { jid: effect.jid });
        options.onOnline?.();
        return;
      case 'requested':
        void take(from, effect.id, effect.payload);
        return;
      case 'answered':
        settle(from, effect.id, effect.answer);
        return;
      case 'refused':
        from.waiting.get(effect.id)?.reject(new UplinkError('busy', 'too many reports wait for their answer'));
        from.waiting.delete(effect.id);
        return;
      case 'wake':
        from.cancelWake();
        from.cancelWake = clock.after(effect.atMonotonicMs - clock.monotonic(), () => feed(from, { kind: 'wake' }));
        return;
      case 'close':
        ended(from, effect.reason, effect.credentials);
        return;
    }
  };

  const derive = (from: Connection, salt: Uint8Array, iterations: number): void => {
    const of = `${iterations}:${salt.join('.')}`;
    const key =
      derivation?.of === of ? Promise.resolve(derivation.key) : options.deriveKey(options.password, salt, iterations);
    key.then(
      (saltedPassword) => {
        derivation = { of, key: saltedPassword };
        feed(from, { kind: 'derived', saltedPassword: new Secret(saltedPassword.reveal()) });
      },
      () => ended(from, 'key derivation failed', false),
    );
  };

  /** "Taken" is said only when the gateway has taken it. */
  const take = async (from: Connection, id: string, payload: Element): Promise<void> => {
    try {
      await options.onMessage(decodeToGateway(payload));
      feed(from, { kind: 'answer', id });
    } catch (error) {
      const malformed = error instanceof RouteError;
      log.warn('message of the RAS not taken', { error: malformed ? error.message : nameOf(error) });
      const refused = malformed
        ? ({ condition: 'bad-request', text: error.message } as const)
        : ({ condition: 'resource-constraint' } as const);
      feed(from, { kind: 'answer', id, error: refused });
    }
  };

  const settle = (from: Connection, id: string, answer: Answer): void => {
    const waiting = from.waiting.get(id);
    if (waiting === undefined) return;
    from.waiting.delete(id);
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

  const ended = (from: Connection, reason: string, credentials: boolean): void => {
    if (from !== connection) return;
    connection = undefined;
    from.cancelWake();
    from.transport.close();
    log.warn('uplink closed', { reason });
    for (const waiting of from.waiting.values()) waiting.reject(new UplinkError('offline', reason));
    from.waiting.clear();
    if (from.online) options.onOffline?.(reason);
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
      return connection?.online ?? false;
    },
    start() {
      if (running) return;
      running = true;
      failures = 0;
      open();
    },
    async send(report: FromGateway) {
      const payload = encodeFromGateway(report);
      const through = connection;
      if (through?.online !== true) throw new UplinkError('offline', 'no session with the RAS');
      const id = `g-${nextReport++}`;
      await new Promise<void>((resolve, reject) => {
        through.waiting.set(id, { resolve, reject });
        feed(through, { kind: 'request', id, payload });
      });
    },
    async stop() {
      running = false;
      cancelRetry();
      const last = connection;
      if (last === undefined) return;
      await new Promise<void>((resolve) => {
        stopped = resolve;
        if (last.state === undefined) ended(last, 'stopped', false);
        else feed(last, { kind: 'stop' });
      });
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
