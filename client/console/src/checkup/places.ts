import type { Finding } from '@cardea/wire-api';
import { pages } from '../pages.ts';

/** Where something is done about a finding, first choice first; a page that is not there is passed over. */
const PATHS: Readonly<Record<Finding['where'], readonly string[]>> = {
  people: ['/people'],
  sign_in_policy: ['/settings'],
  tokens: ['/account'],
  properties: ['/settings'],
  doors: ['/doors', '/plan'],
  batteries: ['/insights'],
  gateways: ['/gateways'],
  alerts: ['/alerts'],
  audit: ['/audit'],
  grants: ['/grants'],
  configuration: [],
};

/** The page where something is done about it; undefined where it is done elsewhere. */
export function pathOf(where: Finding['where']): string | undefined {
  return PATHS[where].find((path) => pages.some((page) => page.path === path));
}

/** The page of one of those that a finding is about. */
export function pathOfSubject({ kind, id }: Finding['subjects'][number]): string | undefined {
  const path = { person: '/people/:id', door: '/doors/:id', gateway: '/gateways/:id' }[kind as string];
  return path !== undefined && pages.some((page) => page.path === path) ? path.replace(':id', id) : undefined;
}
