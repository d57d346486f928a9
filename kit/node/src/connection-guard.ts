import type { Server, Socket } from 'node:net';
import type { Clock } from '@cardea/kit-runtime';

/** How often something may happen: so often at once, and so often a second in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perS: number;
}

/** Bounds on connections whose peer has not signed in. */
export interface GuardLimits {
  /** Connections at once, of everybody and of one address. One more, and one that does not get on goes. */
  readonly strangers: number;
  readonly strangersPerAddress: number;
  /** Time that anybody honest needs from one stage to the next. */
  readonly stageMs: number;
  /** New connections of one address. */
  readonly perAddress: Rate;
  /** Connections that are let begin, of everybody: the rest wait, address by address in turn. */
  readonly starts: Rate;
  /** Addresses remembered: their rates, and whether somebody signed in from there. */
  readonly addresses: number;
}

/** For a server of a few hundred doors: a handshake costs it about a millisecond. */
export const GUARD_LIMITS: GuardLimits = {
  strangers: 4096,
  strangersPerAddress: 1024,
  stageMs: 3_000,
  perAddress: { burst: 1000, perS: 100 },
  starts: { burst: 20, perS: 100 },
  addresses: 10_000,
};

/** How far a stranger got: it was accepted, its TLS stands, it said something that makes sense. */
export type Stage = 'accepted' | 'secured' | 'spoke';

const STAGES: readonly Stage[] = ['accepted', 'secured', 'spoke'];
/** Strangers of one stage that are looked at for one who may go. */
const LOOKED_AT_MOST = 64;
/** How often those who wait are looked at. */
const LOOK_EVERY_MS = 10;
/** How long an address counts as one from which somebody signed in. */
const KNOWN_MS = 3_600_000;

/** Keeps a server open to those who sign in, whoever else comes in whatever number. */
export interface ConnectionGuard {
  /**
   * Puts itself before the server's own handling of new connections. To be called when that is in place. A connection
   * that the guard knows already (handed on from another server) passes.
   */
  watch(server: Server): void;
  /** The peer got so far. `socket` may be the TLS socket over the one that was accepted. */
  progressed(socket: Socket, stage: Exclude<Stage, 'accepted'>): void;
  /** The peer signed in: its connection is not a stranger's any more, and nobody's coming ends it. */
  trusted(socket: Socket): void;
  /** Whether somebody signed in from the peer's address within the last hour. */
  knows(socket: Socket): boolean;
  /** Counts so far, and strangers now. */
  counts(): { readonly strangers: number; readonly evicted: number; readonly refused: number };
}

/** Strangers by how far they got; within a stage in the order in which they got there. */
type Stages = ReadonlyMap<Stage, Set<Stranger>>;

interface Stranger {
  readonly socket: Socket;
  readonly address: string;
  stage: Stage;
  /** When it got there; monotonic time. */
  sinceMs: number;
}

interface Bucket {
  level: number;
  atMs: number;
}

interface Waiting {
  readonly stranger: Stranger;
  begin(): void;
}

interface Address {
  readonly waiting: Waiting[];
  readonly bucket: Bucket;
  readonly strangers: Stages;
  /** Somebody signed in from here; monotonic time. */
  signedInMs: number | undefined;
}

const NOBODY = { signedInMs: undefined };

/**
 * The guard of the doors of one server. When the room for strangers is full, a new one takes the place of one that does
 * not get on: the earliest stage first, there who has been longest, whoever is slow before whoever just came, and an
 * address from which nobody signed in before one that is known. Somebody honest is through in a moment, a flood stays.
 * Past the rate of its address a connection is closed before a handshake has cost anything. Those that are let in begin
 * at a pace that leaves time for everybody else, first those whose address somebody signed in from lately, then the
 * others; each time the address that has waited longest for its turn, so that many of one do not hold up one of another.
 */
