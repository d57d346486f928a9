import { useTexts } from '@cardea/client-ui';
import { Button, Text } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useFloors } from '../../estate/use-estate.ts';
import { useLiveDoors, useLiveEstate, useLiveLoading, useLiveMembers } from '../../live/live.tsx';
import { pageTexts } from '../../page-texts.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { Empty, Failed, Loading } from '../../parts/states.tsx';
import { byName } from '../../plan/layout.ts';
import { useProperty } from '../../shell/property.tsx';
import { DoorFilters } from './door-filters.tsx';
import { DoorTable } from './door-table.tsx';
import { filterDoors, sortDoors } from './filter.ts';
import { doorListTexts } from './texts.ts';
import { useDoorQuery } from './use-door-query.ts';

/** The doors of the property as a list, with their states as they are. */
export function DoorsPage(): ReactNode {
  const sayPage = useTexts(pageTexts);
  const loading = useLiveLoading();
  const estate = useLiveEstate();
  return (
    <Page title={sayPage('doors')}>
      {loading === 'loading' ? (
        <Loading />
      ) : loading === 'ready' ? (
        <Doors />
      ) : (
        <Failed error={loading.failure} retry={() => estate.reread()} />
      )}
    </Page>
  );
}

function Doors(): ReactNode {
  const say = useTexts(doorListTexts);
  const { id: propertyId } = useProperty();
  const members = useLiveMembers();
  const [query, setQuery] = useDoorQuery();
  const floors = useFloors(propertyId).data;
  const floorNames = useMemo(() => new Map(floors?.map(({ id, name }) => [id, name])), [floors]);
  if (members.length === 0) return <Empty title={say('none')}>{say('noneWhy')}</Empty>;
  return (
    <Panel padded={false}>
      <DoorFilters query={query} onChange={setQuery} floors={floors ?? []} />
      <Matches query={query} onChange={setQuery} floorNames={floorNames} />
    </Panel>
  );
}

/** Drawn anew with every change of a state, since that may change who fits; the rows themselves are not. */
function Matches({
  query,
  onChange,
  floorNames,
}: {
  readonly query: ReturnType<typeof useDoorQuery>[0];
  readonly onChange: ReturnType<typeof useDoorQuery>[1];
  readonly floorNames: ReadonlyMap<string, string>;
}): ReactNode {
  const say = useTexts(doorListTexts);
  const estate = useLiveEstate();
  const members = useLiveMembers();
  const doors = useLiveDoors();
  const order = useMemo(() => members.toSorted(byName).map(({ id }) => id), [members]);
  const { filter, sort, descending } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the estate hands out other states with each list of doors
  const ids = useMemo(() => {
    const inOrder = order.flatMap((id) => estate.door(id) ?? []);
    return sortDoors(filterDoors(inOrder, filter), sort, descending).map(({ door }) => door.id);
  }, [doors, order, filter.text, filter.state, filter.floorId, filter.kind, sort, descending]);
  const all = members.length;
  return (
    <>
      <Text size="xs" c="dimmed" px="md" pb="xs" role="status">
        {ids.length === all ? say('all', { count: all }) : say('shown', { shown: ids.length, all })}
      </Text>
      {ids.length === 0 ? (
        <Empty
          title={say('noMatch')}
          action={
            <Button
              variant="default"
              onClick={() =>
                onChange({
                  ...query,
                  filter: { text: '', state: undefined, floorId: undefined, kind: undefined },
                })
              }
            >
              {say('clear')}
            </Button>
          }
        >
          {say('noMatchWhy')}
        </Empty>
      ) : (
        <DoorTable
          ids={ids}
          floorNames={floorNames}
          sort={sort}
          descending={descending}
          onSort={(by) => onChange({ ...query, sort: by, descending: by === sort && !descending })}
        />
      )}
    </>
  );
}
