import type { Ending, GrantMethod } from '@cardea/wire-api';
import { formatMoment } from './moment.ts';
import { defineTexts, say } from './texts.ts';

const endingTexts = defineTexts('ending', {
  nothing_held: ['Nothing was given out that opens at the door', '没有发放过可在门上使用的凭证'],
  acknowledged: ['Cannot open since {{at}}: the lock has acknowledged', '自 {{at}} 起无法开门：门锁已确认'],
  acknowledged_untimed: ['Cannot open: the lock has acknowledged', '无法开门：门锁已确认'],
  lease: [
    'Cannot open after {{at}}, when keys and PINs run out at the latest',
    '{{at}} 之后无法开门：钥匙和密码最迟届时失效',
  ],
  lease_over: ['Cannot open since {{at}}: keys and PINs have run out', '自 {{at}} 起无法开门：钥匙和密码已失效'],
  lease_if: ['If revoked now: cannot open after {{at}}', '若现在撤销：{{at}} 之后无法开门'],
  no_clock: [
    'No end until the lock has heard of it: an emergency key asks no clock',
    '在门锁获知之前没有截止时间：应急钥匙不依赖时钟',
  ],
  no_end: ['No end until the lock has heard of it: the grant has none', '在门锁获知之前没有截止时间：该授权未设期限'],
});

/** Whether somebody may still open by what was given out, as far as is known at `now` (Unix ms). */
export function mayStillOpen({ cannot_open_after: at, why }: Ending, now: number): boolean {
  if (why === 'nothing_held' || why === 'acknowledged') return false;
  return at === null || Date.parse(at) > now;
}

/**
 * Until when somebody can open and why, in one sentence, with times of `zone` (IANA). `revoked`: whether the right was taken
 * back, or it is asked what would be if it were. `now` is in Unix ms.
 */
export function describeEnding(
  ending: Ending,
  { zone, revoked, now }: { readonly zone: string; readonly revoked: boolean; readonly now: number },
): string {
  const { cannot_open_after: moment, why } = ending;
  const at = moment === null ? undefined : formatMoment(moment, zone);
  switch (why) {
    case 'nothing_held':
      return say(endingTexts, 'nothing_held');
    case 'acknowledged':
      return at === undefined ? say(endingTexts, 'acknowledged_untimed') : say(endingTexts, 'acknowledged', { at });
    case 'lease':
      if (at === undefined) return say(endingTexts, 'no_end');
      if (!mayStillOpen(ending, now)) return say(endingTexts, 'lease_over', { at });
      return say(endingTexts, revoked ? 'lease' : 'lease_if', { at });
    case 'no_clock':
      return say(endingTexts, 'no_clock');
    case 'no_end':
      return say(endingTexts, 'no_end');
  }
}

/** The end of each door by all its methods together: the one that opens the longest counts. */
export function latestEndings(
  methods: readonly Pick<GrantMethod, 'door_id' | 'ending'>[],
): ReadonlyMap<string, Ending> {
  const latest = new Map<string, Ending>();
  for (const { door_id: doorId, ending } of methods) {
    if (doorId === null) continue;
    const known = latest.get(doorId);
    if (known === undefined || later(ending, known)) latest.set(doorId, ending);
  }
  return latest;
}

function later(one: Ending, other: Ending): boolean {
  return rank(one) > rank(other);
}

/** What has no known end outlasts every time, and nothing held is before them all. */
function rank({ cannot_open_after: at, why }: Ending): number {
  if (why === 'nothing_held') return Number.NEGATIVE_INFINITY;
  if (at !== null) return Date.parse(at);
  return why === 'acknowledged' ? 0 : Number.POSITIVE_INFINITY;
}
