import type { TakeOver } from '../worker/take-over.ts';

/** The app as this browser keeps it, so that it opens without the server. */
export interface InstalledApp {
  /** Calls `listener` when a newer version is there and waits, now or later. Answers how to stop. */
  onNewer(listener: () => void): () => void;
  /** Looks whether the server has a newer version; without the server nothing happens. */
  look(): void;
  /** Lets the newer version take over, and shows it. */
  takeOver(): void;
}

const WORKER_ADDRESS = '/phone/worker.js';
const SCOPE = '/phone/';

/** Keeps the app in this browser. Undefined where a browser has no service workers, or none for this page. */
export async function installApp(): Promise<InstalledApp | undefined> {
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (workers === undefined) return undefined;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await workers.register(WORKER_ADDRESS, { scope: SCOPE, updateViaCache: 'none' });
  } catch {
    // A private window, or a server of another build: the app goes on, with the server.
    return undefined;
  }
  return {
    onNewer(listener) {
      const tell = (): void => {
        // The first version of all does not replace anything.
        if (registration.waiting !== null && registration.active !== null) listener();
      };
      const found = (): void => registration.installing?.addEventListener('statechange', tell);
      // Another window has let it take over: what this one shows is the former version.
      const replaced = (): void => {
        if (registration.active !== null && before !== null) listener();
      };
      const before = workers.controller;
      registration.addEventListener('updatefound', found);
      workers.addEventListener('controllerchange', replaced);
      found();
      tell();
      return () => {
        registration.removeEventListener('updatefound', found);
        workers.removeEventListener('controllerchange', replaced);
      };
    },
    look() {
      registration.update().catch(() => {});
    },
    takeOver() {
      const { waiting } = registration;
      if (waiting === null) return location.reload();
      workers.addEventListener('controllerchange', () => location.reload(), { once: true });
      waiting.postMessage('take_over' satisfies TakeOver);
    },
  };
}
