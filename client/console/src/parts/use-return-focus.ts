import { useEffect, useMemo } from 'react';
import { createFocusReturns, type Focusable, type FocusBefore } from './return-focus.ts';

const DIALOG = '[role="dialog"]';
const opens = createFocusReturns(focused);

/** Gives the focus back, when a dialog goes, to what opened it; to the page's heading where that is no longer there. */
export function useReturnFocus(opened: boolean): void {
  // While it is drawn: by the time it is there, the menu or dialog from which it was opened may be gone.
  const before = useMemo(() => (opened ? focusBefore() : undefined), [opened]);
  useEffect(() => {
    if (before === undefined) return;
    const giveBack = opens(before);
    return () => {
      const last = focused();
      const held = last?.closest(DIALOG) ? last : undefined;
      // After the dialog's own end, which leaves the focus nowhere.
      setTimeout(() => giveBack(held, [...document.querySelectorAll<HTMLElement>('main h1')]));
    };
  }, [before]);
}

function focused(): HTMLElement | undefined {
  const active = document.activeElement;
  return active instanceof HTMLElement && active !== document.body ? active : undefined;
}

function focusBefore(): FocusBefore {
  const now = focused();
  if (now === undefined) return { openers: [], inDialog: false };
  const openers: Focusable[] = [now];
  // A menu goes as its item is chosen: it is named by its button.
  const button = document.getElementById(now.closest('[role="menu"]')?.getAttribute('aria-labelledby') ?? '');
  if (button !== null) openers.push(button);
  return { openers, inDialog: now.closest(DIALOG) !== null };
}
