import type { Scope } from '@cardea/wire-api';
import {
  ActivityLogIcon,
  BarChartIcon,
  BellIcon,
  CalendarIcon,
  CheckCircledIcon,
  ClockIcon,
  DashboardIcon,
  GearIcon,
  HomeIcon,
  IdCardIcon,
  ListBulletIcon,
  LockClosedIcon,
  LockOpen1Icon,
  PersonIcon,
  ReaderIcon,
  RocketIcon,
  Share1Icon,
} from '@radix-ui/react-icons';

import type { ComponentType } from 'react';
import type { pageTexts } from './page-texts.ts';

/** The groups of the navigation, in their order; their names are in page-texts.ts. */
export const PAGE_GROUPS = ['now', 'access', 'record', 'estate'] as const;
export type PageGroup = (typeof PAGE_GROUPS)[number];

/** One page of the console. */
export interface PageEntry {
  /** Below /console, as wouter has it: `/people/:id`. */
  readonly path: string;
  /** Key in page-texts.ts. */
  readonly name: NonNullable<(typeof pageTexts)['key']>;
  /** Where it stands in the navigation; without one it is reached from another page. */
  readonly group?: PageGroup;
  readonly icon?: ComponentType;
  /** Loads what stands at its end in the navigation, such as a number. It is shown where there is a live estate. */
  readonly badge?: () => Promise<ComponentType>;
  /** All of these are needed; without them the page is neither shown in the navigation nor opened. */
  readonly scopes: readonly Scope[];
  /** Whether it shows one property, so that `useProperty` works in it; without a property the person is sent to set one up. */
  readonly ofProperty: boolean;
  /** Loads its code when it is first opened. */
  readonly load: () => Promise<ComponentType>;
}

