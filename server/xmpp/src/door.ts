import type { Primitives } from '@cardea/kit-crypto';
import { type Cancel, type Clock, type Log, type Random, Secret } from '@cardea/kit-runtime';
import type { Core, Uplink } from '@cardea/server-core';
import { encodeToGateway, type ToGateway } from '@cardea/wire-route';
import type { SessionLimits, SessionState, StreamCondition } from '@cardea/wire-xmpp';
import type { Connection, Received } from './connection.ts';
import { createGatewaySession, type GatewaySession } from './gateway-session.ts';
import { createGatewayStream, type GatewayStream, type LegacySaslOptions } from './gateway-stream.ts';
import { nameOf } from './names.ts';
import { createRecentReports, type RecentReports } from './recent-reports.ts';

/** Presence (product: a dead gateway is seen within 15 s) and bounds of a gateway's session. */
export const GATEWAY_SESSION_LIMITS: SessionLimits = {
  pingEveryMs: 5_000,
  deadAfterMs: 10_000,
  answerWithinMs: 30_000,
  unanswered: 64,
};

/** From the accepted connection to a bound resource. */
const NEGOTIATE_WITHIN_MS = 10_000;
/** The resource of every gateway: `<gateway id>@<domain>/bgw`. */
const RESOURCE = 'bgw';
/** How long a session whose connection was lost can be resumed. */
const RESUMABLE_FOR_MS = 60_000;
/** A gateway whose connection was lost is still counted as there for this long: with silence, under 15 s in all. */
const AWAY_MS = 4_000;

export interface XmppDoorOptions {
  readonly core: Core['uplink'];
  /** The domain of the gateways' addresses. */
  readonly domain: string;
  readonly primitives: Primitives;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  /** Most connections at once, signed in or not; more are closed at once. */
  readonly connectionsMax?: number;
  /** Time from the accepted connection to a bound resource; 10 s unless said. */
  readonly negotiateWithinMs?: number | undefined;
  /** {@link GATEWAY_SESSION_LIMITS} unless said. */
  readonly limits?: SessionLimits;
  /** How long a lost session can be resumed; 0: not at all. One minute unless said. */
  readonly resumableForMs?: number;
  /** PLAIN and SCRAM-SHA-1, off unless said. */
  readonly legacySasl?: LegacySaslOptions | undefined;
}

/** The RAS's XMPP door: gateways come in here, and the core reaches them through `uplink`. */
export interface XmppDoor {
  /** Takes over one open connection. */
  accept(connection: Connection): Received;
  /** The core's port. Pass it to the core; it works from the first sign-in on. */
  readonly uplink: Uplink;
  /** Connections that are open, signed in or not. */
  readonly connections: number;
  /** Ends every stream with `system-shutdown`. */
  close(): void;
}

/** A gateway's session, and the stream that carries it or the time that it is kept without one. */
interface Entry {
  readonly session: GatewaySession;
  readonly recent: RecentReports;
  stream: GatewayStream | undefined;
  resumeId: string | undefined;
  /** The core counts the gateway as there. */
  present: boolean;
  /** Resolves once the core has taken the gateway in. */
  arrived: Promise<void> | undefined;
  cancelAway: Cancel;
  cancelForget: Cancel;
}

