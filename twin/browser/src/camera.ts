import { writeFileSync } from 'node:fs';
import { BrowserError } from './errors.ts';

/** A grey picture: one octet a pixel, row by row, 0 black to 255 white. Sides are even numbers, 2 to 1,280 pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** The camera of every page of a browser. */
export interface Camera {
  /** The film that it plays over and over (YUV4MPEG2). */
  readonly file: string;
  /** Puts a picture before it. A page sees it when it next opens the camera. @throws BrowserError `bad-picture` */
  show(picture: Picture): void;
}

const WIDTH = 640;
const HEIGHT = 480;
const MOST_PIXELS = 1_280;

/** A camera that looks at a white wall, until it is shown something. */
export function createCamera(file: string): Camera {
  const show = (picture: Picture): void => writeFileSync(file, encodeFilm(picture));
  show({ width: WIDTH, height: HEIGHT, grey: new Uint8Array(WIDTH * HEIGHT).fill(255) });
  return { file, show };
}

/**
 * A picture of a QR code in the middle of a white sheet of 640 by 480 pixels, as large as fits.
 * @param modules one array a row, true for dark, without the quiet zone
 * @throws BrowserError `bad-picture` when the code has too many modules for the sheet
 */
export function pictureOfModules(modules: readonly (readonly boolean[])[]): Picture {
  const quiet = 4;
  const side = Math.floor(HEIGHT / (modules.length + 2 * quiet));
  if (side < 2) throw new BrowserError('bad-picture', `${modules.length} modules do not fit ${HEIGHT} pixels`);
  const grey = new Uint8Array(WIDTH * HEIGHT).fill(255);
  const left = Math.floor((WIDTH - modules.length * side) / 2);
  const top = Math.floor((HEIGHT - modules.length * side) / 2);
  modules.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (!dark) return;
      for (let line = 0; line < side; line++) {
        const from = (top + y * side + line) * WIDTH + left + x * side;
        grey.fill(0, from, from + side);
      }
    });
  });
  return { width: WIDTH, height: HEIGHT, grey };
}

/** Two frames of it: luma as it is, both chromas (half the sides) neutral. */
function encodeFilm({ width, height, grey }: Picture): Buffer {
  const allowed = (pixels: number): boolean => pixels >= 2 && pixels <= MOST_PIXELS && pixels % 2 === 0;
  if (!allowed(width) || !allowed(height) || grey.length !== width * height) {
    throw new BrowserError('bad-picture', `a picture of ${width} by ${height} has ${grey.length} pixels`);
  }
  const frame = [Buffer.from('FRAME\n'), grey, Buffer.alloc((width * height) / 2, 128)];
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip C420jpeg\n`), ...frame, ...frame]);
}
