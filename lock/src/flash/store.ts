import { VirtualLockError } from '../errors.ts';
import {
  type Bank,
  bankGeneration,
  banksOf,
  recordOctets,
  type Scanned,
  scanBank,
  startBank,
  writeRecord,
} from './bank.ts';
import type { Flash } from './flash.ts';

/** What is kept, as octets: a snapshot of all of it, and one change. */
export interface DurableCodec<Durable, Change> {
  readonly factory: Durable;
  apply(durable: Durable, change: Change): Durable;
  encodeState(durable: Durable): Uint8Array;
  decodeState(octets: Uint8Array): Durable;
  encodeChange(change: Change): Uint8Array;
  decodeChange(octets: Uint8Array): Change;
  /** Whether nothing of what was before this change may stay on the flash: both banks are then written afresh. */
  erases?(change: Change): boolean;
}

/** Seals what is written; `place` is bound in, so that no record can be moved to another. */
export interface FlashSeal {
  seal(place: { readonly generation: number; readonly sequence: number }, octets: Uint8Array): Uint8Array;
  /** Undefined when it is not authentic. */
  open(place: { readonly generation: number; readonly sequence: number }, sealed: Uint8Array): Uint8Array | undefined;
}

/** What a lock keeps without power. */
export interface DurableStore<Durable, Change> {
  readonly durable: Durable;
  /** Writes a change whole or, at a power cut, not at all. @throws VirtualLockError */
  commit(change: Change): void;
}

/**
 * A log of changes in two banks. A change is one record; when the bank is full, the other gets a snapshot and its head
 * last. So a power cut at any octet leaves what was before the change or what is after it, and never less.
 * @throws VirtualLockError `flash_corrupt`: better no lock that opens than one that has forgotten its counters
 */
export function openDurableStore<Durable, Change>(
  flash: Flash,
  codec: DurableCodec<Durable, Change>,
  seal: FlashSeal,
): DurableStore<Durable, Change> {
  const banks = banksOf(flash);
  let durable = codec.factory;
  let current: { bank: Bank; generation: number; end: number; sequence: number } | undefined;

  const compact = (): void => {
    const generation = (current?.generation ?? 0) + 1;
    const bank = current?.bank === banks[0] ? banks[1] : banks[0];
    const snapshot = seal.seal({ generation, sequence: 0 }, codec.encodeState(durable));
    const end = startBank(flash, bank, generation, snapshot);
    current = { bank, generation, end, sequence: 1 };
  };

  const found = newest(flash, banks);
  if (found === undefined) compact();
  else {
    const { bank, generation, scanned } = found;
    for (const [sequence, payload] of scanned.payloads.entries()) {
      const octets = seal.open({ generation, sequence }, payload);
      if (octets === undefined) throw new VirtualLockError('flash_corrupt', 'a record is not authentic');
      durable = sequence === 0 ? codec.decodeState(octets) : codec.apply(durable, codec.decodeChange(octets));
    }
    current = { bank, generation, end: scanned.end, sequence: scanned.payloads.length };
    if (scanned.torn) compact();
  }

  return {
    get durable() {
      return durable;
    },
    commit(change) {
      const next = codec.apply(durable, change);
      if (current === undefined) throw new VirtualLockError('flash_corrupt', 'the store is not open');
      const { bank, generation, end, sequence } = current;
      const payload = seal.seal({ generation, sequence }, codec.encodeChange(change));
      durable = next;
      if (codec.erases?.(change) === true) {
        compact();
        compact();
      } else if (end + recordOctets(payload) > bank.sizeOctets) compact();
      else current = { ...current, end: writeRecord(flash, bank, end, sequence, payload), sequence: sequence + 1 };
    },
  };
}

/** The bank that counts: of those with a whole head, the one of the highest generation. */
function newest(
  flash: Flash,
  banks: readonly [Bank, Bank],
): { bank: Bank; generation: number; scanned: Scanned } | undefined {
  let best: { bank: Bank; generation: number } | undefined;
  for (const bank of banks) {
    const generation = bankGeneration(flash, bank);
    if (generation !== undefined && (best === undefined || generation > best.generation)) best = { bank, generation };
  }
  if (best === undefined) return undefined;
  const scanned = scanBank(flash, best.bank);
  // Its head was written after its snapshot, so a missing snapshot is damage; an older bank would be a step back.
  if (scanned.payloads.length === 0) throw new VirtualLockError('flash_corrupt', 'the snapshot is damaged');
  return { ...best, scanned };
}
