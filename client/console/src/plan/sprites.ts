import type { DoorState } from '@cardea/client-sdk';
import { MARK_RADIUS, MARKS, marksOf, SIGNS, STALE_HATCH } from '../doors/signs.ts';
import type { Palette } from './palette.ts';

/** A sign is drawn in a square of 28: 24 of its own, and room for the marks at its corners. */
const SQUARE = 28;
/** Below this many pixels a glyph is a smudge: the shape alone is drawn. */
const GLYPH_FROM_PX = 12;

/** Draws each kind of sign once a size, and hands the picture out again: 2,000 doors are 2,000 copies, not drawings. */
export class Sprites {
  readonly #palette: Palette;
  readonly #pictures = new Map<string, HTMLCanvasElement>();
  #px = 0;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  /** The picture of a state, `px` device pixels wide and high. */
  of(state: DoorState, px: number): HTMLCanvasElement {
    if (px !== this.#px) {
      this.#pictures.clear();
      this.#px = px;
    }
    const marks = px < GLYPH_FROM_PX ? [] : marksOf(state);
    const key = `${state.sign} ${state.stale !== null} ${marks.join()}`;
    let picture = this.#pictures.get(key);
    if (picture === undefined) {
      picture = this.#draw(state, marks, px);
      this.#pictures.set(key, picture);
    }
    return picture;
  }

  #draw({ sign, stale }: DoorState, marks: ReturnType<typeof marksOf>, px: number): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.width = px;
    canvas.height = px;
    const context = canvas.getContext('2d');
    if (context === null) return canvas;
    const { shape, glyph, hue } = SIGNS[sign];
    const { fill, stroke, alarmOutline, ground, mark } = this.#palette;
    const path = new Path2D(shape);
    context.scale(px / SQUARE, px / SQUARE);
    context.translate(2, 2);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.fillStyle = fill[hue];
    context.fill(path);
    context.strokeStyle = hue === 'alarm' ? alarmOutline : stroke[hue];
    context.lineWidth = 1.6;
    if (stale !== null) {
      context.save();
      context.clip(path);
      context.globalAlpha = 0.55;
      context.lineWidth = px < GLYPH_FROM_PX ? 3 : 1;
      context.stroke(new Path2D(STALE_HATCH));
      context.restore();
      context.setLineDash([3, 2]);
    }
    context.stroke(path);
    context.setLineDash([]);
    if (px < GLYPH_FROM_PX) return canvas;
    context.strokeStyle = stroke[hue];
    context.lineWidth = 1.8;
    context.stroke(new Path2D(glyph));
    context.strokeStyle = mark;
    for (const { at, glyph: lines } of marks.map((one) => MARKS[one])) {
      context.beginPath();
      context.arc(at[0], at[1], MARK_RADIUS, 0, 2 * Math.PI);
      context.fillStyle = ground;
      context.fill();
      context.lineWidth = 1.2;
      context.stroke();
      context.lineWidth = 1.4;
      context.stroke(new Path2D(lines));
    }
    return canvas;
  }
}
