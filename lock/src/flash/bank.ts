import { concat, equal, Reader, Writer } from '@cardea/kit-octets';
import { VirtualLockError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { ERASED, type Flash } from './flash.ts';

/**
 * One bank: head(12) and then records, written one after the other.
 *
 *     head    "CLK1" generation(4) crc(4)            written last, when the bank's first record (a snapshot) is there
 *     record  length(2) sequence(4) payload crc(4)   crc over all before it; sequence from 0, without gaps
 */
export interface Bank {
  readonly first: number;
  readonly sizeOctets: number;
}

const MAGIC = Uint8Array.of(0x43, 0x4c, 0x4b, 0x31);
const HEAD_OCTETS = 12;
const RECORD_OVERHEAD_OCTETS = 10;
/** The longest payload: a snapshot with a full ring and full lists of what the lock enforces, sealed. */
const PAYLOAD_LIMIT_OCTETS = 48_000;

/** What a scan found in a bank. */
export interface Scanned {
  readonly payloads: readonly Uint8Array[];
  /** Where the next record goes, as an offset in the bank. */
  readonly end: number;
  /** A torn record follows: nothing may be written after it before the next compaction. */
  readonly torn: boolean;
}

/** The two banks of a flash. */
export function banksOf(flash: Flash): readonly [Bank, Bank] {
  const sizeOctets = (flash.sectors / 2) * flash.sectorOctets;
  return [
    { first: 0, sizeOctets },
    { first: sizeOctets, sizeOctets },
  ];
}

/** Reads a bank. @throws VirtualLockError `flash_corrupt` when a record in the middle is damaged */
export function scanBank(flash: Flash, bank: Bank): Scanned {
  const octets = flash.read(bank.first, bank.sizeOctets);
  const payloads: Uint8Array[] = [];
  let at = HEAD_OCTETS;
  for (;;) {
    const size = at + RECORD_OVERHEAD_OCTETS <= octets.length ? readUint(octets, at, 2) : 0xffff;
    const whole = size <= PAYLOAD_LIMIT_OCTETS && at + RECORD_OVERHEAD_OCTETS + size <= octets.length;
    const crcAt = at + 6 + size;
    if (!whole || readUint(octets, crcAt, 4) !== crc32(octets.subarray(at, crcAt))) {
      // A cut leaves erased octets behind what it tore. Anything else there was not a cut.
      if (whole && payloads.length > 0 && !isErased(octets.subarray(crcAt + 4))) throw damaged();
      break;
    }
    if (readUint(octets, at + 2, 4) !== payloads.length) throw damaged();
    payloads.push(octets.slice(at + 6, crcAt));
    at = crcAt + 4;
  }
  return { payloads, end: at, torn: !isErased(octets.subarray(at)) };
}

/** Octets that a record takes. */
export function recordOctets(payload: Uint8Array): number {
  return payload.length + RECORD_OVERHEAD_OCTETS;
}

/** Writes a record at an offset. The caller has seen that it fits. */
export function writeRecord(flash: Flash, bank: Bank, at: number, sequence: number, payload: Uint8Array): number {
  if (payload.length > PAYLOAD_LIMIT_OCTETS || at + recordOctets(payload) > bank.sizeOctets) {
    throw new VirtualLockError('flash_full', `a record of ${payload.length} octets does not fit`);
  }
  const body = new Writer()
    .uint('length', payload.length, 2)
    .uint('sequence', sequence, 4)
    .octets('payload', payload)
    .done();
  flash.write(bank.first + at, concat(body, new Writer().uint('crc', crc32(body), 4).done()));
  return at + recordOctets(payload);
}

/** Starts a bank afresh with a snapshot; it counts from the moment its head is whole. Answers where the next record goes. */
export function startBank(flash: Flash, bank: Bank, generation: number, snapshot: Uint8Array): number {
  const sector = bank.first / flash.sectorOctets;
  // The head's sector first: a bank half erased must not look like one that counts.
  for (let i = 0; i < bank.sizeOctets / flash.sectorOctets; i++) flash.erase(sector + i);
  const end = writeRecord(flash, bank, HEAD_OCTETS, 0, snapshot);
  const head = new Writer().octets('magic', MAGIC).uint('generation', generation, 4).done();
  flash.barrier();
  flash.write(bank.first, concat(head, new Writer().uint('crc', crc32(head), 4).done()));
  return end;
}

/** The generation in a bank's head; undefined when the head was never finished, or is being erased. */
export function bankGeneration(flash: Flash, bank: Bank): number | undefined {
  const octets = flash.read(bank.first, HEAD_OCTETS);
  if (!equal(octets.subarray(0, 4), MAGIC)) return undefined;
  return readUint(octets, 8, 4) === crc32(octets.subarray(0, 8)) ? readUint(octets, 4, 4) : undefined;
}

function readUint(octets: Uint8Array, at: number, sizeOctets: number): number {
  return new Reader(octets.subarray(at, at + sizeOctets)).uint('field', sizeOctets);
}

function isErased(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === ERASED);
}

function damaged(): VirtualLockError {
  return new VirtualLockError('flash_corrupt', 'a record in the middle of the log is damaged');
}
