import { useTexts } from '@cardea/client-ui';
import type { DoorKind, Floor } from '@cardea/wire-api';
import { NativeSelect, TextInput } from '@mantine/core';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { doorTexts } from '../texts.ts';
import { STATE_CHOICES, type StateChoice } from './filter.ts';
import { doorListTexts } from './texts.ts';
import type { DoorQuery } from './use-door-query.ts';

const KINDS = ['guest', 'common', 'staff'] as const satisfies readonly DoorKind[];

/** What narrows the list of doors. */
export function DoorFilters({
  query,
  onChange,
  floors,
}: {
  readonly query: DoorQuery;
  readonly onChange: (next: DoorQuery) => void;
  readonly floors: readonly Floor[];
}): ReactNode {
  const say = useTexts(doorListTexts);
  const sayDoor = useTexts(doorTexts);
  const { filter } = query;
  const narrow = (more: Partial<DoorQuery['filter']>): void => onChange({ ...query, filter: { ...filter, ...more } });
  const nameOf = (choice: StateChoice): string =>
    choice === 'attention' || choice === 'stale' ? say(choice) : sayDoor(choice);
  return (
    <search className="door-filters">
      <TextInput
        size="xs"
        type="search"
        aria-label={say('search')}
        placeholder={say('searchHint')}
        leftSection={<MagnifyingGlassIcon aria-hidden />}
        value={filter.text}
        onChange={(event) => narrow({ text: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        aria-label={say('state')}
        value={filter.state ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          narrow({ state: STATE_CHOICES.find((one) => one === chosen) });
        }}
        data={[
          { value: '', label: say('everyState') },
          ...STATE_CHOICES.map((value) => ({ value, label: nameOf(value) })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={say('floor')}
        value={filter.floorId === null ? NONE : (filter.floorId ?? '')}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          narrow({ floorId: chosen === '' ? undefined : chosen === NONE ? null : chosen });
        }}
        data={[
          { value: '', label: say('everyFloor') },
          ...floors.toSorted((a, b) => b.level - a.level).map(({ id, name }) => ({ value: id, label: name })),
          { value: NONE, label: say('noFloor') },
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={say('kind')}
        value={filter.kind ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          narrow({ kind: KINDS.find((one) => one === chosen) });
        }}
        data={[{ value: '', label: say('everyKind') }, ...KINDS.map((value) => ({ value, label: say(value) }))]}
      />
    </search>
  );
}

const NONE = 'none';
