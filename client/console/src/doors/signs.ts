import type { DoorSign, DoorState } from '@cardea/client-sdk';

/** The colours of the signs; their values for light and dark are in signs.css. */
export type Hue = 'calm' | 'attention' | 'alarm' | 'fault' | 'none';

/** How a sign is drawn, as SVG paths in a square of 24: the same on the plan, in lists and in the legend. */
export interface SignDrawing {
  /** Its outline: each sign has a shape or a glyph of its own, so that nothing rests on colour. */
  readonly shape: string;
  /** What is drawn on it, by lines. */
  readonly glyph: string;
  readonly hue: Hue;
}

const SQUARE = 'M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z';
const CIRCLE = 'M12 2.5a9.5 9.5 0 1 1 0 19a9.5 9.5 0 1 1 0-19z';
const TRIANGLE = 'M12 1.8l10.8 19a1 1 0 0 1-.9 1.5H2.1a1 1 0 0 1-.9-1.5z';
const DIAMOND = 'M12 1.2L22.8 12L12 22.8L1.2 12z';
const DOORWAY = 'M4 2.5h16v19H4z';
const SMALL = 'M12 7a5 5 0 1 1 0 10a5 5 0 1 1 0-10z';

/** The drawing of each sign. */
export const SIGNS: Readonly<Record<DoorSign, SignDrawing>> = {
  locked: { shape: SQUARE, glyph: 'M7.5 11h9v6.5h-9zM9.2 11V8.8a2.8 2.8 0 0 1 5.6 0V11', hue: 'calm' },
  unlocked: { shape: CIRCLE, glyph: 'M7.5 11h9v6.5h-9zM9.2 11V8.3a2.8 2.8 0 0 1 5.2-1.4', hue: 'attention' },
  open: { shape: DOORWAY, glyph: 'M8 21V6.5l7-2v16.5M12.4 12.5v1.2', hue: 'attention' },
  forced: { shape: TRIANGLE, glyph: 'M12 9v6.5M12 18.4v.6', hue: 'alarm' },
  jammed: { shape: DIAMOND, glyph: 'M8.5 8.5l7 7M15.5 8.5l-7 7', hue: 'fault' },
  unknown: { shape: CIRCLE, glyph: 'M9.4 9.6a2.7 2.7 0 1 1 3.7 2.6c-.8.3-1.1.9-1.1 1.8M12 17v.5', hue: 'none' },
  no_lock: { shape: SMALL, glyph: '', hue: 'none' },
};

/** The signs in the order of the legend: what wants attention first. */
export const SIGN_ORDER: readonly DoorSign[] = ['forced', 'jammed', 'open', 'unlocked', 'locked', 'unknown', 'no_lock'];

/** Lines that are drawn across a sign whose state is stale, within its shape. */
export const STALE_HATCH = 'M-2 8L8-2M-2 16L16-2M-2 24L24-2M2 28L26 4M10 28L28 10M18 28L28 18';

/** Small marks at the corners of a sign. */
export type Mark = 'battery' | 'lockdown' | 'passage' | 'tamper';

/** How a mark is drawn: lines in the same square of 24, with a disc of `at` behind them. */
export const MARKS: Readonly<Record<Mark, { readonly at: readonly [x: number, y: number]; readonly glyph: string }>> = {
  battery: { at: [20, 20], glyph: 'M16.8 18.4h5.4v3.2h-5.4zM23.2 19.4v1.2M18.1 19.6v.9' },
  lockdown: { at: [20, 4], glyph: 'M17.5 4h5' },
  passage: { at: [20, 4], glyph: 'M16.8 4h6.4M18.6 2.2L16.8 4l1.8 1.8M21.4 2.2L23.2 4l-1.8 1.8' },
  tamper: { at: [4, 4], glyph: 'M4 1.4v3.2M4 6.2v.4' },
};

/** Radius of the disc behind a mark. */
export const MARK_RADIUS = 5;

/** The marks of a state. */
export function marksOf({ batteryLow, mode, tamper }: DoorState): readonly Mark[] {
  const marks: Mark[] = [];
  if (mode === 'lockdown' || mode === 'passage') marks.push(mode);
  if (tamper) marks.push('tamper');
  if (batteryLow) marks.push('battery');
  return marks;
}
