import type { Figure } from './measure.ts';
import { startBrowserEstate } from './web/estate.ts';
import { frames } from './web/frames.ts';
import { live } from './web/live.ts';
import { sizes } from './web/sizes.ts';

/** The web apps in Chromium: what they weigh, how evenly the plan of a large property is drawn, how soon it shows a change. */
export async function web({
  doors = 2000,
  rounds = 6,
  lookMs = 3_000,
  changesPerS = 20,
  changes = 200,
}: {
  readonly doors?: number;
  readonly rounds?: number;
  readonly lookMs?: number;
  readonly changesPerS?: number;
  readonly changes?: number;
} = {}): Promise<readonly Figure[]> {
  console.error(`  a property of ${doors} doors ...`);
  const estate = await startBrowserEstate(doors);
  try {
    console.error('  sizes ...');
    const weighed = await sizes(estate);
    console.error('  frames ...');
    const drawn = await frames(estate, { rounds, lookMs, changesPerS });
    console.error('  changes ...');
    return [...weighed, ...drawn, ...(await live(estate, { changes }))];
  } finally {
    await estate.stop();
  }
}
