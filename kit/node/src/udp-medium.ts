import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Octets of the longest frame: what one Ethernet packet carries beside the headers of IPv4 and UDP. */
export const UDP_FRAME_MAX_OCTETS = 1_472;

/** A place on a medium of UDP: what is sent from it is heard at every other place. */
export interface UdpPlace {
  /** The UDP port of this place on 127.0.0.1. */
  readonly port: number;
  /** A frame for everybody else, each in a datagram. Lost silently where nobody is. @throws RangeError for a longer one */
  send(frame: Uint8Array): void;
  /** Resolves when nothing is heard any more. */
  close(): Promise<void>;
}

/**
 * Takes a place on a medium on this machine's loopback. Like the air, it has no order, no delivery and no sender that
 * could be trusted: any process may say anything on it.
 * @param others - ports of all places, asked for each frame; the own one may be among them and is left out.
 * @param heard - told each frame, whoever sent it.
 */
export async function openUdpPlace(
  others: () => Iterable<number>,
  heard: (frame: Uint8Array) => void,
): Promise<UdpPlace> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  // A place that is gone answers by ICMP: nobody is there, as on air.
  socket.on('error', () => undefined);
  socket.on('message', (datagram) => heard(new Uint8Array(datagram)));
  const { port } = socket.address();
  let isOpen = true;
  return {
    port,
    send(frame) {
      if (frame.length > UDP_FRAME_MAX_OCTETS) {
        throw new RangeError(`a frame has at most ${UDP_FRAME_MAX_OCTETS} octets, not ${frame.length}`);
      }
      if (!isOpen) return;
      for (const other of others()) if (other !== port) sendTo(socket, other, frame);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function sendTo(socket: Socket, port: number, frame: Uint8Array): void {
  socket.send(frame.slice(), port, '127.0.0.1', () => undefined);
}
