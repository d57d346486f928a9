import { Reader, Writer } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import {
  type AccessDelta,
  AccessError,
  type AccessRecord,
  applyDeltas,
  decodeAccessRecord,
  EMPTY_ACCESS,
  encodeAccessRecord,
} from '@cardea/wire-access';
import type { LockEvent, RingChange } from '@cardea/wire-profile';
import { CHAIN_HASH_SIZE_OCTETS } from '../chain.ts';
import { LockError, writing } from '../errors.ts';
import { decodeEvent, encodeEvent } from '../event.ts';

/** Events that a lock keeps until they are acknowledged; beyond, the oldest go. */
export const RING_SIZE_EVENTS = 500;

/** A binding key in flash. */
export interface KeySlot {
  readonly keyVersion: number;
  /** 16 octets. */
  readonly key: Secret;
}

/** The small record of a lock: everything but its events. */
export interface DeviceRecord {
  /** The key in force; undefined in the factory state. */
  readonly active: KeySlot | undefined;
  /** A key offered in a binding and not yet proved by the RAS. */
  readonly pending: KeySlot | undefined;
  /** How often the lock was reset; never erased. */
  readonly resetCount: number;
  /** Newest authenticated RAS time, Unix seconds; 0 when none: the clock is unset. */
  readonly timeFloorS: number;
  /** What is added to the hardware clock to give the lock's time. */
  readonly clockOffsetMs: number;
  /** Beacon sequences below this may have been used. */
  readonly beaconReserve: number;
  /** Highest accepted counter of the legacy profile. */
  readonly legacyCounter: number;
  readonly autoRelockS: number;
  readonly heldOpenS: number;
}

/** Everything that a lock keeps without power. */
export interface DurableState {
  readonly record: DeviceRecord;
  /** What it enforces by itself. */
  readonly access: AccessRecord;
  /** Unacknowledged events by growing sequence. */
  readonly events: readonly LockEvent[];
  /** The highest sequence ever used. */
  readonly eventSequence: number;
  /** h(eventSequence) of the event chain; undefined before the first event that was chained. */
  readonly chain: Uint8Array | undefined;
}

/** A change of {@link DurableState}, atomic. */
export type DurableChange =
  | RingChange<DeviceRecord>
  /** Small changes of what the lock enforces by itself: all of them or none. */
  | { readonly kind: 'access'; readonly deltas: readonly AccessDelta[] };

/** A lock as it leaves the factory. */
export const FACTORY_STATE: DurableState = {
  record: {
    active: undefined,
    pending: undefined,
    resetCount: 0,
    timeFloorS: 0,
    clockOffsetMs: 0,
    beaconReserve: 0,
    legacyCounter: 0,
    autoRelockS: 5,
    heldOpenS: 60,
  },
  access: EMPTY_ACCESS,
  events: [],
  eventSequence: 0,
  chain: undefined,
};

/** What is durable after a change: for whoever keeps a lock's flash. */
export function applyChange(durable: DurableState, change: DurableChange): DurableState {
  switch (change.kind) {
    case 'record':
      return { ...durable, record: change.record };
    case 'event':
      return {
        ...durable,
        events: [...durable.events, change.event],
        eventSequence: Math.max(durable.eventSequence, change.event.sequence),
        chain: change.chain,
      };
    case 'forget': {
      const gone = new Set(change.sequences);
      return { ...durable, events: durable.events.filter((event) => !gone.has(event.sequence)) };
    }
    case 'access':
      return { ...durable, access: applyDeltas(durable.access, change.deltas) };
    case 'reset':
      return { ...durable, record: change.record, access: EMPTY_ACCESS, events: [] };
  }
}

/** Octets of a record. */
const RECORD_SIZE_OCTETS = 2 * 21 + 4 + 4 + 1 + 6 + 4 + 4 + 2 + 2;
/** Version 1 had no chain, version 2 no access record. */
const FLASH_VERSION = 3;

/**
 * A lock's flash as one image: version(1), record(69), eventSequence(4), h(32, zeros for none; not in version 1), length(2)
 * and access record (not in versions 1 and 2), count(2), events(16 each, as on the air).
 * It holds keys: whoever stores it seals it. @throws LockError `range`
 */
export function encodeDurable(durable: DurableState): Uint8Array {
  const access = encodeAccessRecord(durable.access);
  return writing(() => {
    const writer = new Writer().uint('version', FLASH_VERSION, 1);
    writeRecord(writer, durable.record);
    writer
      .uint('event sequence', durable.eventSequence, 4)
      .octets('chain', durable.chain ?? new Uint8Array(CHAIN_HASH_SIZE_OCTETS), CHAIN_HASH_SIZE_OCTETS)
      .uint('access length', access.length, 2)
      .octets('access', access)
      .uint('events', durable.events.length, 2);
    for (const event of durable.events) writer.octets('event', encodeEvent(event), 16);
    return writer.done();
  });
}

