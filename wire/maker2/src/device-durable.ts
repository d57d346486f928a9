import { concat } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { LockEvent, RingChange } from '@cardea/wire-profile';
import { decodeEventBody, encodeEventBody } from './body.ts';
import { Maker2Error } from './errors.ts';
import { decodeUint, encodeUint } from './little-endian.ts';

/** Events that a lock keeps until they are acknowledged; beyond, the oldest go. */
export const RING_SIZE_EVENTS = 500;

/** The small record of a lock: everything but its events. */
export interface Maker2DeviceRecord {
  /** Factory resets so far: never erased, never lower. */
  readonly resetCount: number;
  readonly keyVersion: number;
  readonly active: Secret | undefined;
  /** A key that the RAS may hold too; its first command makes it active. */
  readonly pending: Secret | undefined;
}

/** Everything that a lock keeps without power. */
export interface Maker2DurableState {
  readonly record: Maker2DeviceRecord;
  /** Unacknowledged events by growing sequence. */
  readonly events: readonly LockEvent[];
  /** The highest sequence ever used. */
  readonly eventSequence: number;
}

/** A change of {@link Maker2DurableState}, atomic. */
export type Maker2DurableChange = RingChange<Maker2DeviceRecord>;

/** A lock as it leaves the factory. */
export const MAKER2_FACTORY_STATE: Maker2DurableState = {
  record: { resetCount: 0, keyVersion: 0, active: undefined, pending: undefined },
  events: [],
  eventSequence: 0,
};

/** What is durable after a change: for whoever keeps a lock's flash. */
export function applyMaker2Change(durable: Maker2DurableState, change: Maker2DurableChange): Maker2DurableState {
  switch (change.kind) {
    case 'record':
      return { ...durable, record: change.record };
    case 'event':
      return {
        ...durable,
        events: [...durable.events, change.event],
        eventSequence: Math.max(durable.eventSequence, change.event.sequence),
      };
    case 'forget': {
      const gone = new Set(change.sequences);
      return { ...durable, events: durable.events.filter((event) => !gone.has(event.sequence)) };
    }
    case 'reset':
      return { ...durable, record: change.record, events: [] };
  }
}

const VERSION = 1;
const KEY_OCTETS = 16;
const HAS_ACTIVE = 0x01;
const HAS_PENDING = 0x02;
const HEAD_OCTETS = 14;
const EVENT_OCTETS = 18;

/**
 * A lock's flash as one image: version(1)=1, resetCount(4), keyVersion(4), flags(1: b0 active, b1 pending),
 * eventSequence(4), the keys that it has (16 each), then the events (18 each, as in a message).
 * It holds keys: whoever stores it seals it. @throws Maker2Error `range`
 */
export function encodeMaker2Durable({ record, events, eventSequence }: Maker2DurableState): Uint8Array {
  return concat(
    Uint8Array.of(VERSION),
    encodeUint('resetCount', record.resetCount, 4),
    encodeUint('keyVersion', record.keyVersion, 4),
    Uint8Array.of((record.active ? HAS_ACTIVE : 0) | (record.pending ? HAS_PENDING : 0)),
    encodeUint('eventSequence', eventSequence, 4),
    record.active?.reveal() ?? new Uint8Array(0),
    record.pending?.reveal() ?? new Uint8Array(0),
    ...events.map(encodeEventBody),
  );
}

/** The inverse of {@link encodeMaker2Durable}. @throws Maker2Error */
export function decodeMaker2Durable(octets: Uint8Array): Maker2DurableState {
  if (octets[0] !== VERSION) throw new Maker2Error('kind', 'flash image', 'is of no known version');
  const flags = octets[9] ?? 0;
  if (flags > (HAS_ACTIVE | HAS_PENDING)) throw new Maker2Error('range', 'flags', `${flags} has no meaning`);
  let at = HEAD_OCTETS;
  const next = (size: number): Uint8Array => {
    if (octets.length < at + size) throw new Maker2Error('truncated', 'flash image', 'is cut off');
    at += size;
    return octets.slice(at - size, at);
  };
  const active = (flags & HAS_ACTIVE) !== 0 ? new Secret(next(KEY_OCTETS)) : undefined;
  const pending = (flags & HAS_PENDING) !== 0 ? new Secret(next(KEY_OCTETS)) : undefined;
  const events: LockEvent[] = [];
  while (at < octets.length) events.push({ ...decodeEventBody(next(EVENT_OCTETS)), lockTimeS: 0 });
  if (octets.length < HEAD_OCTETS) throw new Maker2Error('truncated', 'flash image', 'is cut off');
  const [resetCount, keyVersion] = [decodeUint(octets.slice(1, 5)), decodeUint(octets.slice(5, 9))];
  return {
    record: { resetCount, keyVersion, active, pending },
    events,
    eventSequence: decodeUint(octets.slice(10, 14)),
  };
}
