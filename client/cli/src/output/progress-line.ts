import type { Io } from '../io.ts';

/** One line on standard error that is written over as things go on. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** On a terminal the line is replaced in place; elsewhere nothing is shown, so that logs stay clean. */
export function progressLine(io: Io): ProgressLine {
  if (!io.interactive) return { show() {}, clear() {} };
  let shown = '';
  return {
    show(text) {
      if (text === shown) return;
      shown = text;
      io.err(`\r\u001b[2K${io.colors.dim(text)}`);
    },
    clear() {
      if (shown !== '') io.err('\r\u001b[2K');
      shown = '';
    },
  };
}