/** The inverse of {@link encodeDurable}. @throws LockError `length`, `range`, `check` */
export function decodeDurable(octets: Uint8Array): DurableState {
  const version = octets[0];
  if (version === undefined) throw new LockError('length', 'a flash image is cut off');
  if (version < 1 || version > FLASH_VERSION) throw new LockError('range', 'a flash image of another version');
  const chainSize = version === 1 ? 0 : CHAIN_HASH_SIZE_OCTETS;
  if (octets.length < 1 + RECORD_SIZE_OCTETS + 6 + chainSize + (version < 3 ? 0 : 2)) {
    throw new LockError('length', 'a flash image is cut off');
  }
  const reader = new Reader(octets.slice(1));
  const record = readRecord(reader);
  const eventSequence = reader.uint('event sequence', 4);
  const hash = reader.octets('chain', chainSize);
  const chain = hash.some((octet) => octet !== 0) ? hash : undefined;
  const access = version < 3 ? EMPTY_ACCESS : readAccess(reader);
  const count = reader.uint('events', 2);
  if (reader.left !== 16 * count) throw new LockError('length', 'a flash image is cut off or too long');
  const events = Array.from({ length: count }, () => decodeEvent(reader.octets('event', 16)));
  return { record, access, events, eventSequence, chain };
}

/** @throws LockError `length`, `range` */
function readAccess(reader: Reader): AccessRecord {
  const sizeOctets = reader.uint('access length', 2);
  if (reader.left < sizeOctets + 2) throw new LockError('length', 'a flash image is cut off');
  try {
    return decodeAccessRecord(reader.octets('access', sizeOctets));
  } catch (error) {
    if (error instanceof AccessError) throw new LockError(error.code, error.message);
    throw error;
  }
}

function writeRecord(writer: Writer, record: DeviceRecord): void {
  writeSlot(writer, record.active);
  writeSlot(writer, record.pending);
  writer
    .uint('reset count', record.resetCount, 4)
    .uint('time floor', record.timeFloorS, 4)
    .uint('clock sign', record.clockOffsetMs < 0 ? 1 : 0, 1)
    .uint('clock offset', Math.abs(record.clockOffsetMs), 6)
    .uint('beacon reserve', record.beaconReserve, 4)
    .uint('legacy counter', record.legacyCounter, 4)
    .uint('auto-relock', record.autoRelockS, 2)
    .uint('held open', record.heldOpenS, 2);
}

function readRecord(reader: Reader): DeviceRecord {
  const active = readSlot(reader);
  const pending = readSlot(reader);
  const resetCount = reader.uint('reset count', 4);
  const timeFloorS = reader.uint('time floor', 4);
  const sign = reader.uint('clock sign', 1);
  if (sign > 1) throw new LockError('range', 'a sign is 0 or 1');
  const magnitudeMs = reader.uint('clock offset', 6);
  if (sign === 1 && magnitudeMs === 0) throw new LockError('range', 'an offset of nothing has no sign');
  return {
    active,
    pending,
    resetCount,
    timeFloorS,
    clockOffsetMs: sign === 1 ? -magnitudeMs : magnitudeMs,
    beaconReserve: reader.uint('beacon reserve', 4),
    legacyCounter: reader.uint('legacy counter', 4),
    autoRelockS: reader.uint('auto-relock', 2),
    heldOpenS: reader.uint('held open', 2),
  };
}

/** present(1) keyVersion(4) key(16). */
function writeSlot(writer: Writer, slot: KeySlot | undefined): void {
  writer
    .uint('slot', slot === undefined ? 0 : 1, 1)
    .uint('key version', slot?.keyVersion ?? 0, 4)
    .octets('key', slot?.key.reveal() ?? new Uint8Array(16), 16);
}

function readSlot(reader: Reader): KeySlot | undefined {
  const present = reader.uint('slot', 1);
  const keyVersion = reader.uint('key version', 4);
  const key = reader.octets('key', 16);
  if (present > 1) throw new LockError('range', 'a slot is empty or full');
  if (present === 0 && (keyVersion !== 0 || key.some((octet) => octet !== 0))) {
    throw new LockError('range', 'an empty slot holds zeros');
  }
  return present === 1 ? { keyVersion, key: new Secret(key) } : undefined;
}
