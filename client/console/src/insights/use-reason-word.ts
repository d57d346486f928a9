import { useTexts } from '@cardea/client-ui';
import type { SayReason } from './figures.ts';
import { reasonTexts } from './texts.ts';

const KNOWN: readonly string[] = [
  'privacy',
  'battery_empty',
  'not_permitted',
  'expired',
  'revoked',
  'outside_schedule',
  'spent',
  'clock',
  'lockdown',
  'foreign_key',
  'wrong_pin',
  'busy',
  'jammed',
  'late',
  'no_answer',
  'out_of_range',
  'gateway_offline',
  'outcome_unknown',
  'not_sent',
  'clock_drift',
  'clock_uncertain',
  'key_mismatch',
  'refused',
  'unsupported',
  'superseded',
  'full',
  'not_bound',
  'failed',
  'step_back',
  'below_floor',
  'internal',
  'done',
  'other',
] satisfies Parameters<SayReason>[0][];

/** Says the word for a reason of the API; one that is not known is said as it is. */
export function useReasonWord(): (reason: string) => string {
  const say = useTexts(reasonTexts);
  return (reason) => (isKnown(reason) ? say(reason) : reason.replaceAll('_', ' '));
}

function isKnown(reason: string): reason is Parameters<SayReason>[0] {
  return KNOWN.includes(reason);
}
