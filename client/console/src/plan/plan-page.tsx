import './plan.css';
import { useTexts } from '@cardea/client-ui';
import type { Door, Floor } from '@cardea/wire-api';
import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { DoorSign } from '../doors/door-sign.tsx';
import { doorLine } from '../doors/door-words.ts';
import { countStates } from '../doors/list/filter.ts';
import { marksOf, SIGN_ORDER } from '../doors/signs.ts';
import { doorTexts } from '../doors/texts.ts';
import { useFloors } from '../estate/use-estate.ts';
import { useLiveCounts, useLiveDoor, useLiveEstate, useLiveLoading, useLiveMembers } from '../live/live.tsx';
import { pageTexts } from '../page-texts.ts';
import { Page, Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Empty, Failed, Loaded, Loading } from '../parts/states.tsx';
import { Unhurried } from '../parts/unhurried.tsx';
import { useNow } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty, useZone } from '../shell/property.tsx';
import { floorsOf, NO_FLOOR } from './floors.ts';
import { PlanCanvas } from './plan-canvas.tsx';
import { PlanEditor } from './plan-editor.tsx';
import { planTexts } from './texts.ts';

const EVERY = 'every';

/** The doors of the property where they are, as they are. */
export function PlanPage(): ReactNode {
  const sayPage = useTexts(pageTexts);
  const loading = useLiveLoading();
  const estate = useLiveEstate();
  return (
    <Page title={sayPage('plan')}>
      <Unhurried>
        {loading === 'loading' ? (
          <Loading />
        ) : loading === 'ready' ? (
          <Plan />
        ) : (
          <Failed error={loading.failure} retry={() => estate.reread()} />
        )}
      </Unhurried>
    </Page>
  );
}

function Plan(): ReactNode {
  const say = useTexts(planTexts);
  const property = useProperty();
  const doors = useLiveMembers();
  const floors = useFloors(property.id);
  if (doors.length === 0) return <Empty title={say('noDoors')}>{say('noDoorsHint')}</Empty>;
  return (
    <Unhurried>
      <Loaded query={floors}>{(read) => <Floors doors={doors} floors={read} />}</Loaded>
    </Unhurried>
  );
}

function Floors({ doors, floors }: { readonly doors: readonly Door[]; readonly floors: readonly Floor[] }): ReactNode {
  const say = useTexts(planTexts);
  const [, go] = useLocation();
  const [chosenId, choose] = useState<string>();
  const [floorId, setFloor] = useState(EVERY);
  const [editedId, edit] = useState<string>();
  const mayEdit = useScopes()('estate:write');
  const all = useMemo(() => floorsOf(doors, floors, say('noFloor')), [doors, floors, say]);
  const shown = useMemo(() => all.filter(({ id }) => floorId === EVERY || floorId === id), [all, floorId]);
  const edited = all.find(({ id }) => id === editedId);
  if (edited !== undefined) {
    return (
      <Panel padded={false}>
        <PlanEditor key={edited.id} floor={edited} onClose={() => edit(undefined)} />
      </Panel>
    );
  }
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
        <Group gap="md">
          <Text size="xs" c="dimmed" visibleFrom="sm">
            {say('keys')}
          </Text>
          {mayEdit && floorId !== EVERY && floorId !== NO_FLOOR && (
            <Button size="xs" variant="default" onClick={() => edit(floorId)}>
              {say('edit')}
            </Button>
          )}
        </Group>
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
      <PageLink to={`/doors/${door.id}`} size="sm">
        {say('openDoor')}
      </PageLink>
    </div>
  );
}

/** The signs that there are now, each with its number: a legend and a summary in one. */
function Legend(): ReactNode {
  const say = useTexts(planTexts);
  const sayDoor = useTexts(doorTexts);
  const counts = useLiveCounts(countStates);
  return (
    <ul className="plan-legend" aria-label={say('legend')}>
      {SIGN_ORDER.map((sign) => (
        <li key={sign}>
          <DoorSign sign={sign} />
          {sayDoor(sign)} <b>{counts[sign]}</b>
        </li>
      ))}
      <li>
        <DoorSign sign="locked" stale />
        {sayDoor('stale')} <b>{counts.stale}</b>
      </li>
      <li>
        <DoorSign sign="locked" marks={['battery']} />
        {sayDoor('battery')} <b>{counts.battery}</b>
      </li>
      <li>
        <DoorSign sign="locked" marks={['lockdown']} />
        {sayDoor('lockdown')} <b>{counts.lockdown}</b>
      </li>
      <li>
        <DoorSign sign="locked" marks={['passage']} />
        {sayDoor('passage')} <b>{counts.passage}</b>
      </li>
    </ul>
  );
}
