import type { Trial } from '../attack.ts';
import type { Scene } from './scene.ts';

/** Everything that a script of our own page can read, as one text. */
const READABLE: Readonly<Record<string, string>> = {
  'document.cookie': 'document.cookie',
  'the store of cookies': 'cookieStore.getAll().then((all) => JSON.stringify(all))',
  'what the page keeps in the browser': `(async () => {
    const kept = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    const asked = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = failed; });
    for (const { name } of await indexedDB.databases()) {
      const base = await asked(indexedDB.open(name));
      for (const store of base.objectStoreNames) {
        kept.push(JSON.stringify(await asked(base.transaction(store).objectStore(store).getAll())));
      }
      base.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request)).text());
    }
    return kept.join();
  })()`,
};

/** Looks for the session in all that scripts can read; `answer` is what the sign-in answered. */
export async function sessionSecret({ window, origin }: Scene, answer: string): Promise<readonly Trial[]> {
  const cookies = await window.context.cookies(origin);
  const token = cookies.find(({ name }) => name === '__Host-cardea')?.value;
  if (token === undefined) throw new Error('the sign-in kept no session');
  const trials: Trial[] = [
    { name: 'session: a script reads it in the answer to the sign-in', through: answer.includes(token) },
  ];
  for (const app of ['console', 'phone']) {
    await window.page.goto(`${origin}/${app}/`);
    await window.page.getByRole('heading', { level: 1 }).first().waitFor();
    for (const [where, script] of Object.entries(READABLE)) {
      const text = String(await window.page.evaluate(script));
      trials.push({ name: `session: a script of the ${app} reads it in ${where}`, through: text.includes(token) });
    }
  }
  return trials;
}
