import type { Primitives } from '@cardea/kit-crypto';
import { type Clock, type Log, type Random, Secret } from '@cardea/kit-runtime';
import type { Core, Uplink } from '@cardea/server-core';
import { encodeToGateway, type ToGateway } from '@cardea/wire-route';
import type { SessionLimits } from '@cardea/wire-xmpp';
import { type Connection, createGatewayStream, type GatewayStream, type Received } from './gateway-stream.ts';

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
  /** {@link GATEWAY_SESSION_LIMITS} unless said. */
  readonly limits?: SessionLimits;
}

/** The RAS's XMPP door: gateways come in here, and the core reaches them through `uplink`. */
export interface XmppDoor {
  /** Takes over one open (TLS) connection. */
  accept(connection: Connection): Received;
  /** The core's port. Pass it to the core; it works from the first sign-in on. */
  readonly uplink: Uplink;
  /** Ends every stream with `system-shutdown`. */
  close(): void;
}

/** Makes the door. Streams are pure machines of wire/xmpp; this keeps who is signed in. */
export function createXmppDoor(options: XmppDoorOptions): XmppDoor {
  const { core, log, random, connectionsMax = 1024, limits = GATEWAY_SESSION_LIMITS } = options;
  const decoyKey = new Secret(random.octets(32));
  const streams = new Set<GatewayStream>();
  const online = new Map<string, GatewayStream>();

  return {
    accept(connection) {
      if (streams.size >= connectionsMax) {
        log.warn('xmpp connection refused: too many');
        connection.close();
        return { received() {}, closed() {} };
      }
      const stream = createGatewayStream({
        ...options,
        connection,
        resource: RESOURCE,
        decoyKey,
        limits,
        negotiateWithinMs: NEGOTIATE_WITHIN_MS,
        onOnline(gatewayId) {
          // RFC 6120 7.7.2.2: a new session under the same address replaces the old one.
          online.get(gatewayId)?.stop('conflict');
          online.set(gatewayId, stream);
          return core.online(gatewayId);
        },
        onEnd(gatewayId, reason) {
          streams.delete(stream);
          if (gatewayId === undefined || online.get(gatewayId) !== stream) return;
          online.delete(gatewayId);
          core.offline(gatewayId, reason);
        },
      });
      streams.add(stream);
      return stream.received;
    },
    uplink: {
      send(gatewayId: string, message: ToGateway) {
        return online.get(gatewayId)?.send(message, encodeToGateway(message)) ?? false;
      },
      disconnect(gatewayId) {
        online.get(gatewayId)?.stop('not-authorized');
      },
    },
    close() {
      for (const stream of [...streams]) stream.stop('system-shutdown');
    },
  };
}
