import { ADDRESS_SIZES, type AddressSize } from './address.ts';
import type { FrameHead } from './frame.ts';
import { HD, readableHeader } from './header.ts';

/** SHD, SNF, and of a body PBC and BCC: a secure frame has no less after its BC. */
const SECURE_MIN_OCTETS = 6 + 2;

/** The address sizes with which the BC of a frame counts the octets that are there; one of them for a whole frame. */
export function fittingAddressSizes(octets: Uint8Array): readonly AddressSize[] {
  return ADDRESS_SIZES.filter((size) => {
    const at = 1 + 2 * size;
    const payload = octets.length - (at + 2);
    if (payload < (octets[0] === HD.secure ? SECURE_MIN_OCTETS : 0)) return false;
    return payload === (((octets[at] as number) << 8) | (octets[at + 1] as number));
  });
}

/**
 * What a frame says in clear, as far as it is there, for people who look for a fault: nothing is verified, a field that
 * is cut off or contradicts itself is left out. For everything else there are `decodeSecureFrame` and `openFrame`.
 */
export function readableHead(octets: Uint8Array, addressSize: AddressSize): Partial<FrameHead> {
  const shdAt = 3 + 2 * addressSize;
  const part = (at: number, size: number) => (octets.length < at + size ? undefined : octets.subarray(at, at + size));
  const sa = part(1, addressSize);
  const da = part(1 + addressSize, addressSize);
  const shd = octets[0] === HD.secure ? part(shdAt, 2) : undefined;
  const snf = octets[0] === HD.secure ? part(shdAt + 2, 4) : undefined;
  return {
    ...(sa === undefined ? {} : { sa }),
    ...(da === undefined ? {} : { da }),
    ...(shd === undefined ? {} : readableHeader((shd[0] as number) | ((shd[1] as number) << 8))),
    ...(snf === undefined ? {} : { snf: new DataView(snf.buffer, snf.byteOffset).getUint32(0) }),
  };
}
