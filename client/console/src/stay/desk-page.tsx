import { formatDay, useTexts, wallClock } from '@cardea/client-ui';
import type { Stay } from '@cardea/wire-api';
import { Button, Tabs } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'wouter';
import { pageTexts } from '../page-texts.ts';
import { DataTable } from '../parts/data-table.tsx';
import { DoorName, PersonName } from '../parts/names.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { useNow, When } from '../parts/when.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { type DeskDay, deskDay } from './desk-day.ts';
import { useStays } from './stays-of.ts';
import type { Task } from './task.ts';
import { TaskDialog } from './task-dialog.tsx';
import { stayTexts } from './texts.ts';

const TABS = ['arrivals', 'inHouse', 'departures', 'later'] as const satisfies readonly (keyof DeskDay)[];
type Tab = (typeof TABS)[number];

const EMPTY = {
  arrivals: 'noArrivals',
  inHouse: 'noInHouse',
  departures: 'noDepartures',
  later: 'noLater',
} as const satisfies Record<Tab, string>;

/** Who comes, is there and leaves today, with what the desk does about it. */
export function DeskPage(): ReactNode {
  const property = useProperty();
  const say = useTexts(stayTexts);
  const sayPage = useTexts(pageTexts);
  const may = useScopes();
  const stays = useStays(property.id);
  const now = useNow(60_000);
  const [task, setTask] = useState<Task>();
  const [begun, setBegun] = useState(0);
  const begin = (next: Task): void => {
    setTask(next);
    setBegun(begun + 1);
  };
  const today = wallClock(now, property.time_zone).date;
  const mayCheckIn = may('stays:write');
  return (
    <Page
      title={sayPage('desk')}
      lead={say('lead', { date: formatDay(today), property: property.name })}
      actions={
        mayCheckIn && (
          <>
            <Button variant="default" onClick={() => begin({ kind: 'importFile' })}>
              {say('importFile')}
            </Button>
            {may('grants:write') && (
              <Button variant="default" onClick={() => begin({ kind: 'oneShot' })}>
                {say('oneShot')}
              </Button>
            )}
            <Button leftSection={<PlusIcon aria-hidden />} onClick={() => begin({ kind: 'checkIn' })}>
              {say('checkIn')}
            </Button>
          </>
        )
      }
    >
      <Loaded query={stays}>
        {(all) => (
          <DayTabs day={deskDay(all, today, property.time_zone)} now={now} onTask={mayCheckIn ? begin : undefined} />
        )}
      </Loaded>
      {task !== undefined && (
        <TaskDialog
          key={begun}
          property={property}
          task={task}
          onClose={() => setTask(undefined)}
          onAnother={() => begin({ kind: 'checkIn' })}
        />
      )}
    </Page>
  );
}

function DayTabs({
  day,
  now,
  onTask,
}: {
  readonly day: DeskDay;
  readonly now: number;
  readonly onTask: ((task: Task) => void) | undefined;
}): ReactNode {
  const say = useTexts(stayTexts);
  // In the address, so that other pages and bookmarks lead to each.
  const [params, setParams] = useSearchParams();
  const shown = TABS.find((tab) => tab === params.get('tab')) ?? 'arrivals';
  return (
    <Tabs
      value={shown}
      onChange={(tab) => setParams(tab === null ? {} : { tab }, { replace: true })}
      keepMounted={false}
    >
      <Tabs.List mb="sm">
        {TABS.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {say('tabCount', { name: say(tab), count: day[tab].length })}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map((tab) => (
        <Tabs.Panel key={tab} value={tab}>
          <Panel padded={false}>
            {day[tab].length === 0 ? (
              <Empty title={say(EMPTY[tab])}>{say('emptyHint')}</Empty>
            ) : (
              <StayTable label={say(tab)} stays={day[tab]} now={now} onTask={onTask} />
            )}
          </Panel>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function StayTable({
  label,
  stays,
  now,
  onTask,
}: {
  readonly label: string;
  readonly stays: readonly Stay[];
  readonly now: number;
  readonly onTask: ((task: Task) => void) | undefined;
}): ReactNode {
  const say = useTexts(stayTexts);
  return (
    <DataTable
      label={label}
      rows={stays}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'rooms',
          title: say('room'),
          cell: ({ door_ids: ids }) =>
            ids.map((id, at) => (
              <span key={id}>
                {at > 0 && ', '}
                <DoorName id={id} />
              </span>
            )),
        },
        { key: 'guest', title: say('guest'), cell: ({ person_id: id }) => <PersonName id={id} /> },
        { key: 'from', title: say('from'), cell: ({ from }) => <When at={from} />, sort: ({ from }) => from },
        {
          key: 'until',
          title: say('until'),
          cell: ({ to, state }) => (
            <>
              <When at={to} />{' '}
              {state === 'checked_in' && Date.parse(to) < now && <StateBadge tone="warn">{say('overdue')}</StateBadge>}
            </>
          ),
          sort: ({ to }) => to,
        },
      ]}
      {...(onTask !== undefined && { actions: (stay: Stay) => <StayActions stay={stay} onTask={onTask} /> })}
    />
  );
}

function StayActions({ stay, onTask }: { readonly stay: Stay; readonly onTask: (task: Task) => void }): ReactNode {
  const say = useTexts(stayTexts);
  const action = (kind: Extract<Task, { stay: Stay }>['kind'], primary = false): ReactNode => (
    <Button key={kind} size="compact-sm" variant={primary ? 'light' : 'subtle'} onClick={() => onTask({ kind, stay })}>
      {say(kind === 'checkInReserved' ? 'checkIn' : kind)}
    </Button>
  );
  return stay.state === 'reserved'
    ? [action('cancelStay'), action('checkInReserved', true)]
    : [action('duplicate'), action('move'), action('extend'), action('checkOut', true)];
}
