import { type DeviceStep, MAX_WRONG_TAGS, type Maker2DeviceState, to, withLink } from './device-state.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { encodeMessage, type Message, type RefusalCode } from './message.ts';

/** Counts a wrong tag on a link; the eighth drops it. No other link is slowed: noise must not lock the owner out. */
export function wrongTag(state: Maker2DeviceState, link: number): DeviceStep {
  const wrongTags = (state.links.find(({ id }) => id === link)?.wrongTags ?? 0) + 1;
  const counted = withLink(state, link, { wrongTags });
  return wrongTags >= MAX_WRONG_TAGS ? to(counted, { kind: 'drop-link', link }) : to(counted);
}

/** Says no without authentication. */
export function refuse(state: Maker2DeviceState, link: number, code: RefusalCode): DeviceStep {
  return send(state, link, { kind: 'refusal', code, resetCount: state.record.resetCount });
}

/** Sends a message in clear. */
export function send(state: Maker2DeviceState, link: number, message: Message): DeviceStep {
  return to(state, { kind: 'send', link, channel: MAKER2_CHANNEL, octets: encodeMessage(message) });
}
