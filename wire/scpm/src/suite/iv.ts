/** How the 16 octets of an IV are made of the SNF; Figure 11 is lost, so each reading is an option. */
export type IvLayout = 'repeat' | 'leftZero' | 'rightZero';

/** The layouts that there are; `repeat` is the default. */
export const IV_LAYOUTS: readonly IvLayout[] = ['repeat', 'leftZero', 'rightZero'];

/** `repeat`: SNF four times; `leftZero`: 12 zeros, SNF; `rightZero`: SNF, 12 zeros; SNF big-endian (8.1.6). */
export function ivOf(snf: number, layout: IvLayout): Uint8Array {
  const iv = new Uint8Array(16);
  const view = new DataView(iv.buffer);
  const places = layout === 'repeat' ? [0, 4, 8, 12] : layout === 'leftZero' ? [12] : [0];
  for (const at of places) view.setUint32(at, snf);
  return iv;
}
