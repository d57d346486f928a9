import type { Say } from '@cardea/client-ui';
import type { OpeningReason } from './outcome.ts';
import type { openTexts } from './texts.ts';

type Key = NonNullable<(typeof openTexts)['key']>;

/** What each reason is called; the ones that people never meet share one text. */
const WORDS: { readonly [Reason in OpeningReason]?: Key } = {
  jammed: 'r_jammed',
  battery_empty: 'r_battery_empty',
  privacy: 'r_privacy',
  not_permitted: 'r_not_permitted',
  busy: 'r_busy',
  unsupported: 'r_unsupported',
  failed: 'r_failed',
  expired: 'r_expired',
  revoked: 'r_revoked',
  outside_schedule: 'r_outside_schedule',
  spent: 'r_spent',
  clock: 'r_clock',
  clock_drift: 'r_clock',
  clock_uncertain: 'r_clock',
  lockdown: 'r_lockdown',
  late: 'r_late',
  gateway_offline: 'r_unreached',
  out_of_range: 'r_unreached',
  no_answer: 'r_unreached',
  not_sent: 'r_unreached',
  no_key: 'r_no_key',
  not_heard: 'r_not_heard',
  not_connected: 'r_not_connected',
  other_lock: 'r_other_lock',
  refused: 'r_refused',
};

/** Why a door did not open, for whoever stands before it. */
export function reasonWords(say: Say<Key>, reason: OpeningReason): string {
  const key = WORDS[reason];
  return key === undefined ? say('r_unnamed', { reason: reason.replaceAll('_', ' ') }) : say(key);
}
