import { concat } from '@cardea/kit-octets';
import { LockError } from './errors.ts';

/** The longest message that is cut into pieces, in octets. */
export const MESSAGE_MAX_OCTETS = 1024;

/** A message whose next piece does not come within this is dropped. */
export const SEGMENT_TIMEOUT_MS = 20_000;

/** SAR in the two high bits of the first octet, as in PB-GATT: 0 complete, 1 first, 2 continuation, 3 last. */
const SAR = { complete: 0, first: 1, continuation: 2, last: 3 } as const;

/** The pieces of one message for characteristic `link`: SAR(2 bits) channel(6 bits), then at most `mtu` - 4 octets. @throws LockError `length`, `range` */
export function segment(channel: number, message: Uint8Array, mtu: number): readonly Uint8Array[] {
  if (!Number.isInteger(channel) || channel < 1 || channel > 63) throw new LockError('range', 'a channel is 1 to 63');
  if (message.length < 1 || message.length > MESSAGE_MAX_OCTETS) {
    throw new LockError('length', `a message has 1 to ${MESSAGE_MAX_OCTETS} octets, not ${message.length}`);
  }
  const room = mtu - 4;
  if (room < 1) throw new LockError('range', `an ATT MTU of ${mtu} leaves no room`);
  const count = Math.ceil(message.length / room);
  return Array.from({ length: count }, (_, i) => {
    const sar = count === 1 ? SAR.complete : i === 0 ? SAR.first : i === count - 1 ? SAR.last : SAR.continuation;
    return concat(Uint8Array.of((sar << 6) | channel), message.subarray(i * room, (i + 1) * room));
  });
}

/** What a piece led to. A broken stream cannot be mended: the link is dropped. */
export type Reassembled =
  | { readonly kind: 'partial' }
  | { readonly kind: 'message'; readonly channel: number; readonly octets: Uint8Array }
  | { readonly kind: 'broken'; readonly why: string };

/** Puts the pieces of one direction of one connection together: no interleaving, bounded in octets and time. */
export class Reassembler {
  #channel: number | undefined;
  #parts: Uint8Array[] = [];
  #sizeOctets = 0;
  #lastMs = 0;

  /** Takes one value of characteristic `link`. */
  take(value: Uint8Array, nowMonotonicMs: number): Reassembled {
    const head = value[0];
    if (head === undefined || value.length < 2) return this.#break('a piece without octets');
    if (this.#channel !== undefined && nowMonotonicMs - this.#lastMs > SEGMENT_TIMEOUT_MS) this.#reset();
    const sar = head >> 6;
    const channel = head & 0x3f;
    if (channel === 0) return this.#break('channel 0');
    const begins = sar === SAR.complete || sar === SAR.first;
    if (begins && this.#channel !== undefined) return this.#break('a message inside another');
    if (!begins && this.#channel !== channel) return this.#break('a piece of no message');
    this.#sizeOctets += value.length - 1;
    if (this.#sizeOctets > MESSAGE_MAX_OCTETS) return this.#break('a message of over 1,024 octets');
    this.#parts.push(value.slice(1));
    if (sar === SAR.first || sar === SAR.continuation) {
      this.#channel = channel;
      this.#lastMs = nowMonotonicMs;
      return { kind: 'partial' };
    }
    const octets = concat(...this.#parts);
    this.#reset();
    return { kind: 'message', channel, octets };
  }

  #break(why: string): Reassembled {
    this.#reset();
    return { kind: 'broken', why };
  }

  #reset(): void {
    this.#channel = undefined;
    this.#parts = [];
    this.#sizeOctets = 0;
  }
}
