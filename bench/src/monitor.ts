import { scoreMonitor } from '@cardea/twin-building';
import { type Figure, figure } from './measure.ts';

/**
 * Precision and recall of the monitor's alerts over seeded days of a virtual hotel: ordinary life, and incidents whose
 * alert is known. What was missed and what was unfounded is told on standard error.
 */
export async function monitor({
  days = 12,
  seed = 1,
}: {
  readonly days?: number;
  readonly seed?: number;
} = {}): Promise<readonly Figure[]> {
  const score = await scoreMonitor(days, seed);
  for (const line of score.wrong) console.error(`  ${line}`);
  const { incidents, found, alerts, unfounded } = score;
  const of = { days, seed, incidents, found, alerts, unfounded };
  const name = `alerts of the monitor over ${days} seeded days`;
  return [
    figure(`${name}, precision`, score.precision, 'ratio', '>= 0.95', of),
    figure(`${name}, recall`, score.recall, 'ratio', '>= 0.95', of),
  ];
}
