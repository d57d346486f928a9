import type { Hue } from '../doors/signs.ts';

/** The colours of a plan, as CSS has them. */
export interface Palette {
  readonly ground: string;
  readonly corridor: string;
  readonly line: string;
  readonly text: string;
  readonly dimmed: string;
  readonly focus: string;
  readonly mark: string;
  readonly alarmOutline: string;
  readonly fill: Readonly<Record<Hue, string>>;
  readonly stroke: Readonly<Record<Hue, string>>;
}

/** The colours that hold at an element now; read once a colour scheme, not once a frame. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  const each = (part: 'fill' | 'line'): Record<Hue, string> => ({
    calm: of(`--sign-calm-${part}`),
    attention: of(`--sign-attention-${part}`),
    alarm: of(`--sign-alarm-${part}`),
    fault: of(`--sign-fault-${part}`),
    none: of(`--sign-none-${part}`),
  });
  return {
    ground: of('--cardea-surface'),
    corridor: of('--cardea-quiet-soft'),
    line: of('--cardea-line'),
    text: of('--mantine-color-text'),
    dimmed: of('--mantine-color-dimmed'),
    focus: of('--mantine-color-anchor'),
    mark: of('--cardea-bad'),
    alarmOutline: of('--sign-outline-alarm'),
    fill: each('fill'),
    stroke: each('line'),
  };
}
