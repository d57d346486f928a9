import { formatMoment, useTexts } from '@cardea/client-ui';
import type { Property } from '@cardea/wire-api';
import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useDoors } from '../estate/use-estate.ts';
import { useStays } from './stays-of.ts';
import { stayTexts } from './texts.ts';

/** A door of the property by what is written on it; who has a room for how long stands beside it. */
export function RoomField({
  property,
  label,
  any = false,
  value,
  onChange,
  error,
}: {
  readonly property: Property;
  readonly label: string;
  /** Every door, and not guest rooms alone. */
  readonly any?: boolean;
  readonly value: string | null;
  readonly onChange: (doorId: string | null) => void;
  readonly error: string | undefined;
}): ReactNode {
  const say = useTexts(stayTexts);
  const doors = useDoors(property.id).data;
  const stays = useStays(property.id).data ?? [];
  const taken = new Map(
    stays
      .filter(({ state }) => state === 'checked_in')
      .flatMap(({ door_ids, to }) => door_ids.map((id) => [id, to] as const)),
  );
  const options = (doors ?? [])
    .filter(({ kind }) => any || kind === 'guest')
    .map(({ id, name }) => {
      const until = taken.get(id);
      return {
        value: id,
        label: until === undefined ? name : say('held', { room: name, until: formatMoment(until, property.time_zone) }),
      };
    });
  return (
    <Select
      label={label}
      placeholder={say('chooseRoom')}
      data={options}
      value={value}
      onChange={onChange}
      error={error}
      nothingFoundMessage={say('noRooms')}
      searchable
      required
      withAsterisk={false}
      limit={100}
      data-autofocus
    />
  );
}
