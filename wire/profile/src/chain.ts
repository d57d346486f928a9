import type { Primitives } from '@cardea/kit-crypto';
import type { LockEvent } from './device.ts';

/** A lock's signed word on its events: that there are `sequence` of them, and what they hash to. */
export interface ChainHead {
  /** Days since 1970-01-01 by the lock's clock; 0 when it was unset. */
  readonly day: number;
  /** The newest event that the head counts; 0 before the first. */
  readonly sequence: number;
  /** h(sequence), 32 octets. */
  readonly hash: Uint8Array;
  /** ES256 by the lock's serial key, whose public half is in the maker's manifest: r | s (64 octets). */
  readonly signature: Uint8Array;
}

/**
 * How a maker's locks chain their events: h(n) = SHA-256(h(n-1) | event n as the lock recorded it). Nobody who changes,
 * drops or adds an event on the way can make h agree, and nobody but the lock can sign it.
 */
export interface EventChain {
  /** h(0) of the lock with this identifier: 32 octets. */
  start(primitives: Primitives, identifier: string): Uint8Array;
  /** h(n) from h(n-1) and event n. @throws the maker's error for an event that the lock cannot have recorded */
  next(primitives: Primitives, hash: Uint8Array, event: LockEvent): Uint8Array;
  /** The octets that the lock has signed. */
  signed(identifier: string, head: Omit<ChainHead, 'signature'>): Uint8Array;
}
