import { toHex } from '@cardea/kit-octets';
import { CHANNEL } from '@cardea/wire-lock';
import type { FromGateway, RoutedLock, ToGateway } from '@cardea/wire-route';
import { type ActorEffect, decodeHop, encodeHop, readableHead, ScpmError } from '@cardea/wire-scpm';
import { LIMITS } from '../limits.ts';
import type { Frame } from '../radio/queue.ts';
import type { StoredDomain } from './domain-store.ts';
import { createOutbox } from './outbox.ts';
import { type DomainParts, type RunningDomain, runDomain } from './running-domain.ts';

type FromRas = Extract<ToGateway, { readonly kind: 'frame' }>;
type Progress = Extract<FromGateway, { readonly kind: 'progress' }>;
type Sighting = Extract<FromGateway, { readonly kind: 'sighting' }>;

/** What a domain needs of its gateway. */
export interface DomainPorts {
  /** A frame for the radio. */
  submit(frame: Frame): void;
  cancel(id: string): void;
  /** Whether the lock owes an answer inside SCPM: its link is kept for it. */
  setOwing(lock: string, owes: boolean): void;
  isHeard(lock: string): boolean;
  /** A message of a lock, for the RAS. */
  message(lock: string, channel: number, octets: Uint8Array): void;
  progress(progress: Progress): void;
}

/** A gateway's part in SCPM. Without a domain it takes nothing. */
export interface DomainPart {
  /** The domain that runs; `undefined` where there is none. */
  readonly domain: RunningDomain | undefined;
  /** Messages of the RAS that wait for locks of the domain. */
  readonly size: number;
  /** The serial key of a lock, as the RAS told it. */
  serialKeyOf(lock: string): RoutedLock['serialKey'];
  setLocks(locks: readonly RoutedLock[]): void;
  /** Takes what the RAS sends for a lock of the domain; false where the lock is not in it. */
  takeFromRas(frame: FromRas): boolean;
  cancel(id: string): boolean;
  /** Takes a message of a lock; false when it is not of SCPM: who sent it, the frame itself proves. */
  takeFromLock(channel: number, octets: Uint8Array): boolean;
  heard(lock: string, returned: boolean): void;
  sighted(sighting: Sighting): void;
  /** Switches a domain on that is stored by now. */
  begin(stored: StoredDomain): void;
  stop(): Promise<void>;
}

/** A frame of SCPM that was not written within this is sent anew by its node, if it is still wanted. */
const FRAME_LIFE_MS = 8_000;