export function createConnectionGuard(clock: Pick<Clock, 'monotonic' | 'after'>, limits: GuardLimits): ConnectionGuard {
  const everybody = stages();
  const addresses = new Map<string, Address>();
  const byEnds = new Map<string, Stranger>();
  const admitted = new WeakSet<Socket>();
  const starts: Bucket = { level: limits.starts.burst, atMs: clock.monotonic() };
  /** Addresses with somebody who waits to begin, in the order of their turns. */
  const turns = { known: new Set<Address>(), unknown: new Set<Address>() };
  let looking = false;
  let evicted = 0;
  let refused = 0;

  const takes = (bucket: Bucket, { burst, perS }: Rate): boolean => {
    const nowMs = clock.monotonic();
    bucket.level = Math.min(burst, bucket.level + ((nowMs - bucket.atMs) / 1000) * perS);
    bucket.atMs = nowMs;
    if (bucket.level < 1) return false;
    bucket.level--;
    return true;
  };
  const addressOf = (name: string): Address => {
    const known = addresses.get(name);
    const found = known ?? {
      bucket: { level: limits.perAddress.burst, atMs: clock.monotonic() },
      strangers: stages(),
      waiting: [],
      signedInMs: undefined,
    };
    // The one that was not seen for longest is forgotten first, unless strangers of it are here.
    addresses.delete(name);
    addresses.set(name, found);
    if (addresses.size > limits.addresses) {
      for (const [oldest, { strangers }] of addresses) {
        if (count(strangers) > 0) continue;
        addresses.delete(oldest);
        break;
      }
    }
    return found;
  };
  const isKnown = ({ signedInMs }: Pick<Address, 'signedInMs'>): boolean =>
    signedInMs !== undefined && clock.monotonic() - signedInMs < KNOWN_MS;
  const remove = (stranger: Stranger): void => {
    everybody.get(stranger.stage)?.delete(stranger);
    addresses.get(stranger.address)?.strangers.get(stranger.stage)?.delete(stranger);
  };
  const add = (stranger: Stranger, of: Address): void => {
    everybody.get(stranger.stage)?.add(stranger);
    of.strangers.get(stranger.stage)?.add(stranger);
  };
  /** The first that `wanted` names, by stage, within a stage the one that has been there longest. */
  const first = (from: Stages, wanted: (one: Stranger) => boolean): Stranger | undefined => {
    for (const stage of STAGES) {
      let looked = 0;
      for (const stranger of from.get(stage) ?? []) {
        if (wanted(stranger)) return stranger;
        if (++looked === LOOKED_AT_MOST) break;
      }
    }
    return undefined;
  };
  const evict = (from: Stages): void => {
    const lateMs = clock.monotonic() - limits.stageMs;
    const unknown = ({ address }: Stranger): boolean => !isKnown(addresses.get(address) ?? NOBODY);
    const stranger =
      first(from, (one) => one.sinceMs <= lateMs && unknown(one)) ?? first(from, unknown) ?? first(from, () => true);
    if (stranger === undefined) return;
    remove(stranger);
    evicted++;
    stranger.socket.resetAndDestroy();
  };
  /** Lets as many begin as may now; comes again while somebody waits. */
  const look = (): void => {
    for (;;) {
      const turn = turns.known.size > 0 ? turns.known : turns.unknown;
      const [address] = turn;
      if (address === undefined) return;
      if (!takes(starts, limits.starts)) break;
      turn.delete(address);
      const next = address.waiting.shift();
      if (address.waiting.length > 0) turn.add(address);
      if (next === undefined || next.stranger.socket.destroyed) starts.level++;
      else next.begin();
    }
    if (looking) return;
    looking = true;
    clock.after(LOOK_EVERY_MS, () => {
      looking = false;
      look();
    });
  };
  const admit = (socket: Socket, begin: () => void): void => {
    const name = groupOf(socket.remoteAddress);
    const ends = endsOf(socket);
    // Gone before it could be looked at.
    if (ends === undefined) {
      socket.destroy();
      return;
    }
    const address = addressOf(name);
    if (!takes(address.bucket, limits.perAddress)) {
      refused++;
      socket.resetAndDestroy();
      return;
    }
    if (count(address.strangers) >= limits.strangersPerAddress) evict(address.strangers);
    if (count(everybody) >= limits.strangers) evict(everybody);
    const stranger: Stranger = { socket, address: name, stage: 'accepted', sinceMs: clock.monotonic() };
    add(stranger, address);
    byEnds.set(ends, stranger);
    admitted.add(socket);
    socket.once('close', () => {
      remove(stranger);
      if (byEnds.get(ends) === stranger) byEnds.delete(ends);
    });
    address.waiting.push({ stranger, begin });
    (isKnown(address) ? turns.known : turns.unknown).add(address);
    look();
  };

  return {
    watch(server) {
      const handlers = server.listeners('connection');
      server.removeAllListeners('connection');
      server.on('connection', (socket: Socket) => {
        const begin = (): void => {
          for (const handle of handlers) handle.call(server, socket);
        };
        if (admitted.has(socket)) begin();
        else admit(socket, begin);
      });
    },
    progressed(socket, stage) {
      const stranger = byEnds.get(endsOf(socket) ?? '');
      if (stranger === undefined || STAGES.indexOf(stranger.stage) >= STAGES.indexOf(stage)) return;
      remove(stranger);
      stranger.stage = stage;
      stranger.sinceMs = clock.monotonic();
      add(stranger, addressOf(stranger.address));
    },
    trusted(socket) {
      const ends = endsOf(socket) ?? '';
      const stranger = byEnds.get(ends);
      if (stranger === undefined) return;
      remove(stranger);
      byEnds.delete(ends);
      addressOf(stranger.address).signedInMs = clock.monotonic();
    },
    knows(socket) {
      const address = addresses.get(groupOf(socket.remoteAddress));
      return address !== undefined && isKnown(address);
    },
    counts: () => ({ strangers: count(everybody), evicted, refused }),
  };
}

/** What counts as one sender: an IPv4 address, or the /64 of an IPv6 one, which is what a single site is given. */
function groupOf(address: string | undefined): string {
  if (address === undefined || !address.includes(':') || address.includes('.')) return address ?? 'unknown';
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  return [...front, ...Array<string>(gap).fill('0'), ...back].slice(0, 4).join(':');
}

/** A TLS socket and the one below it have the same ends. */
function endsOf({ remoteAddress, remotePort, localPort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort} ${localPort}`;
}

function stages(): Stages {
  return new Map(STAGES.map((stage) => [stage, new Set<Stranger>()]));
}

function count(of: Stages): number {
  let size = 0;
  for (const set of of.values()) size += set.size;
  return size;
}
