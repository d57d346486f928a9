import type { ComponentType } from 'react';
import type { shellTexts } from './shell/texts.ts';

/** One page of the phone, for whoever has signed in here once. */
export interface PageEntry {
  /** Below /phone. */
  readonly path: string;
  /** What the bar below calls it: a key of shell/texts.ts. */
  readonly name: NonNullable<(typeof shellTexts)['key']>;
  /** Whether the bar below leads there. */
  readonly inBar: boolean;
  /** Loads its code when it is first opened; the service worker keeps all of it. */
  readonly load: () => Promise<ComponentType>;
}

/** Every page, in the order of the bar. */
export const pages: readonly PageEntry[] = [
  { path: '/', name: 'doors', inBar: true, load: async () => (await import('./doors/doors-page.tsx')).DoorsPage },
  {
    path: '/account',
    name: 'account',
    inBar: true,
    load: async () => (await import('./account/account-page.tsx')).AccountPage,
  },
];
