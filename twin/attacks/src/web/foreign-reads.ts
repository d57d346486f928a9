import type { Trial } from '../attack.ts';
import type { Scene } from './scene.ts';

/** What has not been read by then is not read. */
const PATIENCE_MS = 20_000;

/** What another site would read by the person's session, and how; each says by its value whether it did. */
const BY_SESSION: Readonly<Record<string, string>> = {
  'who is signed in': `return (await (await fetch(door + '/v1/me', { credentials: 'include' })).text()).includes('person_id');`,
  'the people': `return (await (await fetch(door + '/v1/persons', { credentials: 'include' })).json()).items.length > 0;`,
  'the export of the record': `return (await fetch(door + '/v1/audit/export', { credentials: 'include' })).ok;`,
  'the stream of events': `return new Promise((done) => { const one = new EventSource(door + '/v1/events/stream', { withCredentials: true }); one.onopen = () => { one.close(); done(true); }; one.onerror = () => { one.close(); done(false); }; });`,
};

/** What it would read without one, or have in its own process. */
const BY_ITSELF: Readonly<Record<string, string>> = {
  'the page itself': `return (await (await fetch(door + '/console/')).text()).includes('<html');`,
  'an answer into its own process, unread': `await fetch(door + '/v1/me', { credentials: 'include', mode: 'no-cors' }); return true;`,
  'a socket of events': `return new Promise((done) => { const one = new WebSocket(door.replace('https', 'wss') + '/v1/events/stream'); one.onopen = () => { one.close(); done(true); }; one.onerror = () => done(false); });`,
};

/**
 * Reads from a page of either other site, and has the person's browser open an answer. By the session only the neighbour
 * reads: today's browsers send no cookies with what a page of another site asks for.
 */
export async function foreignReads({ aside: page, origin, sites }: Scene): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const { what: who, origin: site, sameSite } of sites) {
    await page.goto(`${site}/`);
    for (const [what, body] of Object.entries({ ...BY_ITSELF, ...(sameSite ? BY_SESSION : {}) })) {
      const read = await page.evaluate(`Promise.race([
        (async (door) => { try { ${body} } catch { return false; } })(${JSON.stringify(origin)}),
        new Promise((over) => setTimeout(() => over(false), ${PATIENCE_MS})),
      ])`);
      trials.push({ name: `${who} reads ${what}`, through: read === true });
    }
    const people = `${origin}/v1/persons`;
    const [answered] = await Promise.all([
      page.waitForResponse((response) => response.url() === people),
      // The page has arrived there: the next step would cross it on its way.
      page.waitForURL(people),
      page.evaluate(`void setTimeout(() => { location.href = ${JSON.stringify(people)}; }, 0)`),
    ]);
    trials.push({ name: `${who} has the person's browser open the people`, through: answered.status() === 200 });
  }
  return trials;
}
