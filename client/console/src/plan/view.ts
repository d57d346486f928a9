import type { Box, Point } from './layout.ts';

/** What is seen of a sheet: the point of the sheet at the upper left corner, and how many CSS pixels one unit takes. */
export interface View extends Point {
  readonly scale: number;
}

/** A size in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const MIN_SCALE = 0.5;
const MAX_SCALE = 60;
const EDGE_PX = 16;
/** So much of the sheet, in pixels, stays in sight however far it is moved. */
const KEPT_PX = 80;

/** The whole sheet in the middle; at most life-size, so that three doors do not fill a wall. */
export function fit(sheet: Box, size: Size): View {
  const scale = clamp(
    Math.min(
      (size.width - 2 * EDGE_PX) / Math.max(1, sheet.width),
      (size.height - 2 * EDGE_PX) / Math.max(1, sheet.height),
    ),
    MIN_SCALE,
    MAX_SCALE / 3,
  );
  return {
    scale,
    x: sheet.x + sheet.width / 2 - size.width / 2 / scale,
    y: sheet.y + sheet.height / 2 - size.height / 2 / scale,
  };
}

/** Larger or smaller by a factor; the point of the sheet below `at` (pixels) stays there. */
export function zoom(view: View, factor: number, at: Point): View {
  const scale = clamp(view.scale * factor, MIN_SCALE, MAX_SCALE);
  return { scale, x: view.x + at.x / view.scale - at.x / scale, y: view.y + at.y / view.scale - at.y / scale };
}

/** Moved by so many pixels, as a hand moves a sheet of paper; never quite off it. */
export function move(view: View, byPx: Point, sheet: Box, size: Size): View {
  const kept = KEPT_PX / view.scale;
  return {
    scale: view.scale,
    x: clamp(view.x - byPx.x / view.scale, sheet.x - size.width / view.scale + kept, sheet.x + sheet.width - kept),
    y: clamp(view.y - byPx.y / view.scale, sheet.y - size.height / view.scale + kept, sheet.y + sheet.height - kept),
  };
}

/** Moved no further than to bring a point into sight, `marginPx` from the edges. */
export function reveal(view: View, point: Point, size: Size, marginPx: number): View {
  const at = toScreen(view, point);
  const dx = at.x < marginPx ? at.x - marginPx : Math.max(0, at.x - (size.width - marginPx));
  const dy = at.y < marginPx ? at.y - marginPx : Math.max(0, at.y - (size.height - marginPx));
  return { scale: view.scale, x: view.x + dx / view.scale, y: view.y + dy / view.scale };
}

/** Where a point of the sheet is, in pixels. */
export function toScreen(view: View, point: Point): Point {
  return { x: (point.x - view.x) * view.scale, y: (point.y - view.y) * view.scale };
}

/** The point of the sheet below a pixel. */
export function toSheet(view: View, at: Point): Point {
  return { x: view.x + at.x / view.scale, y: view.y + at.y / view.scale };
}

/** Between two bounds; where they cross, in the middle. */
function clamp(value: number, from: number, to: number): number {
  return from > to ? (from + to) / 2 : Math.min(to, Math.max(from, value));
}
