import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { RasAddress } from './messages.ts';

/** A bare TLS echo in a process of its own, on one connection that stands. */
export interface Echo {
  /** A stanza's worth of octets there and back, milliseconds. Those asked for at once wait for one another. */
  roundTrip(): Promise<number>;
  stop(): Promise<void>;
}

const STANZA = Buffer.alloc(400, 'x');

/** Starts it with the certificate of a measured server. */
export async function startEcho({ certFile, keyFile, ca, domain }: RasAddress): Promise<Echo> {
  const child = fork(fileURLToPath(new URL('echo-process.ts', import.meta.url)), [certFile, keyFile]);
  const [port] = (await once(child, 'message')) as [number];
  const socket = connect({ host: '127.0.0.1', port, ca, servername: domain });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  const waiting: { leftOctets: number; done(): void }[] = [];
  socket.on('data', (octets: Buffer) => {
    let got = octets.length;
    for (let first = waiting[0]; first !== undefined && got > 0; first = waiting[0]) {
      const taken = Math.min(got, first.leftOctets);
      first.leftOctets -= taken;
      got -= taken;
      if (first.leftOctets > 0) break;
      waiting.shift();
      first.done();
    }
  });
  return {
    roundTrip() {
      const beganMs = performance.now();
      socket.write(STANZA);
      return new Promise((resolve) => {
        waiting.push({ leftOctets: STANZA.length, done: () => resolve(performance.now() - beganMs) });
      });
    },
    async stop() {
      socket.destroy();
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
