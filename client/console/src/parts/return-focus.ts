/** What can take the focus: an element, as far as this needs one. */
export type Focusable = Pick<HTMLElement, 'isConnected' | 'focus'>;

/** Where the focus stood when a dialog opened. */
export interface FocusBefore {
  /** What had it, and what stands for that once it is gone (a menu's button for its item); empty where nothing had it. */
  readonly openers: readonly Focusable[];
  /** Whether it stood within another dialog, which may be the one that goes as this one comes. */
  readonly inDialog: boolean;
}

/** Gives the focus back when a dialog has gone. */
export type GiveBack = (
  /** What had the focus within the dialog as it went, and keeps it only while the dialog fades. */
  held: Focusable | undefined,
  /** Where the focus goes when nothing that opened the dialog is there any more. */
  otherwise: readonly Focusable[],
) => void;

/**
 * The way back through dialogs that open one another: each returns to what opened it, and the last of several that
 * followed upon each other to what opened the first.
 * @param focused - what has the focus now; `undefined` where nothing has it.
 * @returns to be called as a dialog opens; the answer is to be called once when it has gone.
 */
export function createFocusReturns(focused: () => Focusable | undefined): (before: FocusBefore) => GiveBack {
  const open: { readonly openers: readonly Focusable[] }[] = [];
  return ({ openers, inDialog }) => {
    const beneath = open.at(-1)?.openers ?? [];
    const own = { openers: openers.length === 0 || inDialog ? [...openers, ...beneath] : openers };
    open.push(own);
    return (held, otherwise) => {
      const isLast = open.at(-1) === own;
      open.splice(open.indexOf(own), 1);
      const now = focused();
      // Another dialog has the focus by now, or whoever closed this one has put it elsewhere.
      if (!isLast || (now !== undefined && now !== held)) return;
      for (const one of [...own.openers, ...otherwise]) {
        if (!one.isConnected) continue;
        one.focus();
        // What is disabled meanwhile does not take it.
        if (focused() === one) return;
      }
    };
  };
}
