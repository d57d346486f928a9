import { concat } from '@cardea/kit-octets';
import { ScpmError } from './errors.ts';

/** A message of the link between gateway and lock, as it travels inside SCPM. */
export interface HopMessage {
  /** Its channel on the link: 1 lock, 3 mobile key, 4 binding; 1 to 63. */
  readonly channel: number;
  readonly octets: Uint8Array;
}

/** channel(1) octets: what a lock message (operation 30) holds on the hop. @throws ScpmError `range` */
export function encodeHop({ channel, octets }: HopMessage): Uint8Array {
  return concat(Uint8Array.of(channelOf(channel)), octets);
}

/** The inverse of {@link encodeHop}. @throws ScpmError `truncated`, `range` */
export function decodeHop(octets: Uint8Array): HopMessage {
  const [channel] = octets;
  if (channel === undefined || octets.length < 2)
    throw new ScpmError('truncated', 'hop', 'a channel and an octet at least');
  return { channel: channelOf(channel), octets: octets.slice(1) };
}

function channelOf(channel: number): number {
  if (Number.isInteger(channel) && channel >= 1 && channel <= 63) return channel;
  throw new ScpmError('range', 'channel', `must be a whole number from 1 to 63, is ${channel}`);
}
