import type { Cancel, Clock, Log } from '@cardea/kit-runtime';
import { CHANNEL } from '@cardea/wire-lock';
import {
  type FromGateway,
  frameLocal,
  type LocalMessage,
  type LocalRefusal,
  LocalStream,
  RouteError,
  type ToGateway,
} from '@cardea/wire-route';

/** An ordered, reliable pipe of octets to a phone. */
export interface VisitorPipe {
  send(octets: Uint8Array): void;
  onData(listener: (octets: Uint8Array) => void): void;
  /** Called once, for whatever reason the pipe ends. */
  onClose(listener: () => void): void;
  close(): void;
}

/** What the desk needs of its gateway. */
export interface LocalPorts {
  readonly clock: Clock;
  readonly log: Log;
  isServed(lock: string): boolean;
  isHeard(lock: string): boolean;
  /** A message for a lock, on the way that this lock is spoken to. */
  submit(frame: Extract<ToGateway, { readonly kind: 'frame' }>): void;
  /** Ends the connection to a lock: one is good for one key, and the next phone comes by another. */
  hangUp(lock: string): void;
}

/**
 * The gateway's local endpoint: phones near by reach their locks through it when the server is gone (off unless asked
 * for). It carries the mobile key's messages and no others; phone and lock prove themselves to one another, so whoever
 * comes here can do no more than whoever stands at the door with a radio.
 */
export interface LocalDesk {
  /** Phones that are here. */
  readonly visitors: number;
  accept(pipe: VisitorPipe): void;
  /** Takes a lock's message when it is for a phone that is here. */
  takeFromLock(lock: string, channel: number, octets: Uint8Array): boolean;
  /** Takes what is told of a message of its own. */
  takeProgress(progress: Extract<FromGateway, { readonly kind: 'progress' }>): boolean;
  stop(): void;
}

/** Bounds on those who come: nobody here has proved anything to the gateway. */
export const LOCAL_LIMITS = {
  /** Phones at once, and one for each lock. */
  visitors: 8,
  /** A phone says which lock within this ... */
  greetingMs: 3_000,
  /** ... and is gone after this: a person stands at the door no longer. */
  stayMs: 12_000,
  /** Messages of one phone: an exchange takes three, and an order one. */
  messages: 8,
} as const;

const ID_PREFIX = 'local.';

interface Visitor {
  readonly pipe: VisitorPipe;
  lock: string | undefined;
  messages: number;
  cancel: Cancel;
}

export function createLocalDesk({ clock, log, ...ports }: LocalPorts): LocalDesk {
  const visitors = new Set<Visitor>();
  let ids = 0;

  const gone = ({ lock, cancel }: Visitor): void => {
    cancel();
    if (lock !== undefined) ports.hangUp(lock);
  };

  const leave = (visitor: Visitor, reason: LocalRefusal): void => {
    if (!visitors.delete(visitor)) return;
    gone(visitor);
    visitor.pipe.send(frameLocal({ kind: 'refused', reason }));
    visitor.pipe.close();
  };

  const atLock = (lock: string): Visitor | undefined => [...visitors].find((visitor) => visitor.lock === lock);

  const refusalOf = (lock: string): LocalRefusal | undefined => {
    if (!ports.isServed(lock)) return 'unknown_lock';
    if (!ports.isHeard(lock)) return 'not_heard';
    return atLock(lock) === undefined ? undefined : 'busy';
  };

  const open = (visitor: Visitor, lock: string): void => {
    const refusal = refusalOf(lock);
    if (refusal !== undefined) {
      leave(visitor, refusal);
      return;
    }
    visitor.lock = lock;
    visitor.cancel();
    visitor.cancel = clock.after(LOCAL_LIMITS.stayMs, () => leave(visitor, 'ended'));
    visitor.pipe.send(frameLocal({ kind: 'opened' }));
    log.info('a phone is at the local endpoint', { lock });
  };

  const take = (visitor: Visitor, message: LocalMessage): void => {
    const { lock } = visitor;
    if (message.kind === 'open' && lock === undefined) open(visitor, message.lock);
    else if (message.kind === 'message' && lock !== undefined && visitor.messages < LOCAL_LIMITS.messages) {
      visitor.messages++;
      ports.submit({
        kind: 'frame',
        id: `${ID_PREFIX}${++ids}`,
        lock,
        channel: CHANNEL.mobileKey,
        expiresAtS: Math.ceil((clock.now() + LOCAL_LIMITS.stayMs) / 1000),
        octets: message.octets,
      });
    } else leave(visitor, 'ended');
  };

  return {
    get visitors() {
      return visitors.size;
    },
    accept(pipe) {
      const stream = new LocalStream();
      const visitor: Visitor = { pipe, lock: undefined, messages: 0, cancel: () => {} };
      const isFull = visitors.size >= LOCAL_LIMITS.visitors;
      visitors.add(visitor);
      if (isFull) {
        leave(visitor, 'busy');
        return;
      }
      visitor.cancel = clock.after(LOCAL_LIMITS.greetingMs, () => leave(visitor, 'ended'));
      pipe.onClose(() => {
        if (visitors.delete(visitor)) gone(visitor);
      });
      pipe.onData((octets) => {
        if (!visitors.has(visitor)) return;
        try {
          for (const message of stream.push(octets)) if (visitors.has(visitor)) take(visitor, message);
        } catch (error) {
          if (!(error instanceof RouteError)) throw error;
          leave(visitor, 'ended');
        }
      });
    },
    takeFromLock(lock, channel, octets) {
      const visitor = channel === CHANNEL.mobileKey ? atLock(lock) : undefined;
      visitor?.pipe.send(frameLocal({ kind: 'message', octets }));
      return visitor !== undefined;
    },
    takeProgress({ id, lock, stage }) {
      if (!id.startsWith(ID_PREFIX)) return false;
      const visitor = atLock(lock);
      if (visitor !== undefined && (stage === 'failed' || stage === 'expired')) leave(visitor, 'ended');
      return true;
    },
    stop() {
      for (const visitor of [...visitors]) leave(visitor, 'ended');
    },
  };
}
