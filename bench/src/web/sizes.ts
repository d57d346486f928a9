import { request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { type Figure, figure } from '../measure.ts';
import type { BrowserEstate } from './estate.ts';

/** The first page of each app, and what is wished for, kB (1000 octets) in gzip. */
const APPS = [
  { name: 'console', path: '/console/', ready: 'button[aria-label^="Account: "]', goal: '<= 350' },
  { name: 'phone', path: '/phone/', ready: 'h1', goal: '<= 120' },
] as const;

/**
 * What the first page of each app weighs on its way: every file that a browser which has seen neither asks for until the
 * page is there, the console's with somebody signed in; asked for again in each coding, the octets of the bodies counted.
 * Answers of the API are not part of it.
 */
export async function sizes(estate: BrowserEstate): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { name, path, ready, goal } of APPS) {
    const window = await estate.open();
    try {
      await window.page.goto(`${estate.ras.url}${path}`);
      await window.page.locator(ready).first().waitFor();
      const files = await allFilesOf(window.page, estate.ras.url);
      const of = {
        files: files.length,
        gzip_kB: await weigh(files, 'gzip', estate),
        brotli_kB: await weigh(files, 'br', estate),
      };
      figures.push(figure(`${name}: its first page over the wire, gzip`, of.gzip_kB, 'kB', goal, of));
    } finally {
      await window.close();
    }
  }
  return figures;
}

/** A page that follows a stream is never idle: it is there when it has asked for no further file for this long. */
const QUIET_MS = 2_000;

/** What {@link filesOf} answers once it stays the same. */
async function allFilesOf(page: Page, origin: string): Promise<readonly string[]> {
  for (let before = await filesOf(page, origin); ; ) {
    await delay(QUIET_MS);
    const now = await filesOf(page, origin);
    if (now.length === before.length) return now;
    before = now;
  }
}

type Page = Awaited<ReturnType<BrowserEstate['open']>>['page'];

/** Addresses of the document and of every file it loaded. */
async function filesOf(page: Page, origin: string): Promise<readonly string[]> {
  const loaded: string[] = await page.evaluate(
    "performance.getEntries().filter((e) => e.entryType === 'resource' || e.entryType === 'navigation').map((e) => e.name)",
  );
  return [...new Set(loaded)].filter((url) => url.startsWith(origin) && !url.startsWith(`${origin}/v1/`));
}

/** kB of the bodies together in this coding, or as they are where the server has no such form. */
async function weigh(urls: readonly string[], coding: 'gzip' | 'br', { ras }: BrowserEstate): Promise<number> {
  let octets = 0;
  for (const url of urls) octets += await bodyOctets(url, coding, ras.ca);
  return octets / 1000;
}

function bodyOctets(url: string, coding: string, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { ca, headers: { 'accept-encoding': coding } }, (answer) => {
      let octets = 0;
      answer.on('data', (chunk: Buffer) => {
        octets += chunk.length;
      });
      answer.on('end', () => resolve(octets));
      answer.on('error', reject);
    });
    asking.on('error', reject);
    asking.end();
  });
}
