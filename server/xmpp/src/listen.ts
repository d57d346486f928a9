import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { TLS_SERVER } from '@cardea/kit-node';
import type { Log } from '@cardea/kit-runtime';
import type { XmppDoor } from './door.ts';

export interface XmppListenOptions {
  /** Certificate and key of the domain, PEM, or the choice among several by the name asked for. */
  readonly tls: TlsOptions;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly door: Pick<XmppDoor, 'accept'>;
  readonly log: Log;
}

/** An open XMPP port. */
export interface XmppListener {
  readonly host: string;
  readonly port: number;
  /** Shows another certificate to connections that come from now on; those that are open stay. */
  renew(tls: TlsOptions): void;
  /** Forgets by which keys sessions could be resumed: what was recorded until now stays sealed when they leak. */
  forgetTickets(): void;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/** A peer that does not read is cut off when this much waits for it. */
const UNREAD_MAX_OCTETS = 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How long the peer may take to close its half of the connection. */
const LINGER_MS = 1_000;

/**
 * Listens for gateways on direct TLS (XEP-0368), TLS 1.2 or newer. @throws the system's error when the port is taken
 */
export function listenXmpp(options: XmppListenOptions): Promise<XmppListener> {
  const { door, log } = options;
  const sockets = new Set<import('node:tls').TLSSocket>();
  const server = createServer(
    {
      ...TLS_SERVER,
      ...(options.tls.ALPNCallback === undefined ? { ALPNProtocols: ['xmpp-client'] } : {}),
      ...options.tls,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    },
    (socket) => {
      sockets.add(socket);
      // A ping took 42 ms with Nagle's algorithm against 0.8 ms without.
      socket.setNoDelay(true);
      const stream = door.accept({
        write(octets) {
          if (socket.destroyed || socket.writableEnded) return;
          socket.write(octets);
          if (socket.writableLength > UNREAD_MAX_OCTETS) socket.destroy();
        },
        close() {
          socket.end();
          setTimeout(() => socket.destroy(), LINGER_MS).unref();
        },
      });
      socket.on('data', (octets) => stream.received(octets));
      socket.on('error', (error) => log.debug('xmpp socket error', { error: error.name }));
      socket.on('close', () => {
        sockets.delete(socket);
        stream.closed();
      });
    },
  );
  server.on('tlsClientError', (error) => log.debug('xmpp tls handshake failed', { error: error.name }));

  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.removeListener('error', reject);
      server.on('error', (error) => log.error('xmpp listener error', { error: error.name }));
      const { address, port } = server.address() as AddressInfo;
      resolve({
        host: address,
        port,
        renew: (tls) => server.setSecureContext({ ...TLS_SERVER, ...tls }),
        forgetTickets: () => server.setTicketKeys(randomBytes(48)),
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}
