/** A screen in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
  /** A touch screen whose browser obeys the viewport element of the page. */
  readonly touch: boolean;
}

/** A telephone held upright. */
export const PHONE: Size = { width: 390, height: 844, touch: true };

/** The narrowest screen that every page has to bear. */
export const NARROW: Size = { width: 360, height: 740, touch: true };

/** The screen of a reception desk. */
export const DESK: Size = { width: 1440, height: 900, touch: false };
