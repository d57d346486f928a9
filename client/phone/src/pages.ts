import type { Me } from '@cardea/wire-api';
import type { ComponentType } from 'react';
import type { shellTexts } from './shell/texts.ts';

/** One page of the phone, for whoever has signed in here once. */
export interface PageEntry {
  /** Below /phone. */
  readonly path: string;
  /** What the bar below calls it: a key of shell/texts.ts. */
  readonly name: NonNullable<(typeof shellTexts)['key']>;
  /** Whether the bar below leads there, for whom. */
  readonly inBar: (me: Me | undefined) => boolean;
  /** Whether the bar counts there what is unread. */
  readonly counts?: true;
  /** Loads its code when it is first opened; the service worker keeps all of it. */
  readonly load: () => Promise<ComponentType>;
}

const everybody = (): boolean => true;
/** Guests let nobody else in. */
const hosts = (me: Me | undefined): boolean => me !== undefined && me.role !== 'guest';

/** A session by the phone's own key may not: it holds what the phone may, whoever's it is. */
const installers = (me: Me | undefined): boolean => me?.scopes.includes('locks:manage') === true;

/** Every page, in the order of the bar. */
export const pages: readonly PageEntry[] = [
  { path: '/', name: 'doors', inBar: everybody, load: async () => (await import('./doors/doors-page.tsx')).DoorsPage },
  {
    path: '/visitors',
    name: 'visitors',
    inBar: hosts,
    load: async () => (await import('./visitors/visitors-page.tsx')).VisitorsPage,
  },
  {
    path: '/activity',
    name: 'activity',
    inBar: everybody,
    counts: true,
    load: async () => (await import('./activity/activity-page.tsx')).ActivityPage,
  },
  {
    path: '/enrol',
    name: 'enrol',
    inBar: installers,
    load: async () => (await import('./enrol/enrol-page.tsx')).EnrolPage,
  },
  {
    path: '/account',
    name: 'account',
    inBar: everybody,
    load: async () => (await import('./account/account-page.tsx')).AccountPage,
  },
];
