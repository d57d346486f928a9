import type { DoorState } from '@cardea/client-sdk';
import { type Box, type Point, type Sheet, SPACING } from './layout.ts';
import type { Palette } from './palette.ts';
import type { At, SpatialIndex } from './spatial.ts';
import type { Sprites } from './sprites.ts';
import { type Size, toScreen, toSheet, type View } from './view.ts';

/** A door on the sheet with what is written beside it. */
export interface PlannedDoor extends At {
  readonly name: string;
}

/** All that a plan is painted from. */
export interface Picture {
  readonly sheet: Sheet;
  readonly index: SpatialIndex<PlannedDoor>;
  readonly stateOf: (id: string) => DoorState | undefined;
  readonly view: View;
  readonly size: Size;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  readonly palette: Palette;
  readonly sprites: Sprites;
  /** The door that the keyboard is at, or that was pointed at. */
  readonly chosen: PlannedDoor | undefined;
  /** A door that is being moved, where it is at the moment; it is not painted where the sheet has it. */
  readonly moved: PlannedDoor | undefined;
  /** What is painted behind the doors of the one floor that is shown, over what somebody has drawn of it. */
  readonly backdrop: CanvasImageSource | undefined;
}

/** How much of a picture behind the doors is seen: a white one is not to glare on a dark page either. */
const BACKDROP_ALPHA = 0.55;
const SIGN_UNITS = 2.7;
const MIN_SIGN_PX = 5;
const MAX_SIGN_PX = 40;
/** Names are written once doors are so far apart, CSS pixels. */
const NAMES_FROM_PX = 34;
/** Nothing of a door is further from its middle, CSS pixels: half the width of a name. */
const REACH_PX = 50;
/** More doors than these are not painted one by one. */
const MANY = 30;
/** Longer names are cut: the whole one is told when the door is chosen. */
const NAME_LENGTH = 9;

/** How large a sign is at a scale, CSS pixels. */
export function signPx(scale: number): number {
  return Math.min(MAX_SIGN_PX, Math.max(MIN_SIGN_PX, SIGN_UNITS * scale));
}

/** Paints what is in sight: floors, corridors, doors; names only where there is room for them. */
export function paint(context: CanvasRenderingContext2D, picture: Picture): void {
  const { ratio, size } = picture;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintPart(context, picture, { x: 0, y: 0, ...size });
}

/** Paints the signs at these places anew over a picture of which nothing else has changed: one door costs one door. */
export function paintAnew(context: CanvasRenderingContext2D, picture: Picture, places: readonly Point[]): void {
  if (places.length > MANY) {
    paint(context, picture);
    return;
  }
  const { ratio, view } = picture;
  const half = signPx(view.scale) / 2 + 1;
  // On whole device pixels, so that nothing is left of an edge and nothing beside it is touched.
  const least = (px: number): number => Math.floor((px - half) * ratio) / ratio;
  const side = Math.ceil((2 * half + 1) * ratio) / ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const place of places) {
    const at = toScreen(view, place);
    const part = { x: least(at.x), y: least(at.y), width: side, height: side };
    context.save();
    context.beginPath();
    context.rect(part.x, part.y, part.width, part.height);
    context.clip();
    paintPart(context, picture, part);
    context.restore();
  }
}

/** Paints all that reaches into a part of the canvas, CSS pixels. */
function paintPart(context: CanvasRenderingContext2D, picture: Picture, part: Box): void {
  const { view, ratio, palette, sheet, index, stateOf, sprites, chosen, moved, backdrop } = picture;
  context.clearRect(part.x, part.y, part.width, part.height);
  const reach = REACH_PX / view.scale;
  const seen = grown(
    { ...toSheet(view, part), width: part.width / view.scale, height: part.height / view.scale },
    reach,
  );
  for (const floor of sheet.floors) {
    if (!touches(floor.box, seen)) continue;
    box(context, view, floor.box, palette.ground, palette.line);
    if (backdrop !== undefined && floor.drawn !== undefined) lay(context, view, backdrop, floor.drawn);
    for (const corridor of floor.corridors) box(context, view, corridor, palette.corridor);
  }

  const px = signPx(view.scale);
  const devicePx = Math.round(px * ratio);
  const still = index.within(seen).filter(({ id }) => id !== moved?.id);
  const visible = moved === undefined ? still : [...still, moved];
  for (const door of visible) {
    const state = stateOf(door.id);
    if (state === undefined) continue;
    const at = toScreen(view, door);
    // On whole device pixels, so that edges stay sharp.
    const x = Math.round((at.x - px / 2) * ratio) / ratio;
    const y = Math.round((at.y - px / 2) * ratio) / ratio;
    context.drawImage(sprites.of(state, devicePx), x, y, devicePx / ratio, devicePx / ratio);
  }
  if (SPACING * view.scale >= NAMES_FROM_PX) writeNames(context, picture, visible, px);
  writeFloors(context, picture);
  const framed = moved ?? chosen;
  if (framed !== undefined) frame(context, toScreen(view, framed), px, palette);
}

/** A picture over a box, as large as that; paler than it is, so that the doors stand out from it. */
function lay(
  context: CanvasRenderingContext2D,
  view: View,
  picture: CanvasImageSource,
  { x, y, width, height }: Box,
): void {
  const at = toScreen(view, { x, y });
  context.globalAlpha = BACKDROP_ALPHA;
  context.drawImage(picture, at.x, at.y, width * view.scale, height * view.scale);
  context.globalAlpha = 1;
}

function writeNames(
  context: CanvasRenderingContext2D,
  { view, palette, backdrop }: Picture,
  doors: readonly PlannedDoor[],
  px: number,
): void {
  context.font = `500 11px ${FONT}`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.fillStyle = palette.text;
  context.strokeStyle = palette.ground;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  for (const door of doors) {
    const at = toScreen(view, door);
    // Readable on whatever lines a picture has there.
    if (backdrop !== undefined) context.strokeText(short(door.name), at.x, at.y + px / 2);
    context.fillText(short(door.name), at.x, at.y + px / 2);
  }
}

const FONT = 'system-ui, sans-serif';

function writeFloors(context: CanvasRenderingContext2D, { view, palette, sheet, size }: Picture): void {
  context.font = `600 12px ${FONT}`;
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillStyle = palette.dimmed;
  for (const { box: ground, name } of sheet.floors) {
    const at = toScreen(view, ground);
    if (at.y < 0 || at.y - 16 > size.height) continue;
    context.fillText(name, Math.max(8, at.x), at.y - 3);
  }
}

function frame(context: CanvasRenderingContext2D, at: Point, px: number, palette: Palette): void {
  const half = px / 2 + 3;
  context.lineWidth = 2.5;
  context.strokeStyle = palette.focus;
  context.beginPath();
  context.roundRect(at.x - half, at.y - half, 2 * half, 2 * half, 6);
  context.stroke();
}

function box(context: CanvasRenderingContext2D, view: View, { x, y, width, height }: Box, fill: string, line?: string) {
  const at = toScreen(view, { x, y });
  context.beginPath();
  context.roundRect(at.x, at.y, width * view.scale, height * view.scale, line === undefined ? 2 : 6);
  context.fillStyle = fill;
  context.fill();
  if (line === undefined) return;
  context.lineWidth = 1;
  context.strokeStyle = line;
  context.stroke();
}

const touches = (a: Box, b: Box): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;

const grown = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

const short = (name: string): string => (name.length <= NAME_LENGTH ? name : `${name.slice(0, NAME_LENGTH - 1)}…`);
