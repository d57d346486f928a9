import { PAGE, type Precache } from './precache.ts';

/** What the choice depends on: the part of a `Request` that counts. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly mode: string;
}

/**
 * From where a request is answered: the address of a kept file, or undefined for the network. Only files of the build and
 * the app's own page are ever answered from what is kept: the API never is, nor another app of the same server.
 */
export function keptAnswer({ method, url, mode }: Asked, origin: string, { files }: Precache): string | undefined {
  const { origin: from, pathname } = new URL(url);
  if (method !== 'GET' || from !== origin) return undefined;
  if (files.includes(pathname)) return pathname;
  const ownPage = mode === 'navigate' && pathname.startsWith(PAGE) && !namesFile(pathname);
  return ownPage ? PAGE : undefined;
}

/** Identifiers have no dots: what has one in its last part is a file, and not of this build. */
function namesFile(pathname: string): boolean {
  return pathname.slice(pathname.lastIndexOf('/')).includes('.');
}
