import { ScpmError } from '../errors.ts';
import { anyIndex, readAlgorithms, reading, writeAlgorithms, writing } from './fields.ts';

/**
 * The one exchange that is taken in plaintext (9.2.1 d), e)): which algorithms a device has under a key.
 * Inquiry: 01 keyIndex(1). Answer: 81 n(1) alg(n), 1 to 16 of them in the device's order.
 */
export type Adata =
  | { readonly kind: 'algorithm-inquiry'; readonly keyIndex: number }
  | { readonly kind: 'algorithms'; readonly algorithms: readonly number[] };

const INQUIRY = 0x01;
const ANSWER = 0x81;

/** @throws ScpmError `range`, `length` */
export function encodeAdata(adata: Adata): Uint8Array {
  return writing((writer) => {
    switch (adata.kind) {
      case 'algorithm-inquiry':
        return writer.uint('op', INQUIRY, 1).uint('keyIndex', anyIndex(adata.keyIndex), 1);
      case 'algorithms':
        return writeAlgorithms(writer.uint('op', ANSWER, 1), adata.algorithms);
    }
  });
}

/** The inverse of {@link encodeAdata}. @throws ScpmError `truncated`, `length`, `range`, `unsupported` (another operation) */
export function decodeAdata(octets: Uint8Array): Adata {
  return reading(octets, 'adata', (reader): Adata => {
    const op = reader.uint('op', 1);
    switch (op) {
      case INQUIRY:
        return { kind: 'algorithm-inquiry', keyIndex: anyIndex(reader.uint('keyIndex', 1)) };
      case ANSWER:
        return { kind: 'algorithms', algorithms: readAlgorithms(reader) };
      default:
        throw new ScpmError('unsupported', 'op', `nothing in plaintext has the operation ${op}`);
    }
  });
}
