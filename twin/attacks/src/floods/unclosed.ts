import { nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, silentLog } from '@cardea/kit-runtime';
import { createXmppDoor } from '@cardea/server-xmpp';
import type { Trial } from '../attack.ts';
import { STREAM_HEADER } from './stream-header.ts';

const HOUR_S = 3600;

/**
 * A stanza that is never closed, an octet a second, under virtual time: the stream must be over long before the hour is.
 */
export async function dripForAnHour(): Promise<Trial> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1), settle);
  let closedAtS: number | undefined;
  const door = createXmppDoor({
    core: {
      verifier: async () => undefined,
      online: async () => undefined,
      received: async () => undefined,
      lost: () => {},
      offline: () => undefined,
    },
    domain: 'localhost',
    primitives: nodePrimitives,
    random: seededRandom('drip'),
    clock,
    log: silentLog,
  });
  const stream = door.accept({
    write: () => undefined,
    close: () => {
      closedAtS ??= clock.monotonic() / 1000;
    },
  });
  const text = new TextEncoder().encode(`${STREAM_HEADER}<iq id='`.padEnd(HOUR_S, 'x'));
  for (let second = 0; second < HOUR_S && closedAtS === undefined; second++) {
    stream.received(text.subarray(second, second + 1));
    await clock.advance(1000);
  }
  door.close();
  return {
    name: `a stanza that is never closed, an octet a second: ${closedAtS === undefined ? 'open after an hour' : `over after ${closedAtS.toFixed(0)} s`}`,
    through: closedAtS === undefined,
    tried: HOUR_S,
  };
}
