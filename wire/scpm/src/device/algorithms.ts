import { ScpmError } from '../errors.ts';
import { encodePlainFrame } from '../frame.ts';
import { KEY_INDEX } from '../header.ts';
import { type Adata, decodeAdata, encodeAdata } from '../padata/adata.ts';
import type { DeviceTurn } from './device-turn.ts';

/** Answers the inquiry for algorithms in setting mode (9.2.1 d), e)): nothing else is taken in plaintext by SCPM. */
export function answerAlgorithms(turn: DeviceTurn, from: Uint8Array, adata: Uint8Array): void {
  const inquiry = readInquiry(adata);
  if (inquiry === undefined || inquiry.keyIndex !== KEY_INDEX.serial || !turn.isSetting) {
    turn.emit({ kind: 'ordinary', from, adata });
    return;
  }
  const { address, algorithms } = turn.state;
  const octets = encodePlainFrame({ sa: address, da: from, adata: encodeAdata({ kind: 'algorithms', algorithms }) });
  turn.emit({ kind: 'transmit', to: from, octets });
}

function readInquiry(adata: Uint8Array): Extract<Adata, { readonly kind: 'algorithm-inquiry' }> | undefined {
  try {
    const read = decodeAdata(adata);
    return read.kind === 'algorithm-inquiry' ? read : undefined;
  } catch (error) {
    if (error instanceof ScpmError) return undefined;
    throw error;
  }
}
