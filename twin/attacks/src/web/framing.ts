import type { Window } from '@cardea/twin-browser';
import type { Trial } from '../attack.ts';
import type { Scene } from './scene.ts';

const ELEMENTS: Readonly<Record<string, string>> = { iframe: 'src', object: 'data', embed: 'src' };
const PAGES = ['/console/', '/phone/', '/v1/openapi.json'];

/** How long an element that shows nothing is looked at; not by frames, which a page behind another does not draw. */
const SHOWN_WITHIN_MS = 10_000;
/** How long a message may take to a window that hears it, and to one that should not. */
const HEARD_WITHIN_MS = 20_000;
const CUT_OFF_MS = 250;

/** Shows our pages inside a page of another site, or holds on to a window in which they are. */
export async function framing({ window, aside: page, origin, sites, ran }: Scene): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const { what: who, origin: site } of sites) {
    for (const path of PAGES) {
      for (const [element, attribute] of Object.entries(ELEMENTS)) {
        await page.goto(`${site}/`);
        const framed = await isFramed(page, element, attribute, origin + path);
        trials.push({ name: `${who} shows ${path} in its <${element}>`, through: framed });
      }
    }
    await page.goto(`${site}/`);
    const opening = window.context.waitForEvent('page');
    await page.evaluate(`void (globalThis.held = window.open(${JSON.stringify(`${origin}/console/`)}))`);
    const opened = await opening;
    await opened.getByRole('heading', { level: 1 }).first().waitFor();
    const closed = await page.evaluate('held.closed');
    trials.push({ name: `${who} holds the window that it opened`, through: closed === false });
    ran();
    // Heard after every listener of the page itself. A window that is cut off hears nothing, and is not waited for long.
    await opened.evaluate(`void (globalThis.heard = new Promise((heard) => addEventListener('message', heard)))`);
    await page.evaluate(`held.postMessage({ code: 'canary("message")' }, '*')`);
    const patienceMs = closed === true ? CUT_OFF_MS : HEARD_WITHIN_MS;
    await opened.evaluate(
      `Promise.race([heard, new Promise((over) => setTimeout(over, ${patienceMs}))]).then(() => null)`,
    );
    trials.push({ name: `${who} has the window that it opened do what a message says`, through: ran().length > 0 });
    await opened.close();
  }
  return trials;
}

/** Whether a page of `address` stands in the element, once the browser has decided that. */
async function isFramed(page: Window['page'], element: string, attribute: string, address: string): Promise<boolean> {
  const isIt = (request: { url(): string }): boolean => request.url() === address;
  const over = Promise.race([
    page.waitForEvent('requestfinished', isIt).then(() => true),
    page.waitForEvent('requestfailed', isIt).then(() => false),
  ]);
  await page.evaluate(`(() => {
    const one = document.createElement(${JSON.stringify(element)});
    one[${JSON.stringify(attribute)}] = ${JSON.stringify(address)};
    document.body.append(one);
  })()`);
  if (!(await over)) return false;
  // The answer has come: it is shown, or the browser's own page stands there instead.
  for (const until = Date.now() + SHOWN_WITHIN_MS; Date.now() < until; ) {
    const urls = page.frames().map((frame) => frame.url());
    if (urls.some((url) => url.startsWith(new URL(address).origin))) return true;
    if (urls.some((url) => url.startsWith('chrome-error:'))) return false;
    await page.evaluate('new Promise((turn) => setTimeout(turn, 10))');
  }
  return false;
}
