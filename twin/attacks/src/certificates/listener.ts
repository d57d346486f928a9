import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

/** A hostile server: how it shows itself, and whether somebody said something to it. */
export interface Listener {
  readonly port: number;
  /** Octets that came over finished handshakes: whoever sends any has taken it for its server. */
  readonly octets: number;
  /** Handshakes that reached it, finished or not. */
  readonly met: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, and answers whatever is said with a refusal. */
export async function listenHostile(options: TlsOptions): Promise<Listener> {
  let octets = 0;
  let met = 0;
  const sockets = new Set<Socket>();
  // Else this side's own library would not show weak keys and signatures.
  const server = createServer({ ciphers: 'DEFAULT:@SECLEVEL=0', ...options }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (part) => {
      octets += part.length;
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  });
  server.on('connection', (socket: Socket) => {
    met++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get octets() {
      return octets;
    },
    get met() {
      return met;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
