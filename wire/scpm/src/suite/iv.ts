/** How the 16 octets of an IV are made of the SNF; Figure 11 is lost, so each reading is an option. */
export type IvLayout = 'repeat' | 'leftZero' | 'rightZero';

/** The layouts that there are; `repeat` is the default. */
export const IV_LAYOUTS: readonly IvLayout[] = ['repeat', 'leftZero', 'rightZero'];

/** `repeat`: SNF four times; `leftZero`: 12 zeros, SNF; `rightZero`: SNF, 12 zeros; SNF big-endian (8.1.6). */
export function ivOf(snf: number, layout: IvLayout): Uint8Array {
  const iv = new Uint8Array(16);
  const first = layout === 'leftZero' ? 12 : 0;
  const end = layout === 'rightZero' ? 4 : 16;
  for (let at = first; at < end; at += 4) {
    iv[at] = snf >>> 24;
    iv[at + 1] = snf >>> 16;
    iv[at + 2] = snf >>> 8;
    iv[at + 3] = snf;
  }
  return iv;
}
