import { type RefObject, useEffect, useState } from 'react';

/** Rows that are drawn: from `first` up to but not including `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** Rows that are drawn above and below what is in sight, so that scrolling and the tabulator find them there. */
const SPARE = 12;
/** The span moves by whole steps of so many rows: fewer drawings while one scrolls. */
const STEP = 6;

/** The rows in sight, and some to spare, of `count` rows of `rowPx` each, whose first begins `topPx` below the window's top. */
export function spanInSight(count: number, rowPx: number, topPx: number, windowPx: number): Span {
  const from = Math.floor(-topPx / rowPx) - SPARE;
  const to = Math.ceil((windowPx - topPx) / rowPx) + SPARE;
  const first = Math.min(count, Math.max(0, Math.floor(from / STEP) * STEP));
  return { first, end: Math.max(first, Math.min(count, Math.ceil(to / STEP) * STEP)) };
}

/** The span of rows to draw while the window scrolls over `body`. */
export function useWindowed(body: RefObject<HTMLElement | null>, count: number, rowPx: number): Span {
  const [span, setSpan] = useState<Span>({ first: 0, end: Math.min(count, 2 * SPARE) });
  useEffect(() => {
    let asked = false;
    const look = (): void => {
      asked = false;
      const element = body.current;
      if (element === null) return;
      const next = spanInSight(count, rowPx, element.getBoundingClientRect().top, window.innerHeight);
      setSpan((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    const soon = (): void => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(look);
    };
    look();
    const ending = new AbortController();
    addEventListener('scroll', soon, { passive: true, signal: ending.signal });
    addEventListener('resize', soon, { signal: ending.signal });
    return () => ending.abort();
  }, [body, count, rowPx]);
  // A shorter list may have been handed over since.
  return { first: Math.min(span.first, count), end: Math.min(span.end, count) };
}
