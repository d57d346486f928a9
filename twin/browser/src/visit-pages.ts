import type { Page } from 'playwright-core';
import type { AppPage } from './app-pages.ts';
import type { Window } from './launch.ts';

/** Which pages are visited. */
export interface Visit {
  /** Where the app begins: `/console`. */
  readonly base: string;
  readonly pages: readonly AppPage[];
  /** Addresses below the base to which no link leads, because a drawing does. */
  readonly drawn?: readonly string[];
  /** `link`: as a link of the app does, without loading the app anew. `address`: as a bookmark does. Default `link`. */
  readonly by?: 'link' | 'address';
}

/** How long a page may load: a busy machine is slow, a page that never ends is found all the same. */
const LOADED_WITHIN_MS = 60_000;
/** What both apps show while they load. */
const BUSY = '[role=status]:has(.mantine-Loader-root), [aria-busy=true], [data-loading=true]';

/**
 * Goes to every page of the app that a window has open, and looks at each once it has loaded. A page with parameters is
 * entered by a link of another page, those without come first.
 * @returns paths of pages to which no link led
 */
export async function visitPages(
  { page }: Window,
  { base, pages, drawn = [], by = 'link' }: Visit,
  look: (path: string) => Promise<void>,
): Promise<readonly string[]> {
  const links = new Set<string>(drawn);
  const unreached: string[] = [];
  for (const { path } of [...pages].sort((a, b) => parameters(a) - parameters(b))) {
    const address = path.includes(':') ? [...links].find((link) => matches(path, link)) : path;
    if (address === undefined) {
      unreached.push(path);
      continue;
    }
    const to = base + address;
    if (by === 'address') await page.goto(new URL(to, page.url()).href);
    else await page.evaluate(`history.pushState(null, '', ${JSON.stringify(to)})`);
    await pageLoaded(page);
    for (const link of await linksOf(page, base)) links.add(link);
    await look(path);
  }
  return unreached;
}

/** Resolves when the page shows its heading and loads nothing more. */
export async function pageLoaded(page: Page): Promise<void> {
  // What the address before this one showed is gone by the second frame.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: LOADED_WITHIN_MS });
  await page.locator(BUSY).first().waitFor({ state: 'detached', timeout: LOADED_WITHIN_MS });
}

async function linksOf(page: Page, base: string): Promise<readonly string[]> {
  const all = (await page.evaluate('[...document.links].map((link) => link.pathname)')) as readonly string[];
  return all.filter((path) => path.startsWith(`${base}/`)).map((path) => path.slice(base.length));
}

function parameters({ path }: AppPage): number {
  return path.split(':').length;
}

function matches(pattern: string, link: string): boolean {
  return new RegExp(`^${pattern.replace(/:[^/]+/g, '[^/]+')}$`).test(link);
}
