import { concat } from '@cardea/kit-octets';
import { LockError } from './errors.ts';
import { MESSAGE, type MessageKind } from './messages.ts';
import { SEALED_FRAME_SIZE_OCTETS } from './sealed-frame.ts';

/** Octets of a frame message: kind(1) and a sealed frame(28). */
export const FRAME_MESSAGE_SIZE_OCTETS = 1 + SEALED_FRAME_SIZE_OCTETS;

/** A sealed frame as a message of channel 1. @throws LockError `length` */
export function encodeFrameMessage(kind: 'command' | 'receipt' | 'event', frame: Uint8Array): Uint8Array {
  if (frame.length !== SEALED_FRAME_SIZE_OCTETS) throw new LockError('length', 'a sealed frame has 28 octets');
  return concat(Uint8Array.of(MESSAGE[kind]), frame);
}

/** The sealed frame of a message of this kind. @throws LockError `length`, `kind` */
export function decodeFrameMessage(kind: 'command' | 'receipt' | 'event', message: Uint8Array): Uint8Array {
  if (message[0] !== MESSAGE[kind]) throw new LockError('kind', `not a ${kind}`);
  if (message.length !== FRAME_MESSAGE_SIZE_OCTETS) {
    throw new LockError('length', `a ${kind} has ${FRAME_MESSAGE_SIZE_OCTETS} octets, not ${message.length}`);
  }
  return message.slice(1);
}

/** The kind of a message. @throws LockError `length`, `kind` */
export function messageKind(message: Uint8Array): MessageKind {
  const octet = message[0];
  if (octet === undefined) throw new LockError('length', 'an empty message');
  const kind = Object.values(MESSAGE).find((each) => each === octet);
  if (kind === undefined) throw new LockError('kind', `no message of kind ${octet}`);
  return kind;
}
