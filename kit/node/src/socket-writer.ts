import type { Socket } from 'node:net';

/** The way out to the other end of a connection. */
export interface SocketWriter {
  /** Nothing once the connection has ended. */
  write(octets: Uint8Array): void;
  /** Closes after what was written. */
  close(): void;
}

/** A peer that does not read is cut off when this much waits for it. */
const UNREAD_MAX_OCTETS = 1024 * 1024;
/** How long the peer may take to close its half: one that does not must not keep the process. */
const LINGER_MS = 1_000;

/** Writes to the socket that the connection has now: another one after STARTTLS. */
export function socketWriter(current: () => Socket): SocketWriter {
  return {
    write(octets) {
      const socket = current();
      if (socket.destroyed || socket.writableEnded) return;
      socket.write(octets);
      if (socket.writableLength > UNREAD_MAX_OCTETS) socket.destroy();
    },
    close() {
      const socket = current();
      socket.end();
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
    },
  };
}
