import { planHotel } from './hotel/plan.ts';
import { POLICIES } from './hotel/policy.ts';
import { passWeek } from './hotel/week.ts';
import { type Figure, figure } from './measure.ts';

/**
 * Which share of a hotel's openings works although its RAS is away for parts of a week, by what the property allows
 * offline. The table goes to standard error; every figure is of all openings, `of` has those during the outages.
 */
export async function hotel({
  doors = 120,
  days = 7,
  seed = 1,
  policies = POLICIES,
}: {
  readonly doors?: number;
  readonly days?: number;
  readonly seed?: number;
  readonly policies?: typeof POLICIES;
} = {}): Promise<readonly Figure[]> {
  const plan = planHotel({ doors, days, seed });
  const awayMs = plan.outages.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const awayHours = awayMs / 3_600_000;
  console.error(`  ${doors} doors, ${days} days, the RAS away for ${awayHours} h of them; seed ${seed}`);
  console.error(
    `  ${'policy'.padEnd(28)} ${'all'.padStart(8)} ${'away'.padStart(8)}   key / afar / PIN / none / not checked in`,
  );
  return policies.map((policy) => {
    const { openings, worked, inOutage, workedInOutage, byWay } = passWeek(plan, policy);
    const { key, afar, pin, none, turned_away } = byWay;
    const share = worked / openings;
    const shareAway = inOutage === 0 ? 1 : workedInOutage / inOutage;
    const row = `${percent(share)} ${percent(shareAway)}   ${key} / ${afar} / ${pin} / ${none} / ${turned_away}`;
    console.error(`  ${policy.name.padEnd(28)} ${row}`);
    const of = {
      doors,
      days,
      seed,
      awayHours,
      openings,
      worked,
      inOutage,
      workedInOutage,
      key,
      afar,
      pin,
      none,
      turned_away,
    };
    return figure(`openings of a hotel's week that work, ${policy.name}`, share, 'ratio', undefined, {
      ...of,
      shareWhileAway: shareAway,
    });
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`.padStart(8);
}
