import { type Clock, instant, type Log } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { decodeFromGateway, type ToGateway } from '@cardea/wire-route';
import {
  type Answer,
  type Element,
  type SessionInput,
  type SessionLimits,
  type SessionState,
  stepSession,
} from '@cardea/wire-xmpp';
import { nameOf } from './names.ts';
import type { RecentReports } from './recent-reports.ts';
import { refusal } from './refusals.ts';

export interface GatewaySessionOptions {
  readonly gatewayId: string;
  readonly core: Core['uplink'];
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: SessionLimits;
  readonly recent: RecentReports;
}

/** What the stream that carries the session hands on. */
export type SessionEvent =
  | { readonly kind: 'requested'; readonly id: string; readonly payload: Element }
  | { readonly kind: 'answered'; readonly id: string; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly id: string };

/** A gateway's session: what it asked and was asked. It outlives its stream when it can be resumed. */
export interface GatewaySession {
  readonly gatewayId: string;
  handle(event: SessionEvent): void;
  /** Reports wait for `ready`; `feed` leads into the stream's machine. */
  attach(feed: (input: SessionInput) => void): void;
  /** The stream is lost: requests and answers are kept in the session's own state. */
  detach(state: SessionState): void;
  /** The kept state, for the stream that resumes it. */
  readonly kept: SessionState | undefined;
  /** Reports wait until this resolves. */
  waitFor(ready: Promise<void>): void;
  /** False when too much is unanswered. */
  send(message: ToGateway, payload: Element): boolean;
  /** Nothing that still comes reaches the core. */
  end(): void;
}

/** A session that no stream carries yet. */
export function createGatewaySession(options: GatewaySessionOptions): GatewaySession {
  const { gatewayId, core, clock, log, limits, recent } = options;
  const sent = new Map<string, ToGateway>();
  let nextId = 1;
  let carrier: ((input: SessionInput) => void) | undefined;
  let kept: SessionState | undefined;
  let ready: Promise<void> | undefined;
  let over = false;
  let sendRefused = false;

  const feed = (input: SessionInput): void => {
    if (over) return;
    if (carrier !== undefined) {
      carrier(input);
      return;
    }
    if (kept === undefined) return;
    const step = stepSession(limits, instant(clock), kept, input);
    kept = step.state;
    // What it writes is in its state, for the stream that resumes it.
    for (const effect of step.effects) {
      if (effect.kind === 'requested' || effect.kind === 'answered' || effect.kind === 'refused') handle(effect);
    }
  };

  const handle = (event: SessionEvent): void => {
    switch (event.kind) {
      case 'requested':
        void report(event.id, event.payload);
        return;
      case 'answered':
        answered(event.id, event.answer);
        return;
      case 'refused':
        sent.delete(event.id);
        sendRefused = true;
        return;
    }
  };

  /** The answer leaves only when what the gateway said is durable. Reports reach the core in the order they came. */
  const report = async (id: string, payload: Element): Promise<void> => {
    try {
      const message = decodeFromGateway(payload);
      if (ready !== undefined) await ready;
      // A session that was replaced while its report waited: the gateway sends it again over the new one.
      if (over) return;
      await recent.once(message, () => core.received(gatewayId, message));
      feed({ kind: 'answer', id });
    } catch (error) {
      const refused = refusal(error);
      if (refused.condition === 'internal-server-error') {
        log.error('report of a gateway failed', { gateway: gatewayId, error: nameOf(error) });
      }
      feed({ kind: 'answer', id, error: refused });
    }
  };

  /** A gateway that does not take a frame says so: for the attempt that is its progress. */
  const answered = (id: string, answer: Answer): void => {
    const message = sent.get(id);
    sent.delete(id);
    if (answer.kind === 'result' || message === undefined) return;
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

  return {
    gatewayId,
    handle,
    get kept() {
      return kept;
    },
    attach(to) {
      carrier = to;
      kept = undefined;
    },
    detach(state) {
      carrier = undefined;
      kept = state;
    },
    waitFor(promise) {
      ready = promise;
      promise.then(
        () => {
          if (ready === promise) ready = undefined;
        },
        () => {},
      );
    },
    send(message, payload) {
      const id = `r-${nextId++}`;
      sent.set(id, message);
      sendRefused = over;
      // Nothing late may act: a frame whose time has passed is not said again when the stream is resumed.
      const untilMs = message.kind === 'frame' ? message.expiresAtS * 1000 : undefined;
      feed({ kind: 'request', id, payload, untilMs });
      return !sendRefused && !over;
    },
    end() {
      over = true;
      carrier = undefined;
      kept = undefined;
    },
  };
}
