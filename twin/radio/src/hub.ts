import { once } from 'node:events';
import { createServer } from 'node:net';
import { tcpPipe } from '@cardea/kit-node';
import type { CardContact, ContactlessCard } from '@cardea/kit-radio';
import { AirError } from '@cardea/wire-air';
import type { HeldCard } from './field.ts';
import { type Guest, type SimulationCommand, welcomeGuest } from './guest.ts';
import type { Medium } from './medium.ts';
import { simulate } from './simulation.ts';

/** Processes on one hub at once. */
const GUESTS_LIMIT = 64;
/** A connection that has not said who it is within this is dropped. */
const HELLO_TIMEOUT_MS = 5_000;

/** What a hub is made of. */
export interface HubOptions {
  readonly host: '127.0.0.1' | '::1';
  /** 0 takes a free one. */
  readonly port: number;
  /** 32 octets, compared in constant time. */
  readonly token: Uint8Array;
  readonly medium: Medium;
  /** Simulation commands for locks of this process; false when it has no such lock. @throws Error with the reason */
  simulate?(command: SimulationCommand): Promise<boolean>;
  /** A card is at the reader of a lock; false when this process has no such lock. */
  card?(reader: string, contact: CardContact): boolean;
}

/** A running hub. */
export interface Hub {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens a medium to other processes over TCP on the loopback (docs/air.md). @throws Error of node:net, such as EADDRINUSE */
export async function runHub({ host, port, token, medium, ...options }: HubOptions): Promise<Hub> {
  const guests = new Set<Guest>();
  const hold = (reader: string, card: ContactlessCard): HeldCard => {
    const held = medium.holdCard(card);
    if (options.card?.(reader, held.contact) === true) return held;
    for (const guest of guests) {
      if (!guest.serves(reader)) continue;
      guest.heldTo(reader, held.contact);
      guest.onGone(held.fieldGone);
      return held;
    }
    throw new AirError('refused', `no virtual lock ${reader} is on this air`);
  };
  const server = createServer((socket) => {
    if (guests.size >= GUESTS_LIMIT) {
      socket.destroy();
      return;
    }
    const guest = welcomeGuest(tcpPipe(socket), {
      medium,
      token,
      hold,
      control: (command) =>
        simulate(
          { medium, guests: () => guests, local: (one) => options.simulate?.(one) ?? Promise.resolve(false) },
          command,
        ),
    });
    guests.add(guest);
    const timer = setTimeout(() => {
      if (guest.name() === undefined) guest.close();
    }, HELLO_TIMEOUT_MS);
    guest.onGone(() => {
      clearTimeout(timer);
      guests.delete(guest);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const guest of [...guests]) guest.close();
      await closed;
    },
  };
}
