import { concat, Writer } from '@cardea/kit-octets';
import { AirError } from './errors.ts';
import { type AirMessage, decodeAirMessage, encodeAirMessage } from './messages.ts';

const LENGTH_OCTETS = 4;

/** A message as it goes over the stream: length(4), then {@link encodeAirMessage}. @throws AirError */
export function frameAirMessage(message: AirMessage): Uint8Array {
  const octets = encodeAirMessage(message);
  return concat(new Writer().uint('length', octets.length, LENGTH_OCTETS).done(), octets);
}

/** Cuts a stream into messages. It never keeps more than one message of `limitOctets` and what came with it. */
export class AirStream {
  #kept: Uint8Array = new Uint8Array(0);
  /** The longest message that is taken; may be raised when the peer is known. */
  limitOctets: number;

  constructor(limitOctets: number) {
    this.limitOctets = limitOctets;
  }

  /** The next whole message of what has come, or undefined. @throws AirError `too_long`, `malformed` */
  next(): AirMessage | undefined {
    if (this.#kept.length < LENGTH_OCTETS) return undefined;
    const size = new DataView(this.#kept.buffer, this.#kept.byteOffset).getUint32(0);
    if (size > this.limitOctets) {
      throw new AirError('too_long', `a message of ${size} octets, at most ${this.limitOctets} are taken`);
    }
    if (this.#kept.length < LENGTH_OCTETS + size) return undefined;
    const octets = this.#kept.subarray(LENGTH_OCTETS, LENGTH_OCTETS + size);
    this.#kept = this.#kept.slice(LENGTH_OCTETS + size);
    return decodeAirMessage(octets);
  }

  /** Takes octets as they come. */
  push(octets: Uint8Array): void {
    this.#kept = this.#kept.length === 0 ? octets.slice() : concat(this.#kept, octets);
  }
}
