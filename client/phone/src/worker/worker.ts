import { keptAnswer } from './answer.ts';
import { cacheNameOf, outdatedCaches, PAGE, type Precache } from './precache.ts';
import type { TakeOver } from './take-over.ts';

declare const self: ServiceWorkerGlobalScope;
/** Put before this script by the build (build/precache.ts). */
declare const PRECACHE: Precache;

// The app is kept whole when it is installed and answered from there, so that it opens its doors without the server. A new
// build waits until the person lets it take over, or no page of the old one is open: no page ever meets files of two builds.
self.addEventListener('install', (event) => event.waitUntil(keep()));
self.addEventListener('activate', (event) => event.waitUntil(begin()));
self.addEventListener('fetch', (event) => {
  const address = keptAnswer(event.request, self.location.origin, PRECACHE);
  if (address !== undefined) event.respondWith(answer(address, event.request));
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(showApp());
});
self.addEventListener('message', ({ data }) => {
  if (data === ('take_over' satisfies TakeOver)) void self.skipWaiting();
});

async function keep(): Promise<void> {
  const cache = await caches.open(cacheNameOf(PRECACHE));
  // The page has no hash in its name: it is asked for past the browser's own cache, and is that of this build or none.
  const page = await fetch(PAGE, { cache: 'reload' });
  if (!page.ok || (await hashOf(page.clone())) !== PRECACHE.pageHash) {
    throw new Error('the server has another build by now');
  }
  await cache.addAll(PRECACHE.files.filter((file) => file !== PAGE));
  await cache.put(PAGE, page);
}

async function begin(): Promise<void> {
  const names = outdatedCaches(await caches.keys(), PRECACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheNameOf(PRECACHE));
  // The server varies by coding alone, which is undone by the time that an answer is kept.
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}

/** Brings the app to the front; it stays on its page, where a door may be opening: the bar has what is unread. */
async function showApp(): Promise<void> {
  const [open] = await self.clients.matchAll({ type: 'window' });
  if (open === undefined) await self.clients.openWindow('/phone/activity');
  else await open.focus();
}

async function hashOf(answered: Response): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await answered.arrayBuffer());
  return [...new Uint8Array(digest)].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}
