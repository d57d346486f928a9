import { concat } from '@cardea/kit-octets';
import type { LinkCodec } from '@cardea/wire-profile';
import { Maker2Error } from './errors.ts';

/** The service of these locks and its two characteristics. They never change. */
export const MAKER2_SERVICE = '8d3f1c52-6a07-4be1-9c2d-5b7e0a4f9310';
/** Written by the central: messages to the lock. */
export const MAKER2_INBOX = '8d3f1c53-6a07-4be1-9c2d-5b7e0a4f9310';
/** Notified by the lock: messages from it. */
export const MAKER2_OUTBOX = '8d3f1c54-6a07-4be1-9c2d-5b7e0a4f9310';

/** The one channel of this protocol. */
export const MAKER2_CHANNEL = 1;
/** The longest message in octets. */
export const MAX_MESSAGE_OCTETS = 256;
/** The longest wait between two chunks of a message, in milliseconds. */
export const CHUNK_TIMEOUT_MS = 10_000;

const ATT_HEADER_OCTETS = 3;
const LEAST_CHUNK_OCTETS = 19;
const MAX_CHUNKS = Math.ceil(MAX_MESSAGE_OCTETS / LEAST_CHUNK_OCTETS);

/**
 * Chunks of a message at an ATT MTU: left(1: how many chunks follow this one) | at most MTU - 4 octets.
 * @throws Maker2Error `too_long`
 */
export function splitMessage(message: Uint8Array, mtu: number): readonly Uint8Array[] {
  if (message.length < 1 || message.length > MAX_MESSAGE_OCTETS) {
    throw new Maker2Error('too_long', 'message', `must have 1 to ${MAX_MESSAGE_OCTETS} octets, has ${message.length}`);
  }
  const size = Math.max(LEAST_CHUNK_OCTETS, mtu - ATT_HEADER_OCTETS - 1);
  const count = Math.ceil(message.length / size);
  return Array.from({ length: count }, (_, i) =>
    concat(Uint8Array.of(count - 1 - i), message.slice(i * size, (i + 1) * size)),
  );
}

/** What a chunk led to. A `broken` one means that the connection is to be dropped. */
export type Joined =
  | { readonly kind: 'partial' }
  | { readonly kind: 'message'; readonly octets: Uint8Array }
  | { readonly kind: 'broken'; readonly why: string };

/** A message that is being put together; `undefined` between messages. A plain value, so that machines can keep it. */
export type Joining =
  | { readonly parts: readonly Uint8Array[]; readonly left: number; readonly sizeOctets: number; readonly atMs: number }
  | undefined;

/** Takes one chunk. Counts must fall by one from chunk to chunk, so nothing can be lost or slipped in unseen. */
export function joinChunk(joining: Joining, chunk: Uint8Array, nowMs: number): { joining: Joining; joined: Joined } {
  const broken = (why: string) => ({ joining: undefined, joined: { kind: 'broken' as const, why } });
  const left = chunk[0];
  if (left === undefined || chunk.length < 2) return broken('empty chunk');
  if (left >= MAX_CHUNKS) return broken('too many chunks');
  if (joining !== undefined && nowMs - joining.atMs > CHUNK_TIMEOUT_MS) return broken('chunk came too late');
  if (joining !== undefined && left !== joining.left - 1) return broken('chunk out of order');
  const sizeOctets = (joining?.sizeOctets ?? 0) + chunk.length - 1;
  if (sizeOctets > MAX_MESSAGE_OCTETS) return broken('message too long');
  const parts = [...(joining?.parts ?? []), chunk.slice(1)];
  return left === 0
    ? { joining: undefined, joined: { kind: 'message', octets: concat(...parts) } }
    : { joining: { parts, left, sizeOctets, atMs: nowMs }, joined: { kind: 'partial' } };
}

/** The gateway's codec for one connection. @throws Maker2Error `too_long`, `channel` (from `encode`) */
export function maker2Link(mtu: number): LinkCodec {
  return link(mtu, MAKER2_INBOX, MAKER2_OUTBOX);
}

/** The lock's end of the same: `encode` gives notifications, `decode` takes writes. */
export function maker2DeviceLink(mtu: number): LinkCodec {
  return link(mtu, MAKER2_OUTBOX, MAKER2_INBOX);
}

function link(mtu: number, outgoing: string, incoming: string): LinkCodec {
  let joining: Joining;
  return {
    notify: [MAKER2_OUTBOX],
    encode(channel, message) {
      if (channel !== MAKER2_CHANNEL) {
        throw new Maker2Error('channel', 'channel', `must be ${MAKER2_CHANNEL}, is ${channel}`);
      }
      return splitMessage(message, mtu).map((value) => ({ characteristic: outgoing, value }));
    },
    decode(characteristic, value, nowMonotonicMs) {
      if (characteristic !== incoming) return { kind: 'broken', why: 'unknown characteristic' };
      const taken = joinChunk(joining, value, nowMonotonicMs);
      joining = taken.joining;
      return taken.joined.kind === 'message' ? { ...taken.joined, channel: MAKER2_CHANNEL } : taken.joined;
    },
  };
}
