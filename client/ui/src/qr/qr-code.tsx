import { type ReactNode, useMemo } from 'react';
import { qrPath } from './qr-path.ts';

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
  const { sideModules, path } = useMemo(() => qrPath(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      width={sizePx}
      height={sizePx}
      viewBox={`0 0 ${sideModules} ${sideModules}`}
      shapeRendering="crispEdges"
    >
      <rect width={sideModules} height={sideModules} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
