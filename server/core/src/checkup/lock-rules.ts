import type { CheckedLock, CheckFacts } from './facts.ts';
import { about, type Rule } from './finding.ts';
import type { FindingSubject } from './model.ts';

const DAY_MS = 86_400_000;
/** A head that counts events which have not come is waited with for so long. */
const UNSETTLED_DAYS = 2;
/** At and below it, percent, a battery wants changing soon. */
const LOW_BATTERY_PERCENT = 20;

const doorOf = ({ doorId, doorName }: CheckedLock): FindingSubject => ({ kind: 'door', id: doorId, name: doorName });

/** Locks whose protocol is weak. */
export const legacyLocks: Rule<CheckFacts> = ({ locks }) =>
  about(
    { id: 'legacy_locks', where: 'doors', level: 'warning' },
    locks.filter(({ suite }) => suite === 'legacy').map(doorOf),
    {
      ok: 'Every lock speaks a hardened protocol.',
      found: (count) => `Locks that speak a legacy protocol, which is weak: ${count}. Replace them.`,
    },
  );

/**
 * Locks that have a clock and do not trust it: windows, schedules and leases rest on it. Those of a maker without clocks
 * decide nothing by the time, and nothing can be set in them.
 */
export const lockClocks: Rule<CheckFacts> = ({ locks }) =>
  about(
    { id: 'lock_clocks', where: 'doors', level: 'warning' },
    locks
      .filter(({ hasClock, report }) => hasClock && report !== null && report.attributes.clock !== 'valid')
      .map(doorOf),
    {
      ok: 'The clock of every lock that has one, and has answered, is valid.',
      found: (count) => `Locks that do not trust their clocks: ${count}. Set them: windows and schedules rest on it.`,
    },
  );

/** Locks of which nothing is known now. */
export const staleLocks: Rule<CheckFacts> = ({ locks }) =>
  about({ id: 'stale_locks', where: 'doors', level: 'warning' }, locks.filter(({ stale }) => stale).map(doorOf), {
    ok: 'Every lock has proved its state lately.',
    found: (count) =>
      `Locks that have not proved their state lately, so that what is shown of them may not be so: ${count}.`,
  });

/** Locks whose events cannot all be shown, or do not hash to what was signed. */
export const eventChains: Rule<CheckFacts> = ({ locks, now }) =>
  about(
    { id: 'event_chains', where: 'audit', level: 'warning' },
    locks
      .filter(({ gaps, chain }) => {
        const overdue = chain?.unsettledSince != null && now - chain.unsettledSince > UNSETTLED_DAYS * DAY_MS;
        return overdue || gaps.some(({ kind }) => kind === 'missing' || kind === 'altered');
      })
      .map(doorOf),
    {
      ok: 'No event of a lock is missing or altered.',
      found: (count) => `Locks of which events are missing or altered: ${count}.`,
    },
  );

/** Locks whose makers sign nothing of their events. */
export const unchainedLocks: Rule<CheckFacts> = ({ locks }) =>
  about(
    { id: 'unchained_locks', where: 'doors', level: 'advice' },
    locks.filter(({ chained }) => !chained).map(doorOf),
    {
      ok: 'Every lock signs its events.',
      found: (count) => `Locks that do not sign their events, so that nothing shows what is missing: ${count}.`,
    },
  );

/** Batteries that want changing. */
export const lowBatteries: Rule<CheckFacts> = ({ locks }) =>
  about(
    { id: 'low_batteries', where: 'batteries', level: 'warning' },
    locks
      .filter(({ report }) => report !== null && report.attributes.batteryPercent <= LOW_BATTERY_PERCENT)
      .map(doorOf),
    {
      ok: `Every battery that was proved is above ${LOW_BATTERY_PERCENT} percent.`,
      found: (count) => `Batteries at ${LOW_BATTERY_PERCENT} percent or less: ${count}.`,
    },
  );
