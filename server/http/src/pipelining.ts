import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Holds every connection to `most` requests that wait for their answers at once; with one more it ends. Node's server
 * starts all that one reading holds, some thousand, in one turn of the event loop, and clients that send so have no
 * honest reason. To be called when the server's own handling is in place.
 */
export function boundPipelining(server: Server, most: number): void {
  const waiting = new WeakMap<Socket, number>();
  // A reader of our own makes Node hand its parser what each TLS record holds, at most 16 KiB, and not all that came.
  server.on('secureConnection', (socket: Socket) => socket.on('data', () => {}));
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const now = (waiting.get(socket) ?? 0) + 1;
    if (now > most) {
      socket.destroy();
      return;
    }
    waiting.set(socket, now);
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    for (const handle of handlers) handle.call(server, request, response);
  });
}
