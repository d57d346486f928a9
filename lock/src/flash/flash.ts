/**
 * A NOR flash: reads and writes by octet, erases by sector. An erased octet is FF; a write can only clear bits, so each
 * octet is written once between two erasures.
 */
export interface Flash {
  readonly sectorOctets: number;
  readonly sectors: number;
  read(address: number, sizeOctets: number): Uint8Array;
  /** Octets are written in growing order; a power cut may come after any of them. */
  write(address: number, octets: Uint8Array): void;
  erase(sector: number): void;
  /** What was written before survives whenever something written after does. */
  barrier(): void;
  /** Resolves when everything written so far survives a power cut. */
  flush(): Promise<void>;
}

/** Sectors of a flash, and octets of each. */
export interface FlashSize {
  readonly sectorOctets: number;
  readonly sectors: number;
}

/** What an erased octet reads as. */
export const ERASED = 0xff;

/** Sectors and their size in a virtual lock: two banks of 64 kB. */
export const LOCK_FLASH: FlashSize = { sectorOctets: 4_096, sectors: 32 };

/** Sectors and their size of what a virtual lock keeps of SCPM: two banks of 32 kB, enough for every peer and key. */
export const SCPM_FLASH: FlashSize = { sectorOctets: 4_096, sectors: 16 };

/** The image of a smaller flash on this one: each half of it begins the half of the larger, and the rest is erased. */
export function enlarged(image: Uint8Array, sizeOctets: number): Uint8Array {
  const half = image.length / 2;
  const cells = new Uint8Array(sizeOctets).fill(ERASED);
  cells.set(image.subarray(0, half), 0);
  cells.set(image.subarray(half), sizeOctets / 2);
  return cells;
}
