import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { VictimAddress } from './victim-messages.ts';

/** A connection of an attacker, as far as it got. */
export interface Dialled {
  readonly socket: Socket;
  /** What the server said, so far. */
  heard(): string;
  /** Resolves when the server, or anybody, has ended it. */
  readonly ended: Promise<void>;
}

/** Connects over TLS to a port of the server. @throws Error when the handshake fails */
export async function dialTls(victim: VictimAddress, port: number, from?: string): Promise<Dialled> {
  const socket = connectTls({
    host: victim.host,
    port,
    ca: victim.ca,
    servername: 'localhost',
    ...(from === undefined ? {} : { localAddress: from }),
  });
  const dialled = listenTo(socket);
  await once(socket, 'secureConnect');
  return dialled;
}

function listenTo(socket: Socket): Dialled {
  let text = '';
  socket.on('data', (octets) => {
    // The end of what it says is what matters; a flood of answers is not kept.
    text = (text + octets.toString('latin1')).slice(-4096);
  });
  socket.on('error', () => {});
  return { socket, heard: () => text, ended: new Promise((resolve) => socket.once('close', () => resolve())) };
}

/** Writes pieces as fast as they are taken, until they are all gone or the server has ended the connection. */
export async function pour({ socket, ended }: Dialled, pieces: Iterable<Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || socket.writableEnded) return;
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), ended]);
  }
}
