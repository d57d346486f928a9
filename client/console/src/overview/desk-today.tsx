import { useTexts, wallClock } from '@cardea/client-ui';
import { EnterIcon, ExitIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { Panel } from '../parts/page.tsx';
import { useNow } from '../parts/when.tsx';
import { useProperty } from '../shell/property.tsx';
import { deskDay } from '../stay/desk-day.ts';
import { useStays } from '../stay/stays-of.ts';
import { overviewTexts } from './texts.ts';
import { Tiles } from './tile.tsx';

/** Whoever keeps the desk has its own page; here it is looked less often. */
const LOOK_AGAIN_MS = 2 * 60_000;

/** Who comes and who leaves today, by the clocks of the property. */
export function DeskToday(): ReactNode {
  const say = useTexts(overviewTexts);
  const { id: propertyId, time_zone: zone } = useProperty();
  const now = useNow(60_000);
  const { data, error } = useStays(propertyId, LOOK_AGAIN_MS);
  const day = data === undefined ? undefined : deskDay(data, wallClock(now, zone).date, zone);
  const overdue = day?.departures.filter(({ to }) => Date.parse(to) < now).length ?? 0;
  return (
    <Panel title={say('today')}>
      <Tiles
        label={say('today')}
        matters={[
          {
            href: '/desk?tab=arrivals',
            label: say('arrivals'),
            icon: <EnterIcon />,
            tone: 'info',
            count: day?.arrivals.length,
            error,
          },
          {
            href: '/desk?tab=departures',
            label: say('departures'),
            icon: <ExitIcon />,
            tone: overdue > 0 ? 'warn' : 'info',
            count: day?.departures.length,
            error,
            note: overdue > 0 ? say('overdue', { count: overdue }) : undefined,
          },
        ]}
      />
    </Panel>
  );
}