/** Makes the door. Streams are pure machines of wire/xmpp; this keeps who is signed in. */
export function createXmppDoor(options: XmppDoorOptions): XmppDoor {
  const { core, clock, log, random, connectionsMax = 10_000, limits = GATEWAY_SESSION_LIMITS } = options;
  const { resumableForMs = RESUMABLE_FOR_MS } = options;
  const decoyKey = new Secret(random.octets(32));
  const streams = new Set<GatewayStream>();
  const entries = new Map<string, Entry>();
  const resumable = new Map<string, Entry>();

  const arrive = (entry: Entry): void => {
    const { gatewayId } = entry.session;
    entry.present = true;
    const ready = core.online(gatewayId);
    entry.session.waitFor(ready);
    entry.arrived = ready;
    const known = (): void => {
      if (entry.arrived === ready) entry.arrived = undefined;
    };
    ready.then(known, (error: unknown) => {
      known();
      log.error('gateway could not be taken in', { gateway: gatewayId, error: nameOf(error) });
      end(entry, 'internal-server-error');
    });
  };

  const leave = (entry: Entry, reason: string): void => {
    if (!entry.present) return;
    entry.present = false;
    const { gatewayId } = entry.session;
    if (entry.arrived === undefined) {
      core.offline(gatewayId, reason);
      return;
    }
    // Not before it has come: it would be there for ever. One that is back by then stays.
    const gone = (): void => {
      if (entries.get(gatewayId)?.present !== true) core.offline(gatewayId, reason);
    };
    entry.arrived.then(gone, () => {});
  };

  const forget = (entry: Entry): void => {
    entry.cancelAway();
    entry.cancelForget();
    entry.session.end();
    if (entry.resumeId !== undefined) resumable.delete(entry.resumeId);
    if (entries.get(entry.session.gatewayId) === entry) entries.delete(entry.session.gatewayId);
  };

  /** Keeps a session whose stream is lost, until it is resumed or its time is over. */
  const keep = (entry: Entry, state: SessionState, reason: string): void => {
    entry.stream = undefined;
    entry.session.detach(state);
    entry.cancelAway();
    entry.cancelForget();
    entry.cancelAway = clock.after(AWAY_MS, () => leave(entry, reason));
    entry.cancelForget = clock.after(resumableForMs, () => {
      forget(entry);
      leave(entry, reason);
    });
  };

  /** Ends a session for good, with its stream when it has one. */
  const end = (entry: Entry, condition: StreamCondition): void => {
    if (entry.stream === undefined) {
      forget(entry);
      leave(entry, `stopped: ${condition}`);
    } else {
      entry.stream.stop(condition);
    }
  };

  /** RFC 6120 7.7.2.2: a new session under the same address replaces the old one, for which it is as if it were there. */
  const replace = (old: Entry): RecentReports => {
    const { stream, recent } = old;
    old.stream = undefined;
    // The gateway is the newer session's from here on, whatever still becomes of the old one's arrival.
    old.present = false;
    forget(old);
    stream?.stop('conflict');
    return recent;
  };

  const accept = (connection: Connection): Received => {
    let mine: Entry | undefined;
    const stream: GatewayStream = createGatewayStream({
      ...options,
      connection,
      resource: RESOURCE,
      decoyKey,
      limits,
      negotiateWithinMs: options.negotiateWithinMs ?? NEGOTIATE_WITHIN_MS,
      resumableForMs,
      onOnline(gatewayId) {
        const old = entries.get(gatewayId);
        if (old?.stream !== undefined) core.lost(gatewayId, 'replaced');
        const recent = old === undefined ? createRecentReports() : replace(old);
        const session = createGatewaySession({ gatewayId, core, clock, log, limits, recent });
        mine = {
          session,
          recent,
          stream,
          resumeId: undefined,
          present: false,
          arrived: undefined,
          cancelAway: () => {},
          cancelForget: () => {},
        };
        entries.set(gatewayId, mine);
        arrive(mine);
        return session;
      },
      onResumable(id) {
        if (mine === undefined) return;
        mine.resumeId = id;
        resumable.set(id, mine);
      },
      onResume(id, gatewayId) {
        const entry = resumable.get(id);
        // Another account's session is to this one as if it were not there.
        if (entry === undefined || entry.session.gatewayId !== gatewayId) return undefined;
        const old = entry.stream;
        const state = old === undefined ? entry.session.kept : old.session;
        if (state === undefined) return undefined;
        // The old stream may not know yet that its connection is lost. Until the new one goes on, the session is kept.
        if (old !== undefined) {
          core.lost(gatewayId, 'taken over');
          keep(entry, state, 'taken over');
        }
        old?.stop('conflict');
        mine = entry;
        return state;
      },
      onResumed() {
        if (mine === undefined) throw new Error('a session was resumed that was not found');
        mine.cancelAway();
        mine.cancelForget();
        mine.stream = stream;
        if (!mine.present) arrive(mine);
        return mine.session;
      },
      onEnd(reason, session) {
        streams.delete(stream);
        const entry = mine;
        if (entry === undefined || entry.stream !== stream) return;
        core.lost(entry.session.gatewayId, reason);
        if (session !== undefined) return keep(entry, session, reason);
        entry.stream = undefined;
        forget(entry);
        leave(entry, reason);
      },
    });
    streams.add(stream);
    return stream.received;
  };

  return {
    accept(connection) {
      if (streams.size < connectionsMax) return accept(connection);
      log.warn('xmpp connection refused: too many');
      connection.close();
      return { received() {}, secured() {}, closed() {} };
    },
    uplink: {
      send(gatewayId: string, message: ToGateway) {
        const entry = entries.get(gatewayId);
        return entry?.present === true && entry.session.send(message, encodeToGateway(message));
      },
      disconnect(gatewayId) {
        const entry = entries.get(gatewayId);
        if (entry !== undefined) end(entry, 'not-authorized');
      },
    },
    get connections() {
      return streams.size;
    },
    close() {
      for (const stream of [...streams]) stream.stop('system-shutdown');
      for (const entry of [...entries.values()]) end(entry, 'system-shutdown');
    },
  };
}
