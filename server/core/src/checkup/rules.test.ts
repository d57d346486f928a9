import { describe, expect, it } from 'vitest';
import type { CheckedLock, CheckFacts } from './facts.ts';
import { SUBJECTS_MOST } from './finding.ts';
import { findingsOf, RULES } from './rules.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const DAY_MS = 86_400_000;

const lock = (more: Partial<CheckedLock> = {}): CheckedLock => ({
  id: 'lock_1',
  doorId: 'door_1',
  doorName: '101',
  suite: 'hardened',
  stale: false,
  staleReason: null,
  hasClock: true,
  chained: true,
  chain: { unsettledSince: null },
  gaps: [],
  report: {
    lockId: 'lock_1',
    attributes: { bolt: 'locked', door: 'closed', batteryPercent: 21, tamper: false, privacy: false, clock: 'valid' },
    provedAt: NOW,
    clockOffsetS: 0,
    clockErrorS: 0,
  },
  ...more,
});
const reported = (more: Partial<NonNullable<CheckedLock['report']>['attributes']>): CheckedLock => {
  const { report } = lock();
  return lock({ report: report && { ...report, attributes: { ...report.attributes, ...more } } });
};
const person = (more: Partial<CheckFacts['staff'][number]> = {}): CheckFacts['staff'][number] => ({
  id: 'per_1',
  name: 'Owner',
  role: 'owner',
  mustChangePassword: false,
  secondFactor: true,
  ...more,
});

/** An organization with nothing to find, but for what is said. */
const facts = (more: Partial<CheckFacts> = {}): CheckFacts => ({
  now: NOW,
  policy: { organizationId: 'org_a', secondFactor: 'required', registration: 'invited' },
  staff: [person()],
  tokens: [{ id: 'tok_1', name: 'script', expiresAt: NOW + 90 * DAY_MS }],
  properties: [
    { id: 'prop_1', name: 'Hotel', offlineLeaseS: 72 * 3600 },
    { id: 'prop_2', name: 'House', offlineLeaseS: null },
  ],
  locks: [lock(), lock({ report: null })],
  gateways: [
    { id: 'gw_1', name: 'ground', state: 'enrolled', createdAt: 1, online: true },
    { id: 'gw_2', name: 'new', state: 'enrolling', createdAt: 1, online: false },
  ],
  openAlerts: 0,
  witnesses: [{ name: 'file', newestAt: NOW }],
  retentionDays: 365,
  endless: [],
  ...more,
});

it('of an organization with nothing to find every rule says that it is in order', () => {
  const findings = findingsOf(facts());
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(findings).toHaveLength(RULES.length);
  expect(new Set(findings.map(({ id }) => id)).size).toBe(RULES.length);
});

describe('a rule', () => {
  const policy = facts().policy;
  it.each<[string, string, Partial<CheckFacts>]>([
    ['second_factors', 'warning', { staff: [person({ secondFactor: false })] }],
    ['initial_passwords', 'warning', { staff: [person({ mustChangePassword: true })] }],
    ['second_factor_policy', 'advice', { policy: { ...policy, secondFactor: 'optional' } }],
    ['open_registration', 'advice', { policy: { ...policy, registration: 'open' } }],
    ['long_tokens', 'advice', { tokens: [{ id: 'tok_1', name: 'script', expiresAt: NOW + 90 * DAY_MS + 1 }] }],
    ['endless_grants', 'advice', { endless: [{ id: 'grant_1', personName: 'Guest 1' }] }],
    ['open_alerts', 'warning', { openAlerts: 1 }],
    ['event_chains', 'warning', { locks: [lock({ gaps: [{ kind: 'missing' }] })] }],
    ['event_chains', 'warning', { locks: [lock({ gaps: [{ kind: 'altered' }] })] }],
    ['event_chains', 'warning', { locks: [lock({ chain: { unsettledSince: NOW - 2 * DAY_MS - 1 } })] }],
    ['audit_witness', 'advice', { witnesses: [] }],
    ['audit_witness', 'warning', { witnesses: [{ name: 'file', newestAt: undefined }] }],
    ['event_retention', 'advice', { retentionDays: undefined }],
    ['legacy_locks', 'warning', { locks: [lock({ suite: 'legacy' })] }],
    ['lock_clocks', 'warning', { locks: [reported({ clock: 'unset' })] }],
    ['lock_clocks', 'warning', { locks: [reported({ clock: 'uncertain' })] }],
    ['stale_locks', 'warning', { locks: [lock({ stale: true, staleReason: 'overdue' })] }],
    ['unchained_locks', 'advice', { locks: [lock({ chained: false, chain: undefined })] }],
    ['low_batteries', 'warning', { locks: [reported({ batteryPercent: 20 })] }],
    [
      'offline_gateways',
      'warning',
      { gateways: [{ id: 'gw_1', name: 'ground', state: 'enrolled', createdAt: 1, online: false }] },
    ],
    ['offline_leases', 'advice', { properties: [{ id: 'prop_1', name: 'Hotel', offlineLeaseS: 72 * 3600 + 1 }] }],
  ])('%s finds it, as %s, and no other does', (id, level, more) => {
    const found = findingsOf(facts(more)).filter((one) => one.level !== 'ok');
    expect(found).toMatchObject([{ id, level }]);
  });

  it('asks nobody to set the clock of a lock that has none', () => {
    const [first] = findingsOf(facts({ locks: [{ ...reported({ clock: 'unset' }), hasClock: false }] }));
    expect(first?.level).toBe('ok');
  });

  it('does not take what the lock said itself that it gave up for missing', () => {
    const [first] = findingsOf(facts({ locks: [lock({ gaps: [{ kind: 'lost' }, { kind: 'reset' }] })] }));
    expect(first?.level).toBe('ok');
  });

  it('names at most so many, and says how many there are', () => {
    const locks = Array.from({ length: 50 }, (_, n) => lock({ doorId: `door_${n}`, doorName: `${n}`, stale: true }));
    const [found] = findingsOf(facts({ locks }));
    expect(found).toMatchObject({ id: 'stale_locks', values: { count: 50 } });
    expect(found?.subjects).toHaveLength(SUBJECTS_MOST);
    expect(found?.subjects[0]).toEqual({ kind: 'door', id: 'door_0', name: '0' });
  });
});

it('warnings come first, then advice', () => {
  const levels = findingsOf(facts({ openAlerts: 2, retentionDays: undefined })).map(({ level }) => level);
  expect(levels.slice(0, 3)).toEqual(['warning', 'advice', 'ok']);
});
