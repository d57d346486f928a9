import { Reader, Writer } from '@cardea/kit-octets';
import type { LockEvent, RingChange } from '@cardea/wire-profile';
import { VirtualLockError } from '../errors.ts';

/** How a maker's parts of a change are written. */
export interface ChangeParts<Record> {
  encodeRecord(record: Record): Uint8Array;
  decodeRecord(octets: Uint8Array): Record;
  encodeEvent(event: LockEvent): Uint8Array;
  decodeEvent(octets: Uint8Array): LockEvent;
}

const KINDS = { record: 1, event: 2, forget: 3, reset: 4, chained: 5 } as const;
const CHAIN_SIZE_OCTETS = 32;

/** A change as octets: kind(1), then the record, the event (after its chain(32), if it has one), or the sequences (4 each). */
export function encodeChange<Record>(parts: ChangeParts<Record>, change: RingChange<Record>): Uint8Array {
  const chained = change.kind === 'event' && change.chain !== undefined;
  const writer = new Writer().uint('kind', KINDS[chained ? 'chained' : change.kind], 1);
  switch (change.kind) {
    case 'record':
    case 'reset':
      return writer.octets('record', parts.encodeRecord(change.record)).done();
    case 'event':
      if (change.chain !== undefined) writer.octets('chain', change.chain, CHAIN_SIZE_OCTETS);
      return writer.octets('event', parts.encodeEvent(change.event)).done();
    case 'forget':
      for (const sequence of change.sequences) writer.uint('sequence', sequence, 4);
      return writer.done();
  }
}

/** The inverse of {@link encodeChange}. @throws VirtualLockError `flash_corrupt`, and what the parts throw */
export function decodeChange<Record>(parts: ChangeParts<Record>, octets: Uint8Array): RingChange<Record> {
  const reader = new Reader(octets);
  const kind = reader.uint('kind', 1);
  switch (kind) {
    case KINDS.record:
      return { kind: 'record', record: parts.decodeRecord(reader.rest()) };
    case KINDS.reset:
      return { kind: 'reset', record: parts.decodeRecord(reader.rest()) };
    case KINDS.event:
      return { kind: 'event', event: parts.decodeEvent(reader.rest()) };
    case KINDS.chained: {
      const chain = reader.octets('chain', CHAIN_SIZE_OCTETS);
      return { kind: 'event', chain, event: parts.decodeEvent(reader.rest()) };
    }
    case KINDS.forget: {
      const sequences: number[] = [];
      while (reader.left > 0) sequences.push(reader.uint('sequence', 4));
      return { kind: 'forget', sequences };
    }
    default:
      throw new VirtualLockError('flash_corrupt', `a change of kind ${kind}`);
  }
}
