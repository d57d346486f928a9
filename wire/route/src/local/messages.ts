import { concat, fromHex, toHex } from '@cardea/kit-octets';
import { RouteError } from '../errors.ts';
import { MESSAGE_MAX_OCTETS } from '../messages.ts';

/** Why the local endpoint does not lead to a lock, or no longer. */
export type LocalRefusal =
  /** This gateway does not serve it. */
  | 'unknown_lock'
  /** It is not heard at the moment. */
  | 'not_heard'
  /** Somebody else is at it, or too many are here. */
  | 'busy'
  /** The link to the lock has ended, or the time for it. */
  | 'ended';

/**
 * What a phone and a gateway say to one another at the gateway's local endpoint, when the server is out of reach. It
 * carries what the air would: the messages of an exchange by mobile key, sealed and signed by phone and lock. The gateway
 * understands none of them and decides nothing.
 */
export type LocalMessage =
  /** Phone to gateway, first: 01 lock(6). */
  | { readonly kind: 'open' /** Identifier: 12 upper-case hex digits. */; readonly lock: string }
  /** Gateway to phone: 81. */
  | { readonly kind: 'opened' }
  /** Gateway to phone, last: 8F code(1). */
  | { readonly kind: 'refused'; readonly reason: LocalRefusal }
  /** Either way, of the mobile key's channel: 02 octets (1 to 1024). */
  | { readonly kind: 'message'; readonly octets: Uint8Array };

const TYPE = { open: 0x01, message: 0x02, opened: 0x81, refused: 0x8f } as const;
const REFUSALS: Readonly<Record<LocalRefusal, number>> = { unknown_lock: 1, not_heard: 2, busy: 3, ended: 4 };

/** @throws RouteError `text` (an identifier that is none), `size` */
export function encodeLocal(message: LocalMessage): Uint8Array {
  switch (message.kind) {
    case 'open':
      if (!/^[0-9A-F]{12}$/.test(message.lock)) {
        throw new RouteError('text', 'open.lock', 'an identifier has 12 upper-case hex digits');
      }
      return concat(Uint8Array.of(TYPE.open), fromHex(message.lock));
    case 'opened':
      return Uint8Array.of(TYPE.opened);
    case 'refused':
      return Uint8Array.of(TYPE.refused, REFUSALS[message.reason]);
    case 'message':
      sized('message.octets', message.octets.length, 1, MESSAGE_MAX_OCTETS);
      return concat(Uint8Array.of(TYPE.message), message.octets);
  }
}

/** The inverse of {@link encodeLocal}. @throws RouteError `element` (another type), `size`, `range` */
export function decodeLocal(octets: Uint8Array): LocalMessage {
  const rest = octets.slice(1);
  switch (octets[0]) {
    case TYPE.open:
      sized('open.lock', rest.length, 6, 6);
      return { kind: 'open', lock: toHex(rest).toUpperCase() };
    case TYPE.opened:
      sized('opened', rest.length, 0, 0);
      return { kind: 'opened' };
    case TYPE.refused: {
      sized('refused.code', rest.length, 1, 1);
      const reason = (Object.keys(REFUSALS) as LocalRefusal[]).find((each) => REFUSALS[each] === rest[0]);
      if (reason === undefined) throw new RouteError('range', 'refused.code', `there is no code ${rest[0]}`);
      return { kind: 'refused', reason };
    }
    case TYPE.message:
      sized('message.octets', rest.length, 1, MESSAGE_MAX_OCTETS);
      return { kind: 'message', octets: rest };
    default:
      throw new RouteError('element', 'type', `${octets[0]} is no type of message`);
  }
}

function sized(field: string, octets: number, least: number, most: number): void {
  if (octets >= least && octets <= most) return;
  throw new RouteError('size', field, `has ${least} to ${most} octets, not ${octets}`);
}
