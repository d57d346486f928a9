import type { Primitives } from '@cardea/kit-crypto';
import { type Cancel, type Clock, instant, type Log, type Random, type Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { decodeFromGateway, type ToGateway } from '@cardea/wire-route';
import {
  type Answer,
  type Element,
  encodeUtf8,
  initialServerStream,
  LIMITS_AFTER_AUTHENTICATION,
  LIMITS_BEFORE_AUTHENTICATION,
  SERVER_STREAM_ENTROPY_OCTETS,
  type ServerStreamEffect,
  type ServerStreamInput,
  type SessionLimits,
  type StreamCondition,
  StreamReader,
  stepServerStream,
} from '@cardea/wire-xmpp';
import { refusal } from './refusals.ts';

/** The way to a peer: a TLS socket, or a pipe in the twin. */
export interface Connection {
  write(octets: Uint8Array): void;
  /** Closes after what was written. */
  close(): void;
}

/** What the way's other end tells. */
export interface Received {
  received(octets: Uint8Array): void;
  closed(): void;
}

export interface GatewayStreamOptions {
  readonly connection: Connection;
  readonly core: Core['uplink'];
  readonly domain: string;
  readonly resource: string;
  readonly decoyKey: Secret;
  readonly limits: SessionLimits;
  readonly negotiateWithinMs: number;
  readonly primitives: Primitives;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  /** Signed in; reports wait until the promise resolves. */
  onOnline(gatewayId: string): Promise<void>;
  /** Over, once and last; `gatewayId` when it had been signed in. */
  onEnd(gatewayId: string | undefined, reason: string): void;
}

export interface GatewayStream {
  readonly received: Received;
  /** False when it is not signed in, or too much is unanswered. */
  send(message: ToGateway, payload: Element): boolean;
  stop(condition: StreamCondition): void;
}

/** Runs one server stream machine over one connection: performs its effects, asks the core, and carries its answers. */
export function createGatewayStream(options: GatewayStreamOptions): GatewayStream {
  const { clock, connection, core, log } = options;
  const reader = new StreamReader(LIMITS_BEFORE_AUTHENTICATION);
  const sent = new Map<string, ToGateway>();
  let nextId = 1;
  let gatewayId: string | undefined;
  let ready: Promise<void> = Promise.resolve();
  let cancelWake: Cancel = () => {};
  let over = false;
  let sendRefused = false;

  const context = () => ({ ...options, now: instant(clock) });
  let { state, effects: opening } = initialServerStream(context(), options.random.octets(SERVER_STREAM_ENTROPY_OCTETS));

  const feed = (input: ServerStreamInput): void => {
    const step = stepServerStream(context(), state, input);
    state = step.state;
    for (const effect of step.effects) perform(effect);
  };

  const perform = (effect: ServerStreamEffect): void => {
    switch (effect.kind) {
      case 'write':
        if (!over) connection.write(encodeUtf8(effect.text));
        return;
      case 'restart':
        reader.restart(LIMITS_AFTER_AUTHENTICATION);
        return;
      case 'look-up':
        lookUp(effect.username);
        return;
      case 'online':
        gatewayId = effect.user;
        log.info('gateway signed in', { gateway: gatewayId });
        ready = options.onOnline(gatewayId);
        ready.catch((error: unknown) => {
          log.error('gateway could not be taken in', { gateway: gatewayId, error: nameOf(error) });
          feed({ kind: 'stop', condition: 'internal-server-error' });
        });
        return;
      case 'requested':
        void report(effect.id, effect.payload);
        return;
      case 'answered':
        answered(effect.id, effect.answer);
        return;
      case 'refused':
        sent.delete(effect.id);
        sendRefused = true;
        return;
      case 'wake':
        cancelWake();
        cancelWake = clock.after(effect.atMonotonicMs - clock.monotonic(), () => feed({ kind: 'wake' }));
        return;
      case 'close':
        over = true;
        cancelWake();
        connection.close();
        log.info('gateway stream closed', { gateway: gatewayId, reason: effect.reason });
        options.onEnd(gatewayId, effect.reason);
        return;
    }
  };

  const lookUp = (username: string): void => {
    core.verifier(username).then(
      (verifier) => feed({ kind: 'verifier', verifier }),
      (error: unknown) => {
        log.error('gateway account could not be read', { error: nameOf(error) });
        feed({ kind: 'stop', condition: 'internal-server-error' });
      },
    );
  };

  /** The answer leaves only when what the gateway said is durable. Reports reach the core in the order they came. */
  const report = async (id: string, payload: Element): Promise<void> => {
    const from = gatewayId;
    if (from === undefined) return;
    try {
      const message = decodeFromGateway(payload);
      await ready;
      await core.received(from, message);
      feed({ kind: 'answer', id });
    } catch (error) {
      const refused = refusal(error);
      if (refused.condition === 'internal-server-error') {
        log.error('report of a gateway failed', { gateway: from, error: nameOf(error) });
      }
      feed({ kind: 'answer', id, error: refused });
    }
  };

  /** A gateway that does not take a frame says so: for the attempt that is its progress. */
  const answered = (id: string, answer: Answer): void => {
    const message = sent.get(id);
    sent.delete(id);
    if (answer.kind === 'result' || message === undefined || gatewayId === undefined) return;
    log.warn('gateway did not take a message', {
      gateway: gatewayId,
      message: message.kind,
      condition: answer.kind === 'error' ? answer.error.condition : answer.kind,
    });
    if (message.kind !== 'frame' || answer.kind !== 'error') return;
    const reason = answer.error.type === 'wait' ? 'busy' : 'unsupported';
    const { id: frame, lock } = message;
    core
      .received(gatewayId, { kind: 'progress', id: frame, lock, stage: 'failed', queuePosition: null, reason })
      .catch((error: unknown) => log.error('progress could not be recorded', { error: nameOf(error) }));
  };

  for (const effect of opening) perform(effect);
  opening = [];

  return {
    received: {
      received(octets) {
        if (over) return;
        reader.read(octets, feed);
      },
      closed: () => feed({ kind: 'closed' }),
    },
    send(message, payload) {
      const id = `r-${nextId++}`;
      sent.set(id, message);
      sendRefused = false;
      feed({ kind: 'request', id, payload });
      return !sendRefused && !over;
    },
    stop: (condition) => feed({ kind: 'stop', condition }),
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
