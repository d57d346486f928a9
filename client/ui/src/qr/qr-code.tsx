import { encodeQR } from 'qr';
import { type ReactNode, useMemo } from 'react';

/** Light modules around the code that a reader needs (ISO/IEC 18004, 9.1). */
const QUIET_MODULES = 4;

/** A QR code as a picture, black on white in both schemes so that every reader takes it. `label` says what it is. */
export function QrCode({
  text,
  label,
  sizePx = 200,
}: {
  readonly text: string;
  readonly label: string;
  readonly sizePx?: number;
}): ReactNode {
  const { modules, path } = useMemo(() => drawnOf(text), [text]);
  const side = modules + 2 * QUIET_MODULES;
  return (
    <svg
      role="img"
      aria-label={label}
      width={sizePx}
      height={sizePx}
      viewBox={`${-QUIET_MODULES} ${-QUIET_MODULES} ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect x={-QUIET_MODULES} y={-QUIET_MODULES} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function drawnOf(text: string): { readonly modules: number; readonly path: string } {
  const matrix = encodeQR(text, 'raw', { border: 0, ecc: 'medium' });
  const path = matrix.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { modules: matrix.length, path };
}
