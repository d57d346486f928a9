import { encodeQR } from 'qr';

/** Light modules around the code that a reader needs (ISO/IEC 18004, 9.1). */
const QUIET_MODULES = 4;

/** A QR code with its quiet zone as an SVG path, a square of one unit for each dark module, and the length of its side. */
export function qrPath(text: string): { readonly sideModules: number; readonly path: string } {
  const matrix = encodeQR(text, 'raw', { border: QUIET_MODULES, ecc: 'medium' });
  const path = matrix.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { sideModules: matrix.length, path };
}
