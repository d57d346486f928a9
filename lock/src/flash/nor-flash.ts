import { VirtualLockError } from '../errors.ts';
import { ERASED, type Flash, type FlashSize, LOCK_FLASH } from './flash.ts';

/** A simulated NOR flash whose power can be cut at any octet. */
export interface NorFlash extends Flash {
  /** Octets written or erased since it was made. */
  readonly touchedOctets: number;
  /** Cuts the power when this many more octets have been touched; the last one is left half written. */
  cutAfter(octets: number): void;
  /** Power is back. */
  powerOn(): void;
  /** What is on the chip. */
  image(): Uint8Array;
}

/** A simulated NOR flash in memory, erased or with a former image. */
export function createNorFlash(
  { sectorOctets, sectors }: FlashSize = LOCK_FLASH,
  image: Uint8Array = new Uint8Array(sectorOctets * sectors).fill(ERASED),
): NorFlash {
  const cells = image.slice();
  let touched = 0;
  let cutAt: number | undefined;
  let powered = true;

  const needPower = (): void => {
    if (!powered) throw new VirtualLockError('power_cut', 'the flash has no power');
  };
  /** Sets one octet, or half of it when the power goes. */
  const touch = (address: number, value: number): void => {
    touched++;
    if (cutAt !== undefined && touched > cutAt) {
      powered = false;
      const before = cells[address] ?? ERASED;
      cells[address] = (before & 0xf0) | (value & 0x0f);
      throw new VirtualLockError('power_cut', 'the power was cut');
    }
    cells[address] = value;
  };
  const within = (address: number, size: number): void => {
    if (address < 0 || address + size > cells.length) throw new RangeError('outside the flash');
  };

  return {
    sectorOctets,
    sectors,
    get touchedOctets() {
      return touched;
    },
    read(address, sizeOctets) {
      needPower();
      within(address, sizeOctets);
      return cells.slice(address, address + sizeOctets);
    },
    write(address, octets) {
      needPower();
      within(address, octets.length);
      for (const [at, octet] of octets.entries()) touch(address + at, (cells[address + at] ?? ERASED) & octet);
    },
    erase(sector) {
      needPower();
      within(sector * sectorOctets, sectorOctets);
      for (let at = 0; at < sectorOctets; at++) {
        const address = sector * sectorOctets + at;
        if (cells[address] !== ERASED) touch(address, ERASED);
      }
    },
    barrier() {},
    flush: () => Promise.resolve(),
    cutAfter(octets) {
      cutAt = touched + octets;
    },
    powerOn() {
      powered = true;
      cutAt = undefined;
    },
    image: () => cells.slice(),
  };
}
