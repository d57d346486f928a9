import { describe, expect, it } from 'vitest';
import { createFocusReturns, type Focusable, type GiveBack } from '../src/parts/return-focus.ts';

/** A page on which one thing at a time has the focus. */
function page(): {
  readonly named: (name: string) => Focusable & { isConnected: boolean; disabled: boolean };
  readonly opens: (openers: readonly Focusable[], inDialog?: boolean) => GiveBack;
  focused: Focusable | undefined;
} {
  const here = {
    focused: undefined as Focusable | undefined,
    named: (name: string) => {
      const one = {
        name,
        isConnected: true,
        disabled: false,
        focus: () => {
          if (!one.disabled) here.focused = one;
        },
      };
      return one;
    },
    opens: (openers: readonly Focusable[], inDialog = false): GiveBack => returns({ openers, inDialog }),
  };
  const returns = createFocusReturns(() => here.focused);
  return here;
}

describe('the focus after a dialog', () => {
  it('is where it was before', () => {
    const here = page();
    const button = here.named('button');
    here.opens([button])(undefined, []);
    expect(here.focused).toBe(button);
  });

  it('leaves the dialog that still fades', () => {
    const here = page();
    const button = here.named('button');
    const inside = here.named('inside');
    const giveBack = here.opens([button]);
    here.focused = inside;
    giveBack(inside, []);
    expect(here.focused).toBe(button);
  });

  it('stays where whoever closed the dialog has put it', () => {
    const here = page();
    const elsewhere = here.named('elsewhere');
    const giveBack = here.opens([here.named('button')]);
    here.focused = elsewhere;
    giveBack(undefined, []);
    expect(here.focused).toBe(elsewhere);
  });

  it('is at what stands for an opener that is gone or disabled, then at the heading', () => {
    const here = page();
    const [item, menu, heading] = [here.named('item'), here.named('menu'), here.named('heading')];
    item.isConnected = false;
    here.opens([item, menu])(undefined, [heading]);
    expect(here.focused).toBe(menu);
    menu.disabled = true;
    here.focused = undefined;
    here.opens([item, menu])(undefined, [heading]);
    expect(here.focused).toBe(heading);
  });

  it('goes back from a dialog upon a dialog one at a time', () => {
    const here = page();
    const [button, save] = [here.named('button'), here.named('save')];
    const first = here.opens([button]);
    const second = here.opens([save], true);
    second(undefined, []);
    expect(here.focused).toBe(save);
    save.isConnected = false;
    here.focused = undefined;
    first(undefined, []);
    expect(here.focused).toBe(button);
  });

  it.each([
    { order: 'the upper first', upperFirst: true },
    { order: 'the lower first', upperFirst: false },
  ])('is where the first began when both go at once, $order', ({ upperFirst }) => {
    const here = page();
    const [button, save] = [here.named('button'), here.named('save')];
    const lower = here.opens([button]);
    const upper = here.opens([save], true);
    save.isConnected = false;
    for (const giveBack of upperFirst ? [upper, lower] : [lower, upper]) giveBack(undefined, []);
    expect(here.focused).toBe(button);
  });

  it('is where the first began after a dialog that came as another went', () => {
    const here = page();
    const button = here.named('button');
    const asks = here.opens([button]);
    // The first has taken its own focus away with it.
    const shows = here.opens([]);
    asks(undefined, []);
    expect(here.focused).toBe(undefined);
    shows(undefined, []);
    expect(here.focused).toBe(button);
  });

  it('knows nothing of dialogs that went before', () => {
    const here = page();
    const [button, heading] = [here.named('button'), here.named('heading')];
    here.opens([button])(undefined, []);
    here.focused = undefined;
    here.opens([])(undefined, [heading]);
    expect(here.focused).toBe(heading);
  });
});
