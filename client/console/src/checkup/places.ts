import type { Finding } from '@cardea/wire-api';

const PATHS: Readonly<Record<Finding['where'], string | undefined>> = {
  people: '/people',
  sign_in_policy: '/settings',
  tokens: '/tokens',
  properties: '/settings',
  doors: '/doors',
  batteries: '/insights',
  gateways: '/gateways',
  alerts: '/alerts',
  audit: '/audit',
  grants: '/grants',
  configuration: undefined,
};

const SUBJECT_PATHS: Readonly<Record<string, string>> = {
  person: '/people/',
  door: '/doors/',
  gateway: '/gateways/',
};

/** The page where something is done about a finding; undefined where it is done outside the console. */
export function pathOf(where: Finding['where']): string | undefined {
  return PATHS[where];
}

/** The page of one of those that a finding is about. */
export function pathOfSubject({ kind, id }: Finding['subjects'][number]): string | undefined {
  const path = SUBJECT_PATHS[kind];
  return path && path + id;
}
