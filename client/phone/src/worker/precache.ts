/** What one build of the app consists of, as the build tells its service worker. */
export interface Precache {
  /** Hash over all of it: another build has another one. */
  readonly version: string;
  /** SHA-256 of the page in hex, so that files of two builds are never kept together. */
  readonly pageHash: string;
  /** Addresses of its files, the page (`/phone/`) among them. */
  readonly files: readonly string[];
}

/** The page that every address inside the app shows. */
export const PAGE = '/phone/';

const CACHE_PREFIX = 'cardea-phone-';

/** The cache of one build. */
export function cacheNameOf({ version }: Precache): string {
  return `${CACHE_PREFIX}${version}`;
}

/** Those of `names` that hold other builds of this app; what others keep under this origin is not ours to remove. */
export function outdatedCaches(names: readonly string[], current: Precache): readonly string[] {
  return names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== cacheNameOf(current));
}
