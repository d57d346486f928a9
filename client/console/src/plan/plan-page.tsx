import './plan.css';
import { useApi, useTexts } from '@cardea/client-ui';
import { Anchor, Group, NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { DoorSign } from '../doors/door-sign.tsx';
import { doorLine } from '../doors/door-words.ts';
import { marksOf, SIGN_ORDER } from '../doors/signs.ts';
import { doorTexts } from '../doors/texts.ts';
import type { LiveDoor } from '../live/estate.ts';
import { useLiveDoor, useLiveDoors, useLiveEstate, useLiveLoading, useLiveMembers } from '../live/live.tsx';
import { pageTexts } from '../page-texts.ts';
import { everyOf } from '../parts/every-of.ts';
import { Page, Panel } from '../parts/page.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { useNow } from '../parts/when.tsx';
import { useProperty, useZone } from '../shell/property.tsx';
import { floorsOf } from './floors.ts';
import { PlanCanvas } from './plan-canvas.tsx';
import { planTexts } from './texts.ts';

const EVERY = 'every';

/** The doors of the property where they are, as they are. */
export function PlanPage(): ReactNode {
  const sayPage = useTexts(pageTexts);
  const loading = useLiveLoading();
  const estate = useLiveEstate();
  return (
    <Page title={sayPage('plan')}>
      {loading === 'loading' ? (
        <Loading />
      ) : loading === 'ready' ? (
        <Plan />
      ) : (
        <Failed error={loading.failure} retry={() => estate.reread()} />
      )}
    </Page>
  );
}

function Plan(): ReactNode {
  const say = useTexts(planTexts);
  const api = useApi();
  const property = useProperty();
  const [, go] = useLocation();
  const doors = useLiveMembers();
  const [chosenId, choose] = useState<string>();
  const [floorId, setFloor] = useState(EVERY);
  const { data: floors, error } = useQuery({
    queryKey: ['floors', property.id],
    queryFn: ({ signal }) => everyOf(api.floors.list({ property_id: property.id }, { signal })),
  });
  const all = useMemo(
    () => (floors === undefined ? undefined : floorsOf(doors, floors, say('noFloor'))),
    [doors, floors, say],
  );
  const shown = useMemo(() => all?.filter(({ id }) => floorId === EVERY || floorId === id), [all, floorId]);
  if (error && floors === undefined) return <Failed error={error} />;
  if (all === undefined || shown === undefined) return <Loading />;
  if (doors.length === 0) return <Empty title={say('noDoors')}>{say('noDoorsHint')}</Empty>;
  const open = (id: string): void => go(`/doors/${id}`);
  return (
    <Panel padded={false}>
      <Group px="md" py="xs" justify="space-between" gap="sm">
        <NativeSelect
          size="xs"
          aria-label={say('floor')}
          value={floorId}
          onChange={(event) => setFloor(event.currentTarget.value)}
          data={[
            { value: EVERY, label: say('everyFloor') },
            ...all.toReversed().map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {say('keys')}
        </Text>
      </Group>
      <PlanCanvas floors={shown} chosenId={chosenId} onChoose={choose} onOpen={open} />
      <Group px="md" py="xs" justify="space-between" gap="sm" align="start">
        <Chosen id={chosenId} />
        <Legend />
      </Group>
    </Panel>
  );
}

function Chosen({ id }: { readonly id: string | undefined }): ReactNode {
  const say = useTexts(planTexts);
  const zone = useZone();
  const now = useNow(15_000);
  const live = useLiveDoor(id ?? '');
  if (live === undefined) {
    return (
      <div className="plan-chosen" aria-live="polite">
        <Text size="sm" c="dimmed">
          {say('chooseOne')}
        </Text>
      </div>
    );
  }
  const { door, state } = live;
  return (
    <div className="plan-chosen" aria-live="polite">
      <DoorSign sign={state.sign} stale={state.stale !== null} marks={marksOf(state)} size={26} />
      <Text size="sm">{doorLine(door.name, state, zone, now)}</Text>
      <Anchor component={Link} href={`/doors/${door.id}`} size="sm">
        {say('openDoor')}
      </Anchor>
    </div>
  );
}

/** The signs that there are now, each with its number: a legend and a summary in one. */
function Legend(): ReactNode {
  const say = useTexts(planTexts);
  const sayDoor = useTexts(doorTexts);
  const doors = useLiveDoors();
  const count = (is: (live: LiveDoor) => boolean): number => doors.filter(is).length;
  const stale = count(({ state }) => state.stale !== null);
  const low = count(({ state }) => state.batteryLow);
  return (
    <ul className="plan-legend" aria-label={say('legend')}>
      {SIGN_ORDER.map((sign) => (
        <li key={sign}>
          <DoorSign sign={sign} />
          {sayDoor(sign)} <b>{count(({ state }) => state.sign === sign)}</b>
        </li>
      ))}
      <li>
        <DoorSign sign="locked" stale />
        {sayDoor('stale')} <b>{stale}</b>
      </li>
      <li>
        <DoorSign sign="locked" marks={['battery']} />
        {sayDoor('battery')} <b>{low}</b>
      </li>
      <li>
        <DoorSign sign="locked" marks={['lockdown']} />
        {sayDoor('lockdown')} <b>{count(({ state }) => state.mode === 'lockdown')}</b>
      </li>
      <li>
        <DoorSign sign="locked" marks={['passage']} />
        {sayDoor('passage')} <b>{count(({ state }) => state.mode === 'passage')}</b>
      </li>
    </ul>
  );
}
