import { Agent, request } from 'node:https';
import type { VictimAddress } from './victim-messages.ts';

/** Somebody with a token, or at the double anybody, who asks a server for something small. */
export interface HonestClient {
  /** Milliseconds that a request over the connection kept open took; undefined when it failed. */
  ask(): Promise<number | undefined>;
  /** The same over a connection of its own: a newcomer, who tries three times as clients do. */
  askAnew(): Promise<number | undefined>;
  close(): void;
}

const PATIENCE_MS = 5_000;
const TRIES = 3;
const RETRY_AFTER_MS = 200;
/** An honest client stays within the rate of its token, however quick the server is. */
const PACE_MS = 10;

/** A client of one server. */
export function createHonestClient(victim: VictimAddress): HonestClient {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  let paceMs = 0;
  const paced = async (): Promise<void> => {
    const waitMs = paceMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    paceMs = performance.now() + PACE_MS;
  };
  const once = (agent: Agent | false): Promise<number | undefined> =>
    new Promise((resolve) => {
      const beganMs = performance.now();
      const asking = request(
        {
          host: victim.host,
          port: victim.httpPort,
          path: '/v1/me',
          ca: victim.ca,
          servername: 'localhost',
          agent,
          timeout: PATIENCE_MS,
          headers: { authorization: `Bearer ${victim.token}` },
        },
        (answer) => {
          answer.resume();
          answer.once('end', () => resolve(answer.statusCode === 200 ? performance.now() - beganMs : undefined));
          answer.once('error', () => resolve(undefined));
        },
      );
      asking.once('timeout', () => asking.destroy());
      asking.once('error', () => resolve(undefined));
      asking.end();
    });
  return {
    async ask() {
      await paced();
      return once(kept);
    },
    async askAnew() {
      await paced();
      const beganMs = performance.now();
      for (let tries = 0; tries < TRIES; tries++) {
        if (tries > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
        if ((await once(false)) !== undefined) return performance.now() - beganMs;
      }
      return undefined;
    },
    close: () => kept.destroy(),
  };
}
