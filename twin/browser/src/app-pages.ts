import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A page of a web app as the app's own registry has it: a new page is visited by itself. */
export interface AppPage {
  /** Below the app's base, with parameters by a colon: `/people/:id`. */
  readonly path: string;
}

const CLIENT = new URL('../../../client/', import.meta.url);

/**
 * Every page of an app: of its registry `src/pages.ts`, which is loaded as a module of its own because its types are a
 * browser's; of an app without one, the routes that its `src/app.tsx` draws, and its beginning.
 */
export async function appPages(app: 'console' | 'phone'): Promise<readonly AppPage[]> {
  const registry = fileURLToPath(new URL(`${app}/src/pages.ts`, CLIENT));
  if (existsSync(registry)) {
    const { pages } = (await import(pathToFileURL(registry).href)) as { readonly pages: readonly AppPage[] };
    return pages;
  }
  const routes = readFileSync(new URL(`${app}/src/app.tsx`, CLIENT), 'utf8').matchAll(/<Route path="([^"]+)"/g);
  const paths = new Set(['/', ...[...routes].map(([, path]) => path ?? '/')]);
  return [...paths].map((path) => ({ path }));
}
