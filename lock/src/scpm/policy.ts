import { CHANNEL } from '@cardea/wire-lock';
import { KEY_INDEX } from '@cardea/wire-scpm';

/**
 * Channels that are for the hop once a user key is set: those of the RAS. Phones at the lock speak on theirs directly.
 */
function isOfHop(channel: number): boolean {
  return channel === CHANNEL.lock || channel === CHANNEL.binding;
}

/** Whether a lock takes and sends messages of this channel outside SCPM. `hasUserKey`: it belongs to a domain. */
export function goesDirectly(channel: number, hasUserKey: boolean): boolean {
  return !hasUserKey || !isOfHop(channel);
}

/** Whether a message that came inside SCPM may be of this channel: under a service provider's key a key alone is presented. */
export function goesInside(channel: number, keyIndex: number): boolean {
  if (channel === CHANNEL.mobileKey) return true;
  return isOfHop(channel) && keyIndex === KEY_INDEX.user;
}
