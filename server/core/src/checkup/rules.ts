import { auditWitness, eventRetention, offlineGateways, offlineLeases, openAlerts } from './estate-rules.ts';
import type { CheckFacts } from './facts.ts';
import type { Rule } from './finding.ts';
import { eventChains, legacyLocks, lockClocks, lowBatteries, staleLocks, unchainedLocks } from './lock-rules.ts';
import type { Finding, FindingLevel } from './model.ts';
import {
  endlessGrants,
  initialPasswords,
  longTokens,
  openRegistration,
  secondFactorPolicy,
  secondFactors,
} from './people-rules.ts';

/** Every rule, in the order in which findings of one level are told. */
export const RULES: readonly Rule<CheckFacts>[] = [
  secondFactors,
  initialPasswords,
  secondFactorPolicy,
  openRegistration,
  longTokens,
  endlessGrants,
  openAlerts,
  eventChains,
  auditWitness,
  eventRetention,
  legacyLocks,
  lockClocks,
  staleLocks,
  unchainedLocks,
  lowBatteries,
  offlineGateways,
  offlineLeases,
];

const ORDER: readonly FindingLevel[] = ['warning', 'advice', 'ok'];

/** What the rules find in the facts: warnings first, then advice, then what is in order. */
export function findingsOf(facts: CheckFacts): readonly Finding[] {
  const all = RULES.map((rule) => rule(facts));
  return ORDER.flatMap((level) => all.filter((finding) => finding.level === level));
}
