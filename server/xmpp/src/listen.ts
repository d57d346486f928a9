import { randomBytes, X509Certificate } from 'node:crypto';
import { type AddressInfo, createServer as createClearServer, type Server, type Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { type ConnectionGuard, socketWriter, TLS_SERVER } from '@cardea/kit-node';
import type { Clock, Log } from '@cardea/kit-runtime';
import type { Connection, Received } from './connection.ts';
import type { XmppDoor } from './door.ts';
import { tlsConnection } from './tls-connection.ts';

export interface XmppListenOptions {
  /** Certificate and key of the domain, PEM, or the choice among several by the name asked for. */
  readonly tls: TlsOptions;
  readonly host: string;
  /** Port of direct TLS (XEP-0368); 0 takes a free one. */
  readonly port: number;
  /** Port that begins in the clear and demands STARTTLS; 0 takes a free one, without it there is none. */
  readonly starttlsPort?: number | undefined;
  /** The authority of the gateways' certificates, PEM: with it clients are asked for one, for SASL EXTERNAL. */
  readonly gatewayAuthority?: string | undefined;
  readonly door: Pick<XmppDoor, 'accept'>;
  /** Who may connect, and who makes room. */
  readonly guard?: ConnectionGuard | undefined;
  /** Time that a TLS handshake may take; 10 s unless said. */
  readonly handshakeTimeoutMs?: number | undefined;
  readonly clock?: Pick<Clock, 'now'> | undefined;
  readonly log: Log;
}

/** An open XMPP port. */
export interface XmppListener {
  readonly host: string;
  readonly port: number;
  /** Set where there is a port for STARTTLS. */
  readonly starttlsPort: number | undefined;
  /** Shows another certificate to connections that come from now on; those that are open stay. */
  renew(tls: TlsOptions): void;
  /** Forgets by which keys sessions could be resumed: what was recorded until now stays sealed when they leak. */
  forgetTickets(): void;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/** After so much of one peer the others have their turn: the system hands over up to two million octets in one go. */
const PAUSE_AFTER_OCTETS = 16 * 1024;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Listens for gateways on direct TLS (XEP-0368), and on a second port for STARTTLS when asked to; TLS 1.2 or newer.
 * @throws the system's error when a port is taken
 */
export async function listenXmpp(options: XmppListenOptions): Promise<XmppListener> {
  const { door, guard, log, clock = Date } = options;
  const sockets = new Set<Socket>();
  const authority = options.gatewayAuthority === undefined ? undefined : new X509Certificate(options.gatewayAuthority);
  /** Streams in the clear whose handshake has begun, by the ends of their connection. */
  const upgrading = new Map<string, (socket: TLSSocket) => void>();

  const progressing = (current: () => Socket): Pick<Connection, 'progressed'> => ({
    progressed(stage) {
      if (stage === 'trusted') guard?.trusted(current());
      else guard?.progressed(current(), stage);
    },
  });
  const serve = (socket: Socket, connection: Omit<Connection, 'write' | 'close'>): Received => {
    // With Nagle's algorithm a small stanza waits for the acknowledgement of the one before.
    socket.setNoDelay(true);
    return door.accept({ ...connection, ...progressing(() => socket), ...socketWriter(() => socket) });
  };

  const server = createServer(
    {
      ...TLS_SERVER,
      ...(options.tls.ALPNCallback === undefined ? { ALPNProtocols: ['xmpp-client'] } : {}),
      // Whether it is a gateway's is for SASL to say: without a certificate there is SCRAM.
      ...(authority === undefined ? {} : { requestCert: true, rejectUnauthorized: false }),
      ...options.tls,
      handshakeTimeout: options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
    },
    (socket) => {
      guard?.progressed(socket, 'secured');
      const upgraded = upgrading.get(endsOf(socket));
      if (upgraded !== undefined) return upgraded(socket);
      sockets.add(socket);
      const stream = serve(socket, { tls: tlsConnection(socket, authority, clock.now()) });
      listenTo(socket, stream, log, () => sockets.delete(socket));
    },
  );
  server.on('tlsClientError', (error) => log.debug('xmpp tls handshake failed', { error: error.name }));

  const clear = createClearServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const ends = endsOf(socket);
    let current: Socket = socket;
    const startTls = (): void => {
      socket.removeAllListeners('data');
      upgrading.set(ends, (secure) => {
        upgrading.delete(ends);
        current = secure;
        sockets.add(secure);
        stream.secured(tlsConnection(secure, authority, clock.now()));
        listenTo(secure, stream, log, () => sockets.delete(secure));
      });
      // From here on it is a connection of the TLS server, as one that came to its own port.
      server.emit('connection', socket);
    };
    const stream = door.accept({
      tls: 'clear',
      startTls,
      ...progressing(() => current),
      ...socketWriter(() => current),
    });
    listenTo(socket, stream, log, () => {
      sockets.delete(socket);
      upgrading.delete(ends);
    });
  });

  guard?.watch(server);
  guard?.watch(clear);
  const address = await listening(server, options.host, options.port, log);
  let starttls: AddressInfo | undefined;
  try {
    if (options.starttlsPort !== undefined) {
      starttls = await listening(clear, options.host, options.starttlsPort, log);
    }
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    host: address.address,
    port: address.port,
    starttlsPort: starttls?.port,
    renew: (tls) => server.setSecureContext({ ...TLS_SERVER, ...tls }),
    forgetTickets: () => server.setTicketKeys(randomBytes(48)),
    async close() {
      const closed = [server, ...(starttls === undefined ? [] : [clear])].map(
        (one) => new Promise<void>((done) => one.close(() => done())),
      );
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

function listenTo(socket: Socket, stream: Received, log: Log, closed: () => void): void {
  let octetsSincePause = 0;
  socket.on('data', (octets) => {
    // What many small stanzas are answered leaves in one write: each costs a record of TLS and a call of the system.
    socket.cork();
    stream.received(octets);
    socket.uncork();
    octetsSincePause += octets.length;
    if (octetsSincePause < PAUSE_AFTER_OCTETS || socket.isPaused()) return;
    octetsSincePause = 0;
    socket.pause();
    setImmediate(() => socket.resume());
  });
  socket.on('error', (error) => log.debug('xmpp socket error', { error: error.name }));
  socket.on('close', () => {
    closed();
    stream.closed();
  });
}

function endsOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}

function listening(server: Server, host: string, port: number, log: Log): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      server.on('error', (error) => log.error('xmpp listener error', { error: error.name }));
      resolve(server.address() as AddressInfo);
    });
  });
}
