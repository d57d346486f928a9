import type { Primitives } from '@cardea/kit-crypto';
import type { Radio } from '@cardea/kit-radio';
import type { Clock } from '@cardea/kit-runtime';
import { LINK_CHARACTERISTIC, LOCK_SERVICE, lockLink, recogniseBound } from '@cardea/wire-lock';
import type { Way } from './way.ts';

/** What a phone's own radio takes. */
export interface RadioWayParts {
  readonly radio: Radio;
  readonly clock: Clock;
  readonly primitives: Primitives;
}

/** By the phone's own radio: it listens for the lock's advertisement, and connects to the address that it has now. */
export function radioWay({ radio, clock, primitives }: RadioWayParts): Way {
  return {
    find: ({ advertisementKey }, timeoutMs) =>
      new Promise((resolve) => {
        const end = (address: string | undefined): void => {
          cancel();
          stop();
          resolve(address);
        };
        const cancel = clock.after(timeoutMs, () => end(undefined));
        // A lock that serves another central is not connectable.
        const stop = radio.scan([LOCK_SERVICE], ({ address, connectable, data }) => {
          if (connectable && recogniseBound(primitives, advertisementKey, data) !== undefined) end(address);
        });
      }),
    async connect(address, timeoutMs, listener) {
      const link = await radio.connect(address, { timeoutMs });
      const codec = lockLink(link.mtu);
      link.onNotify(LINK_CHARACTERISTIC, (value) => {
        const decoded = codec.decode(LINK_CHARACTERISTIC, value, clock.monotonic());
        if (decoded.kind === 'message') listener.message(decoded.channel, decoded.octets);
        // What cannot be put together cannot be mended either.
        else if (decoded.kind === 'broken') link.disconnect();
      });
      link.onDisconnect(() => listener.ended());
      return {
        async send(channel, octets) {
          // Cut anew each time: a radio may learn of a larger MTU only when the lock has spoken.
          const pieces = lockLink(link.mtu).encode(channel, octets);
          for (const { characteristic, value } of pieces) await link.write(characteristic, value);
        },
        close: () => link.disconnect(),
      };
    },
  };
}
