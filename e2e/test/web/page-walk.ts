import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { axe, NARROW, serious, shot, type Window } from '@cardea/twin-browser';
import { expect } from 'vitest';

/** A page of an app as its own registry has it: a new page is walked by itself. */
interface Page {
  /** `/people/:id` */
  readonly path: string;
}

/** The registry of the console. It is loaded as a module of its own: its types are a browser's. */
export async function consolePages(): Promise<readonly Page[]> {
  const file = join(import.meta.dirname, '../../../client/console/src/pages.ts');
  const { pages } = (await import(pathToFileURL(file).href)) as { pages: readonly Page[] };
  return pages;
}

/** What a walk is to find. */
export interface Walk {
  /** Where the app begins: `/console`. */
  readonly base: string;
  readonly pages: readonly Page[];
  /** Addresses below the base to which no link leads, because a drawing does. */
  readonly drawn?: readonly string[];
  /** Pictures are kept as `NAME/PAGE.png`. */
  readonly name: string;
}

/**
 * Goes to every page and looks at each: one h1 and a title, nothing that axe holds to be serious, nothing that has to be
 * scrolled sideways, no fault in the browser. A page with parameters is entered by a link of another page.
 * @returns pages that no link led to
 */
export async function walk(window: Window, { base, pages, drawn = [], name }: Walk): Promise<readonly string[]> {
  const { page, faults } = window;
  const links = new Set<string>(drawn);
  const unreached: string[] = [];
  for (const { path } of [...pages].sort((a, b) => parameters(a) - parameters(b))) {
    const address = path.includes(':') ? [...links].find((link) => matches(path, link)) : path;
    if (address === undefined) {
      unreached.push(path);
      continue;
    }
    // As a link of the app does: without loading the app anew.
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(base + address)})`);
    await settled(window);
    for (const link of await linksOf(window, base)) links.add(link);
    const picture = `${name}/${path.replaceAll('/', '-').replaceAll(':', '').slice(1) || 'start'}`;
    await shot(page, picture);
    expect({ path, headings: await page.getByRole('heading', { level: 1 }).count() }).toEqual({ path, headings: 1 });
    expect(await page.title(), path).not.toBe('');
    expect({ path, faults: serious(await axe(page)) }).toEqual({ path, faults: [] });
    const size = page.viewportSize();
    if (size !== null && size.width < 600) await page.setViewportSize(NARROW);
    expect({ path, tooWideBy: await sideways(window) }).toEqual({ path, tooWideBy: 0 });
    if (size !== null) await page.setViewportSize(size);
    faults.assertNone();
  }
  return unreached;
}

/** The page shows its heading, and loads nothing more. */
async function settled({ page }: Window): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const busy = '[role=status]:has(.mantine-Loader-root), [aria-busy=true], [data-loading=true]';
  await expect.poll(() => page.locator(busy).count(), { timeout: 60_000 }).toBe(0);
}

async function linksOf({ page }: Window, base: string): Promise<readonly string[]> {
  const all = (await page.evaluate(`[...document.links].map((link) => link.pathname)`)) as readonly string[];
  return all.filter((path) => path.startsWith(`${base}/`)).map((path) => path.slice(base.length));
}

function sideways({ page }: Window): Promise<number> {
  const overflow = 'Math.max(0, document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)';
  return page.evaluate(overflow) as Promise<number>;
}

function parameters({ path }: Page): number {
  return path.split(':').length;
}

function matches(pattern: string, link: string): boolean {
  return new RegExp(`^${pattern.replace(/:[^/]+/g, '[^/]+')}$`).test(link);
}
