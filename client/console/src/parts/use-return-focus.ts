import { useEffect } from 'react';

/** Gives the focus back, when the component goes, to what had it when it came: for a dialog that is not kept while closed. */
export function useReturnFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // After the dialog's own end, which leaves the focus nowhere.
      setTimeout(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
      });
    };
  }, []);
}
