import { equal } from '@cardea/kit-octets';
import { type AddressSize, isGroupAddress } from '../address.ts';
import { ScpmError } from '../errors.ts';
import { decodePlainFrame, decodeSecureFrame, isSecure, type PlainFrame, type SecureFrame } from '../frame.ts';
import { takeResponse } from './ask.ts';
import type { Role } from './role.ts';
import { serveRequest } from './serve.ts';
import type { Turn } from './turn.ts';

/**
 * Takes a frame from the medium. Malformed frames, frames to another node or to a group of nodes (8.2.1), and frames
 * that come back to their sender change nothing and are answered by nothing.
 */
export function receive(turn: Turn, role: Role, octets: Uint8Array): void {
  const { address, settings } = turn.state;
  const frame = decode(octets, settings.addressSize);
  if (frame === undefined || !isFor(address, frame)) return;
  if ('adata' in frame) role.ordinary(frame.sa.slice(), frame.adata.slice());
  else if (frame.response) takeResponse(turn, role, frame);
  else serveRequest(turn, role, frame, octets);
}

function decode(octets: Uint8Array, addressSize: AddressSize): SecureFrame | PlainFrame | undefined {
  try {
    return isSecure(octets) ? decodeSecureFrame(octets, addressSize) : decodePlainFrame(octets, addressSize);
  } catch (error) {
    if (error instanceof ScpmError) return undefined;
    throw error;
  }
}

function isFor(own: Uint8Array, { sa, da }: { readonly sa: Uint8Array; readonly da: Uint8Array }): boolean {
  return equal(da, own) && !equal(sa, own) && !isGroupAddress(da);
}
