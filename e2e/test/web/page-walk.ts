import { axe, NARROW, serious, shot, type Visit, visitPages, type Window } from '@cardea/twin-browser';
import { expect } from 'vitest';

/** What a walk is to find. */
export interface Walk extends Visit {
  /** Pictures are kept as `NAME/PAGE.png`. */
  readonly name: string;
  /** Whether axe looks too, which takes longer than all the rest: once a scheme, size and language is enough. Default true. */
  readonly audited?: boolean;
}

/**
 * Goes to every page and looks at each: one h1 and a title, nothing that axe holds to be serious, nothing that has to be
 * scrolled sideways, no fault in the browser. A page with parameters is entered by a link of another page.
 * @returns pages that no link led to
 */
export async function walk(window: Window, { name, audited = true, ...visit }: Walk): Promise<readonly string[]> {
  const { page, faults } = window;
  expect(visit.pages, 'an app without pages').not.toEqual([]);
  return visitPages(window, visit, async (path) => {
    await shot(page, `${name}/${path.replaceAll('/', '-').replaceAll(':', '').slice(1) || 'start'}`);
    expect({ path, headings: await page.getByRole('heading', { level: 1 }).count() }).toEqual({ path, headings: 1 });
    expect(await page.title(), path).not.toBe('');
    if (audited) expect({ path, faults: serious(await axe(page)) }).toEqual({ path, faults: [] });
    const size = page.viewportSize();
    if (size !== null && size.width < 600) await page.setViewportSize(NARROW);
    // A chart is drawn anew some frames after its room became narrower.
    await expect.poll(() => sideways(window), { message: `${path} is wider than the screen` }).toBe(0);
    if (size !== null) await page.setViewportSize(size);
    faults.assertNone();
  });
}

function sideways({ page }: Window): Promise<number> {
  const overflow = 'Math.max(0, document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)';
  return page.evaluate(overflow) as Promise<number>;
}
