import type { Attempt } from '../model.ts';
import type { CommandCounts, OpeningCounts } from './model.ts';
import { Spread } from './spread.ts';
import { WAYS } from './ways.ts';

/** Counts of openings, none yet. */
export function noOpenings(): { -readonly [Way in keyof OpeningCounts]: number } {
  const [...ways] = WAYS;
  return Object.fromEntries(ways.map((way) => [way, 0])) as { -readonly [Way in keyof OpeningCounts]: number };
}

/** Counts commands. */
export class CommandCounter {
  readonly #times = new Spread();
  readonly #ended = { succeeded: 0, failed: 0, expired: 0 };
  #total = 0;

  add({ state, createdAt, endedAt }: Pick<Attempt, 'state' | 'createdAt' | 'endedAt'>): void {
    this.#total++;
    if (state === 'pending' || state === 'sent') return;
    this.#ended[state]++;
    if (state === 'succeeded' && endedAt !== null) this.#times.add(Math.max(0, endedAt - createdAt));
  }

  counts(): CommandCounts {
    const { succeeded, failed, expired } = this.#ended;
    const [p50Ms, p95Ms] = this.#times.percentiles([50, 95]);
    const open = this.#total - succeeded - failed - expired;
    return { total: this.#total, succeeded, failed, expired, open, p50Ms, p95Ms };
  }
}

/** How often each was met, most frequent first; those as frequent by their names. */
export function byFrequency<Name extends string>(
  counts: ReadonlyMap<Name, number>,
): readonly { readonly reason: Name; readonly count: number }[] {
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

/** Adds to the count of a name. */
export function count<Name extends string>(counts: Map<Name, number>, name: Name, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
