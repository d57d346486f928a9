import { useApi, useTexts } from '@cardea/client-ui';
import type { DoorMode } from '@cardea/wire-api';
import { Button, SegmentedControl, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useDoors } from '../estate/use-estate.ts';
import { useAct } from '../parts/act.ts';
import { AttemptOutcome } from '../parts/attempt-outcome.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { StateBadge, type Tone } from '../parts/state-badge.tsx';
import { Empty } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { MODES_KEY } from './modes-of.ts';
import { askedState } from './summary.ts';
import { modesTexts } from './texts.ts';

const FILTERS = ['all', 'notNormal', 'open'] as const;
type Filter = (typeof FILTERS)[number];

const TONES: Readonly<Record<'normal' | 'passage' | 'lockdown', Tone>> = {
  normal: 'good',
  passage: 'info',
  lockdown: 'bad',
};
/** Rows that are drawn before more are asked for. */
const PAGE = 100;

/** Each door with the mode that its lock has confirmed, and what it was asked for since. */
export function ModeTable({
  doors,
  propertyId,
  mayManage,
}: {
  readonly doors: readonly DoorMode[];
  readonly propertyId: string;
  readonly mayManage: boolean;
}): ReactNode {
  const api = useApi();
  const say = useTexts(modesTexts);
  const [filter, setFilter] = useState<Filter>('all');
  const [shown, setShown] = useState(PAGE);
  const names = new Map((useDoors(propertyId).data ?? []).map(({ id, name }) => [id, name]));
  const wanted = doors.filter((door) => fits(door, filter));
  const normal = useAct<string>({
    stale: [MODES_KEY],
    work: (doorId) => api.doors.setMode(doorId, 'normal'),
  });
  return (
    <Panel
      title={say('doors')}
      padded={false}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={say('show')}
          value={filter}
          onChange={(value) => setFilter(FILTERS.find((one) => one === value) ?? 'all')}
          data={FILTERS.map((value) => ({ value, label: say(value) }))}
        />
      }
    >
      {wanted.length === 0 ? (
        <Empty title={say('none')} />
      ) : (
        <DataTable
          label={say('doors')}
          rows={wanted.slice(0, shown)}
          rowKey={({ door_id: id }) => id}
          more={{ has: wanted.length > shown, busy: false, load: () => setShown(shown + PAGE) }}
          columns={[
            {
              key: 'door',
              title: say('doors'),
              cell: ({ door_id: id }) => <PageLink to={`/doors/${id}`}>{names.get(id) ?? '…'}</PageLink>,
              sort: ({ door_id: id }) => names.get(id) ?? null,
            },
            { key: 'mode', title: say('mode'), cell: (door) => <ModeBadge door={door} />, sort: ({ mode }) => mode },
            {
              key: 'confirmed',
              title: say('confirmedAt'),
              cell: ({ confirmed_at: at }) => (at === null ? '—' : <When at={at} />),
              sort: ({ confirmed_at: at }) => at,
            },
            { key: 'asked', title: say('asked'), cell: (door) => <Asked door={door} /> },
          ]}
          {...(mayManage && {
            actions: (door: DoorMode) =>
              door.mode !== 'normal' &&
              door.has_lock &&
              askedState(door) !== 'waiting' && (
                <Button size="compact-sm" variant="subtle" onClick={() => void normal.run(door.door_id)}>
                  {say('normal')}
                </Button>
              ),
          })}
        />
      )}
    </Panel>
  );
}

function ModeBadge({ door: { mode, until, has_lock: hasLock } }: { readonly door: DoorMode }): ReactNode {
  const say = useTexts(modesTexts);
  if (!hasLock) return say('noLock');
  if (mode === null) return <StateBadge tone="warn">{say('unknown')}</StateBadge>;
  return (
    <>
      <StateBadge tone={TONES[mode]}>{say(`mode_${mode}`)}</StateBadge>
      {until !== null && (
        <Text span size="sm">
          {' '}
          {say('untilAt')} <When at={until} />
        </Text>
      )}
    </>
  );
}

function Asked({ door: { asked } }: { readonly door: DoorMode }): ReactNode {
  const say = useTexts(modesTexts);
  if (asked === null) return '—';
  return (
    <AttemptOutcome
      attempt={asked.attempt}
      badge={(state) => say('askedFor', { mode: say(`mode_${asked.mode}`), state })}
    />
  );
}

function fits(door: DoorMode, filter: Filter): boolean {
  if (filter === 'notNormal') return door.has_lock && door.mode !== 'normal';
  return filter === 'all' || askedState(door) !== undefined;
}
