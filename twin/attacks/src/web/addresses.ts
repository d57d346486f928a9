import type { Trial } from '../attack.ts';
import type { Scene } from './scene.ts';

/** Addresses of ours that are to lead to another site. */
const LEADS: readonly ((host: string) => string)[] = [
  (host) => `//${host}/`,
  (host) => `/\\${host}/`,
  (host) => `/console//${host}/`,
  (host) => `/console/%2f%2f${host}/`,
  (host) => `/console/..%2f..%2f%2f${host}/`,
  (host) => `/console/?next=https://${host}/`,
  (host) => `/console/sign-in?return_to=//${host}/`,
  (host) => `/phone/join?continue=https://${host}/`,
  (host) => `/phone//${host}/`,
];

/** Answers that hold what others have said, opened as if they were pages. */
const OPENED = [
  '/v1/persons?limit=100',
  '/v1/doors?limit=100',
  '/v1/properties',
  '/v1/%3Cscript%3Ecanary(8)%3C%2Fscript%3E',
  '/console/%3Cscript%3Ecanary(8)%3C%2Fscript%3E.js',
];

/** What an address of ours leads to, and what a browser takes our answers for. */
export async function addresses({ window, origin, sites, ran }: Scene): Promise<readonly Trial[]> {
  const { page } = window;
  const host = new URL(sites[1]?.origin ?? '').host;
  const trials: Trial[] = [];
  for (const lead of LEADS) {
    await page.goto(origin + lead(host)).catch(() => undefined);
    trials.push({
      name: `an address leads elsewhere: ${lead('HOST')}`,
      through: new URL(page.url()).origin !== origin,
    });
  }
  for (const path of OPENED) {
    await page.goto(`${origin}/console/`);
    ran();
    await Promise.all([
      page.waitForURL((url) => url.pathname.includes(path.split('?')[0] ?? path) || url.href.endsWith(path)),
      // By our own page, so that the session counts.
      page.evaluate(`void (location.href = ${JSON.stringify(path)})`),
    ]);
    await page.evaluate('new Promise((turn) => setTimeout(turn, 0))');
    trials.push({
      name: `an answer is taken for a page: ${path}`,
      through: ran().some((what) => !what.includes('/console/ ')),
    });
  }
  return trials;
}

/** What somebody else's page could say to ours. */
const SAID: readonly string[] = [
  `{ code: 'canary("message")' }`,
  `{ type: 'navigate', url: 'javascript:canary("message")', code: 'canary("message")' }`,
  `{ type: 'html', html: '<img src=x onerror=canary("message")>', code: 'canary("message")' }`,
];

/** Messages from another origin, as they would come from a page that holds our window after all. */
export async function messages({ window, origin, sites, ran }: Scene): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  const { page } = window;
  for (const app of ['console', 'phone']) {
    await page.goto(`${origin}/${app}/`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    for (const [at, data] of SAID.entries()) {
      ran();
      await page.evaluate(`setTimeout(() => dispatchEvent(new MessageEvent('message', {
        data: ${data}, origin: ${JSON.stringify(sites[1]?.origin)}, source: window,
      })), 0)`);
      await page.evaluate('new Promise((turn) => setTimeout(turn, 0))');
      trials.push({ name: `the ${app} does what message ${at + 1} of another origin says`, through: ran().length > 0 });
    }
  }
  return trials;
}
