/** A picture as a canvas has it: red, green, blue, opacity of each pixel, an octet each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Time that one look may take, milliseconds: a camera's page stays smooth, a picture from a file is looked at longer. */
const LOOK_MS = { frame: 25, file: 1_500 } as const;

/**
 * The text of the QR code in a picture; undefined where there is none that can be read. The decoder is loaded when it is
 * first asked for.
 */
export async function readQr(
  { width, height, data }: Pixels,
  of: 'frame' | 'file' = 'file',
): Promise<string | undefined> {
  const { default: decodeQr } = await import('qr/decode.js');
  try {
    return decodeQr(
      // By name: what a canvas gives is no plain object, and spread out it would lose its sides.
      { width, height, data },
      { format: 'RGBA', timeLimit: LOOK_MS[of], ...(of === 'file' && { effort: FILE_EFFORT }) },
    );
  } catch {
    // The decoder throws for every picture without a code, and says no more than that.
    return undefined;
  }
}

/** Hypotheses that are tried on a picture that does not move. */
const FILE_EFFORT = 8;
