/** A page of a web app as the app's own registry has it: a new page is visited by itself. */
export interface AppPage {
  /** Below the app's base, with parameters by a colon: `/people/:id`. */
  readonly path: string;
}

const CLIENT = new URL('../../../client/', import.meta.url);

/** Every page of an app, by its registry `src/pages.ts`: loaded as a module of its own, for its types are a browser's. */
export async function appPages(app: 'console' | 'phone'): Promise<readonly AppPage[]> {
  const registry = new URL(`${app}/src/pages.ts`, CLIENT);
  const { pages } = (await import(registry.href)) as { readonly pages: readonly AppPage[] };
  return pages;
}
