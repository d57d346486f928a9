import { concat } from '@cardea/kit-octets';
import { RouteError } from '../errors.ts';
import { MESSAGE_MAX_OCTETS } from '../messages.ts';
import { decodeLocal, encodeLocal, type LocalMessage } from './messages.ts';

const LENGTH_OCTETS = 2;
const MAX_OCTETS = 1 + MESSAGE_MAX_OCTETS;

/** A message as it goes over a stream: length(2), then {@link encodeLocal}. @throws RouteError */
export function frameLocal(message: LocalMessage): Uint8Array {
  const octets = encodeLocal(message);
  return concat(Uint8Array.of(octets.length >> 8, octets.length), octets);
}

/** Cuts a stream into messages. It keeps one unfinished message at most. */
export class LocalStream {
  #kept: Uint8Array = new Uint8Array(0);

  /** Takes octets as they come; answers the messages that they complete. @throws RouteError `size`, `element`, `range` */
  push(octets: Uint8Array): readonly LocalMessage[] {
    this.#kept = concat(this.#kept, octets);
    const messages: LocalMessage[] = [];
    for (;;) {
      const [high, low] = this.#kept;
      if (high === undefined || low === undefined) return messages;
      const size = (high << 8) | low;
      if (size < 1 || size > MAX_OCTETS) throw new RouteError('size', 'length', `is 1 to ${MAX_OCTETS}, not ${size}`);
      if (this.#kept.length < LENGTH_OCTETS + size) return messages;
      messages.push(decodeLocal(this.#kept.subarray(LENGTH_OCTETS, LENGTH_OCTETS + size)));
      this.#kept = this.#kept.slice(LENGTH_OCTETS + size);
    }
  }
}
