import './signs.css';
import type { DoorSign as Sign } from '@cardea/client-sdk';
import { type ReactNode, useId } from 'react';
import { MARK_RADIUS, MARKS, type Mark, SIGNS, STALE_HATCH } from './signs.ts';

/** The sign of a door as a picture; the words stand beside it, so that it is hidden from who hears the page. */
export function DoorSign({
  sign,
  stale = false,
  marks = [],
  size = 20,
}: {
  readonly sign: Sign;
  readonly stale?: boolean;
  readonly marks?: readonly Mark[];
  /** Pixels. */
  readonly size?: number;
}): ReactNode {
  const clip = useId();
  const { shape, glyph, hue } = SIGNS[sign];
  const line = `var(--sign-${hue}-line)`;
  const outline = hue === 'alarm' ? 'var(--sign-outline-alarm)' : line;
  return (
    <svg className="door-sign" viewBox="-2 -2 28 28" width={size} height={size} aria-hidden="true">
      <path
        d={shape}
        fill={`var(--sign-${hue}-fill)`}
        stroke={outline}
        strokeWidth={1.6}
        strokeDasharray={stale ? '3 2' : undefined}
      />
      {stale && (
        <>
          <clipPath id={clip}>
            <path d={shape} />
          </clipPath>
          <path d={STALE_HATCH} clipPath={`url(#${clip})`} stroke={outline} strokeWidth={1} opacity={0.55} />
        </>
      )}
      <path d={glyph} fill="none" stroke={line} strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" />
      {marks.map((mark) => (
        <MarkSign key={mark} mark={mark} />
      ))}
    </svg>
  );
}

function MarkSign({ mark }: { readonly mark: Mark }): ReactNode {
  const { at, glyph } = MARKS[mark];
  return (
    <>
      <circle
        cx={at[0]}
        cy={at[1]}
        r={MARK_RADIUS}
        fill="var(--cardea-surface)"
        stroke="var(--cardea-bad)"
        strokeWidth={1.2}
      />
      <path d={glyph} fill="none" stroke="var(--cardea-bad)" strokeWidth={1.4} strokeLinecap="round" />
    </>
  );
}
