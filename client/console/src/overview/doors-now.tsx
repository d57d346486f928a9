import { useTexts } from '@cardea/client-ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { DoorSign } from '../doors/door-sign.tsx';
import { countStates, type StateChoice } from '../doors/list/filter.ts';
import type { Mark } from '../doors/signs.ts';
import { doorTexts } from '../doors/texts.ts';
import { useLiveCounts, useLiveEstate, useLiveLoading, useLiveMembers } from '../live/live.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { useMayOpen } from '../shell/may-open.ts';
import { overviewTexts } from './texts.ts';
import { type Matter, Tiles } from './tile.tsx';

type Shown = Extract<StateChoice, 'forced' | 'jammed' | 'tamper' | 'open' | 'stale' | 'battery' | 'lockdown'>;

const TONES = {
  forced: 'bad',
  tamper: 'bad',
  jammed: 'bad',
  lockdown: 'warn',
  stale: 'warn',
  battery: 'warn',
  // A door that somebody goes through is open: nothing to be done about it.
  open: 'info',
} as const satisfies Record<Shown, Matter['tone']>;

const SHOWN = Object.keys(TONES) as readonly Shown[];

/** How many doors are in each state that somebody may have to look at, live. */
export function DoorsNow(): ReactNode {
  const say = useTexts(overviewTexts);
  const estate = useLiveEstate();
  const loading = useLiveLoading();
  const isEmpty = useLiveMembers().length === 0;
  const maySetUp = useMayOpen()('/setup');
  if (loading === 'ready' && !isEmpty) return <States />;
  return (
    <Panel title={say('doors')}>
      {loading === 'loading' ? (
        <Loading />
      ) : loading !== 'ready' ? (
        <Failed error={loading.failure} retry={() => estate.reread()} />
      ) : (
        <Empty
          title={say('noDoors')}
          action={
            maySetUp && (
              <Button component={Link} href="/setup">
                {say('setUp')}
              </Button>
            )
          }
        >
          {say('noDoorsWhy')}
        </Empty>
      )}
    </Panel>
  );
}

function States(): ReactNode {
  const say = useTexts(overviewTexts);
  const sayDoor = useTexts(doorTexts);
  const counts = useLiveCounts(countStates);
  // A lockdown is said while there is one.
  const shown = SHOWN.filter((choice) => choice !== 'lockdown' || counts.lockdown > 0);
  return (
    <Panel
      title={say('doors')}
      actions={
        counts.attention === 0 ? (
          <StateBadge tone="good">{say('doorsCalm')}</StateBadge>
        ) : (
          <PageLink to="/doors?state=attention" size="sm">
            {say('doorsAll', { count: counts.attention })}
          </PageLink>
        )
      }
    >
      <Tiles
        label={say('doors')}
        matters={shown.map((choice) => ({
          href: `/doors?state=${choice}`,
          label: sayDoor(choice),
          icon: <StateSign choice={choice} />,
          tone: TONES[choice],
          count: counts[choice],
        }))}
      />
    </Panel>
  );
}

/** As the plan draws it. */
function StateSign({ choice }: { readonly choice: Shown }): ReactNode {
  if (choice === 'stale') return <DoorSign sign="locked" stale />;
  if (choice === 'forced' || choice === 'jammed' || choice === 'open') return <DoorSign sign={choice} />;
  const mark: Mark = choice;
  return <DoorSign sign="locked" marks={[mark]} />;
}
