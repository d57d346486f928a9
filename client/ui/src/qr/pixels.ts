import type { Pixels } from './read-qr.ts';

/** Longest side of a picture that is looked at, pixels: a code that fills a fifth of it is still read. */
const SIDE_MOST_PX = { frame: 960, file: 1_600 } as const;

/** The pixels of a frame or picture of `width` x `height`, made smaller where it is larger than needs be; undefined where it has none yet. */
export function pixelsOf(
  source: CanvasImageSource,
  { width, height }: { readonly width: number; readonly height: number },
  of: 'frame' | 'file',
  canvas: HTMLCanvasElement = document.createElement('canvas'),
): Pixels | undefined {
  const scale = Math.min(1, SIDE_MOST_PX[of] / Math.max(width, height));
  const side = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (side.width === 0 || side.height === 0) return undefined;
  canvas.width = side.width;
  canvas.height = side.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(source, 0, 0, side.width, side.height);
  return context.getImageData(0, 0, side.width, side.height);
}
