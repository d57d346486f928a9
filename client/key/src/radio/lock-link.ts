import type { CentralLink, Radio } from '@cardea/kit-radio';
import type { Clock } from '@cardea/kit-runtime';
import { LINK_CHARACTERISTIC, lockLink } from '@cardea/wire-lock';

/** What a link tells. */
export interface LinkListener {
  /** A whole message of the lock. */
  message(channel: number, octets: Uint8Array): void;
  /** The link is over, for whatever reason; told once. */
  ended(): void;
}

/** A phone's connection to a lock, by whole messages. */
export interface LockLink {
  /** Resolves when the lock's stack has every piece. @throws RadioError */
  send(channel: number, octets: Uint8Array): Promise<void>;
  /** Hangs up. */
  close(): void;
}

/** Connects to a lock at an address that advertises now, and subscribes. @throws RadioError */
export async function connectLock(
  { radio, clock }: { readonly radio: Radio; readonly clock: Clock },
  address: string,
  timeoutMs: number,
  listener: LinkListener,
): Promise<LockLink> {
  const link: CentralLink = await radio.connect(address, { timeoutMs });
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
}