/** The part of one gateway; `stored` is its domain, if it has one. */
export function createDomainPart(parts: DomainParts, ports: DomainPorts, stored: StoredDomain | undefined): DomainPart {
  const { clock, log, primitives } = parts;
  let domain: RunningDomain | undefined;
  let told: readonly RoutedLock[] = [];
  const heardAtMs = new Map<string, number>();
  /** The last frame to each lock that waits for the radio. */
  const frames = new Map<string, string>();

  const outbox = createOutbox({
    clock,
    isHeard: ports.isHeard,
    send(lock, { channel, octets, expiresAtS }, token) {
      const to = domain?.addressOf(lock);
      if (domain === undefined || to === undefined) return;
      const expiresAtMs = clock.monotonic() + expiresAtS * 1000 - clock.now();
      // What was sent before goes first: were it lost, the message would wait for its next try.
      domain.input({ kind: 'reachable', peer: to });
      domain.input({ kind: 'send', to, keyIndex: 1, octets: encodeHop({ channel, octets }), token, expiresAtMs });
    },
    giveUp: (lock) => giveUp(lock),
    progress: ports.progress,
  });

  /** Nothing more of the message under way is written. */
  const giveUp = (lock: string): boolean => {
    const peer = domain?.addressOf(lock);
    const id = frames.get(lock);
    if (id !== undefined) ports.cancel(id);
    if (peer !== undefined) domain?.input({ kind: 'unreachable', peer });
    return peer !== undefined;
  };

  const transmit = (lock: string, octets: Uint8Array): void => {
    const isResponse = readableHead(octets, domain?.state.settings.addressSize ?? 6).response === true;
    // The same frame once more is the same to the radio while it waits there.
    const id = `scpm.${lock}.${toHex(primitives.sha256(octets).subarray(0, 8))}`;
    const lifeS = Math.ceil((clock.now() + FRAME_LIFE_MS) / 1000);
    const expiresAtS = Math.min(lifeS, outbox.expiresAtS(lock) ?? lifeS);
    if (!isResponse) frames.set(lock, id);
    ports.submit({
      kind: 'frame',
      id,
      lock,
      channel: CHANNEL.scpm,
      expiresAtS,
      octets,
      own: {
        isAnswered: !isResponse,
        // Asked when it has its turn: somebody may have come to the door since. For a response its lock waits.
        get isUrgent() {
          return isResponse || outbox.expiresAtS(lock) !== undefined;
        },
        ended(stage, reason) {
          if (frames.get(lock) === id) frames.delete(lock);
          if (stage === 'written') outbox.wrote(lock);
          else if (reason === 'out_of_range' || reason === 'unsupported') giveUp(lock);
        },
      },
    });
  };

  const deliver = (lock: string, inside: Uint8Array): void => {
    try {
      const { channel, octets } = decodeHop(inside);
      ports.message(lock, channel, octets);
    } catch (error) {
      if (!(error instanceof ScpmError)) throw error;
      log.warn('not a message of the hop', { lock, code: error.code });
    }
  };

  const perform = (effect: ActorEffect): void => {
    switch (effect.kind) {
      case 'transmit': {
        const lock = domain?.identifierOf(effect.to);
        if (lock !== undefined) transmit(lock, effect.octets);
        return;
      }
      case 'deliver': {
        const lock = domain?.identifierOf(effect.from);
        if (lock === undefined) return;
        ports.setOwing(lock, false);
        deliver(lock, effect.octets);
        return;
      }
      case 'message-done': {
        const lock = domain?.identifierOf(effect.to);
        if (lock === undefined) return;
        // It was confirmed, not answered yet.
        if (effect.arrived) ports.setOwing(lock, true);
        outbox.done(lock, effect.token, effect.arrived);
        return;
      }
      default:
        return;
    }
  };

  const reachable = (lock: string): void => {
    const peer = domain?.addressOf(lock);
    if (peer !== undefined) domain?.input({ kind: 'reachable', peer });
  };

  const begin: DomainPart['begin'] = (kept) => {
    domain = runDomain(parts, kept, perform);
    domain.start();
    domain.joinTold(told);
  };
  if (stored !== undefined) begin(stored);

  return {
    get domain() {
      return domain;
    },
    get size() {
      return outbox.size;
    },
    serialKeyOf: (lock) => told.find(({ identifier }) => identifier === lock)?.serialKey,
    setLocks(locks) {
      told = locks;
      domain?.joinTold(locks);
    },
    takeFromRas(frame) {
      if (frame.channel === CHANNEL.raw || domain?.isJoined(frame.lock) !== true) return false;
      outbox.submit(frame);
      return true;
    },
    cancel: (id) => outbox.cancel(id),
    takeFromLock(channel, octets) {
      if (domain === undefined || channel !== CHANNEL.scpm) return false;
      domain.input({ kind: 'frame', octets });
      return true;
    },
    heard(lock, returned) {
      const now = clock.monotonic();
      const before = heardAtMs.get(lock) ?? Number.NEGATIVE_INFINITY;
      if (domain?.addressOf(lock) === undefined) return;
      heardAtMs.set(lock, now);
      // Locks are heard many times a second: only one that was away is news.
      if (returned || now - before > LIMITS.addressLifeMs) reachable(lock);
      outbox.heard(lock);
    },
    sighted({ lock, unbound }) {
      if (unbound?.windowOpen === true && domain?.isJoined(lock) === false) reachable(lock);
    },
    begin,
    async stop() {
      outbox.stop();
      await domain?.stop();
    },
  };
}
