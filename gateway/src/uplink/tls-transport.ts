import { connect as connectClear, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import {
  checkServerName,
  LOCAL_AUTHORITY_ALPN,
  socketWriter,
  TLS_CLIENT,
  type TlsEnd,
  tlsBinding,
  tlsBindingTypes,
  trustedAuthorities,
} from '@cardea/kit-node';
import type { Secret } from '@cardea/kit-runtime';
import type { Connect, TlsConnection, TransportEvents } from './uplink.ts';

/** A gateway's own certificate, shown in the handshake for SASL EXTERNAL. */
export interface ClientIdentity {
  /** Bare address that it names. */
  readonly address: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM; it has not left the gateway. */
  readonly key: Secret<string>;
}

export interface TlsTransportOptions {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate must carry: the domain of the RAS. */
  readonly serverName: string;
  /** The one authority that is trusted, PEM: pinned at enrolment. Without it those that the system knows are. */
  readonly ca?: string | undefined;
  readonly identity?: ClientIdentity | undefined;
  /** The port begins in the clear: STARTTLS first (RFC 6120 5). */
  readonly starttls?: boolean;
}

/**
 * Direct TLS (XEP-0368) to the RAS, or TLS after STARTTLS: TLS 1.2 or newer, the pinned authority only, the server's name
 * checked.
 */
export function tlsTransport(options: TlsTransportOptions): Connect {
  const { host, port, identity } = options;
  const tls: ConnectionOptions = {
    ...TLS_CLIENT,
    ca: trustedAuthorities(options.ca),
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key.reveal() }),
    // RFC 6066 allows no address as the name that is sent; the certificate is checked against it all the same.
    ...(isIP(options.serverName) === 0 ? { servername: options.serverName } : {}),
    checkServerIdentity: (_host, certificate) => checkServerName(options.serverName, certificate),
    ALPNProtocols: ['xmpp-client', ...(options.ca === undefined ? [] : [LOCAL_AUTHORITY_ALPN])],
  };

  return (events) => {
    const ended = once(events);
    if (options.starttls !== true) {
      const socket = connect({ ...tls, host, port });
      socket.on('secureConnect', () => events.connected(connectionOf(socket, identity)));
      listenTo(socket, events, ended);
      return socketWriter(() => socket);
    }
    const clear = connectClear({ host, port });
    let current: Socket = clear;
    clear.on('connect', () => events.connected('clear'));
    listenTo(clear, events, ended);
    return {
      ...socketWriter(() => current),
      startTls() {
        clear.removeAllListeners('data');
        const socket = connect({ ...tls, socket: clear });
        current = socket;
        socket.on('secureConnect', () => events.secured?.(connectionOf(socket, identity)));
        listenTo(socket, events, ended);
      },
    };
  };
}

function connectionOf(socket: TLSSocket, identity: ClientIdentity | undefined): TlsConnection {
  const end: TlsEnd = { socket, role: 'client', serverCertificate: socket.getPeerX509Certificate() };
  return {
    channel: { bindings: tlsBindingTypes(end), certificate: identity?.address },
    bind: (type) => tlsBinding(end, type),
  };
}

/** Of the two sockets of an upgraded connection, the first that ends says so. */
function once(events: TransportEvents): (reason: string) => void {
  let over = false;
  return (reason) => {
    if (over) return;
    over = true;
    events.closed(reason);
  };
}

function listenTo(socket: Socket, events: TransportEvents, ended: (reason: string) => void): void {
  socket.setNoDelay(true);
  let reason = 'connection closed';
  socket.on('data', (octets) => events.received(octets));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    reason = error.code ?? error.name;
  });
  socket.on('close', () => ended(reason));
}
