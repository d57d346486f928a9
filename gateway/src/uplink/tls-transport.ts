import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { Connect } from './uplink.ts';

export interface TlsTransportOptions {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate must carry: the domain of the RAS. */
  readonly serverName: string;
  /** The one authority that is trusted, PEM: pinned at enrolment, the system's own are not asked. */
  readonly ca: string;
}

/** A RAS that does not read is left when this much waits for it. */
const UNREAD_MAX_OCTETS = 1024 * 1024;

/** Direct TLS (XEP-0368) to the RAS: TLS 1.2 or newer, the pinned authority only, the server's name checked. */
export function tlsTransport(options: TlsTransportOptions): Connect {
  return (events) => {
    const socket: TLSSocket = connect({
      host: options.host,
      port: options.port,
      ca: options.ca,
      // RFC 6066 allows no address as the name that is sent; the certificate is checked against it all the same.
      ...(isIP(options.serverName) === 0 ? { servername: options.serverName } : {}),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(options.serverName, certificate),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ALPNProtocols: ['xmpp-client'],
    });
    socket.setNoDelay(true);
    let reason = 'connection closed';
    socket.on('secureConnect', () => events.connected());
    socket.on('data', (octets) => events.received(octets));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reason = error.code ?? error.name;
    });
    socket.on('close', () => events.closed(reason));
    return {
      write(octets) {
        if (socket.destroyed || socket.writableEnded) return;
        socket.write(octets);
        if (socket.writableLength > UNREAD_MAX_OCTETS) socket.destroy();
      },
      close() {
        socket.end();
        // What was written has left with `end`; a peer that does not answer must not keep the process.
        socket.setTimeout(1_000, () => socket.destroy());
      },
    };
  };
}
