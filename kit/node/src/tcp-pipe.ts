import { createConnection, type Socket } from 'node:net';

/** An ordered, reliable pipe of octets. */
export interface OctetPipe {
  send(octets: Uint8Array): void;
  onData(listener: (octets: Uint8Array) => void): void;
  /** Called once, for whatever reason the pipe ends. */
  onClose(listener: () => void): void;
  close(): void;
}

/** A TCP socket as a pipe; small messages leave at once. What its end was is not told apart. */
export function tcpPipe(socket: Socket): OctetPipe {
  socket.setNoDelay(true);
  // Without a listener an error would end the process; `close` follows it.
  socket.on('error', () => undefined);
  return {
    send(octets) {
      if (!socket.destroyed) socket.write(octets);
    },
    onData(listener) {
      socket.on('data', (data) => listener(new Uint8Array(data.buffer, data.byteOffset, data.length)));
    },
    onClose(listener) {
      if (socket.destroyed) queueMicrotask(listener);
      else socket.once('close', listener);
    },
    close() {
      socket.end();
      socket.destroySoon();
    },
  };
}

/** Connects to a TCP port. @throws Error of node:net, such as ECONNREFUSED */
export function connectTcp(host: string, port: number): Promise<OctetPipe> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(tcpPipe(socket));
    });
  });
}