/** Every page, in the order of the navigation. The first that a person may open is where the console begins. */
export const pages: readonly PageEntry[] = [
  {
    path: '/',
    name: 'overview',
    group: 'now',
    icon: HomeIcon,
    scopes: ['estate:read', 'locks:read'],
    ofProperty: true,
    load: async () => (await import('./overview/overview-page.tsx')).OverviewPage,
  },
  {
    path: '/plan',
    name: 'plan',
    group: 'now',
    icon: DashboardIcon,
    scopes: ['estate:read', 'locks:read'],
    ofProperty: true,
    load: async () => (await import('./plan/plan-page.tsx')).PlanPage,
  },
  {
    path: '/doors',
    name: 'doors',
    group: 'now',
    icon: ListBulletIcon,
    scopes: ['estate:read', 'locks:read'],
    ofProperty: true,
    load: async () => (await import('./doors/list/doors-page.tsx')).DoorsPage,
  },
  {
    path: '/doors/:id',
    name: 'door',
    scopes: ['estate:read', 'locks:read'],
    ofProperty: true,
    load: async () => (await import('./doors/door-page.tsx')).DoorPage,
  },
  {
    path: '/alerts',
    name: 'alerts',
    group: 'now',
    icon: BellIcon,
    badge: async () => (await import('./alerts/alert-count.tsx')).AlertCount,
    scopes: ['estate:read', 'locks:read', 'events:read'],
    ofProperty: true,
    load: async () => (await import('./alerts/alerts-page.tsx')).AlertsPage,
  },
  {
    path: '/modes',
    name: 'modes',
    group: 'now',
    icon: LockClosedIcon,
    scopes: ['locks:read', 'estate:read'],
    ofProperty: true,
    load: async () => (await import('./modes/modes-page.tsx')).ModesPage,
  },
  {
    path: '/desk',
    name: 'desk',
    group: 'access',
    icon: IdCardIcon,
    scopes: ['grants:read'],
    ofProperty: true,
    load: async () => (await import('./stay/desk-page.tsx')).DeskPage,
  },
  {
    path: '/grants',
    name: 'grants',
    group: 'access',
    icon: LockOpen1Icon,
    scopes: ['grants:read'],
    ofProperty: true,
    load: async () => (await import('./grants/grants-page.tsx')).GrantsPage,
  },
  {
    path: '/grants/:id',
    name: 'grant',
    scopes: ['grants:read'],
    ofProperty: true,
    load: async () => (await import('./grants/grant-page.tsx')).GrantPage,
  },
  {
    path: '/calendar',
    name: 'calendar',
    group: 'access',
    icon: CalendarIcon,
    scopes: ['grants:read', 'estate:read'],
    ofProperty: true,
    load: async () => (await import('./calendar/calendar-page.tsx')).CalendarPage,
  },
  {
    path: '/schedules',
    name: 'schedules',
    group: 'access',
    icon: ClockIcon,
    scopes: ['grants:read'],
    ofProperty: true,
    load: async () => (await import('./schedules/schedules-page.tsx')).SchedulesPage,
  },
  {
    path: '/schedules/:id',
    name: 'schedule',
    scopes: ['grants:read'],
    ofProperty: true,
    load: async () => (await import('./schedules/schedule-page.tsx')).SchedulePage,
  },
  {
    path: '/people',
    name: 'people',
    group: 'access',
    icon: PersonIcon,
    scopes: ['persons:read'],
    ofProperty: false,
    load: async () => (await import('./people/people-page.tsx')).PeoplePage,
  },
  {
    path: '/people/:id',
    name: 'person',
    scopes: ['persons:read'],
    ofProperty: false,
    load: async () => (await import('./people/person-page.tsx')).PersonPage,
  },
  {
    path: '/setup',
    name: 'setup',
    group: 'estate',
    icon: RocketIcon,
    scopes: ['estate:read', 'estate:write', 'gateways:write', 'locks:manage', 'persons:read', 'persons:write'],
    ofProperty: false,
    load: async () => (await import('./setup/setup-page.tsx')).SetupPage,
  },
  {
    path: '/events',
    name: 'events',
    group: 'record',
    icon: ActivityLogIcon,
    scopes: ['events:read', 'estate:read', 'locks:read'],
    ofProperty: true,
    load: async () => (await import('./events/events-page.tsx')).EventsPage,
  },
  {
    path: '/audit',
    name: 'audit',
    group: 'record',
    icon: ReaderIcon,
    scopes: ['audit:read'],
    ofProperty: false,
    load: async () => (await import('./audit/audit-page.tsx')).AuditPage,
  },
  {
    path: '/account',
    name: 'account',
    scopes: [],
    ofProperty: false,
    load: async () => (await import('./account/account-page.tsx')).AccountPage,
  },
  {
    path: '/tokens',
    name: 'tokens',
    scopes: ['tokens:write'],
    ofProperty: false,
    load: async () => (await import('./tokens/tokens-page.tsx')).TokensPage,
  },
  {
    path: '/settings',
    name: 'settings',
    group: 'estate',
    icon: GearIcon,
    scopes: ['estate:read', 'estate:write'],
    ofProperty: true,
    load: async () => (await import('./settings/settings-page.tsx')).SettingsPage,
  },
  {
    path: '/insights',
    name: 'insights',
    group: 'record',
    icon: BarChartIcon,
    scopes: ['events:read'],
    ofProperty: true,
    load: async () => (await import('./insights/insights-page.tsx')).InsightsPage,
  },
  {
    path: '/checkup',
    name: 'checkup',
    group: 'estate',
    icon: CheckCircledIcon,
    scopes: ['estate:write'],
    ofProperty: false,
    load: async () => (await import('./checkup/checkup-page.tsx')).CheckupPage,
  },
  {
    path: '/gateways',
    name: 'gateways',
    group: 'estate',
    icon: Share1Icon,
    scopes: ['estate:read'],
    ofProperty: true,
    load: async () => (await import('./gateways/gateways-page.tsx')).GatewaysPage,
  },
  {
    path: '/gateways/:id',
    name: 'gateway',
    scopes: ['estate:read'],
    ofProperty: true,
    load: async () => (await import('./gateways/gateway-page.tsx')).GatewayPage,
  },
];
