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

/** What an erased octet reads as. */
export const ERASED = 0xff;

/** Sectors and their size in a virtual lock: two banks of 32 kB. */
export const LOCK_FLASH = { sectorOctets: 4_096, sectors: 16 } as const;
