import { useApi, useTexts } from '@cardea/client-ui';
import type { Door, DoorKind, Floor, Property } from '@cardea/wire-api';
import { Button, Select, TextInput } from '@mantine/core';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { doorKindTexts } from '../estate/texts.ts';
import { DOOR_KINDS, ESTATE_KEYS, useDoors, useFloors } from '../estate/use-estate.ts';
import { useAct } from '../parts/act.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { settingTexts } from './texts.ts';

/** Rows that are shown at once: a property has up to some thousand doors. */
const ROWS_AT_ONCE = 25;
const ON_NONE = 'none';

/** The doors of a property: added, renamed, moved to another floor, given another use, removed. */
export function DoorSettings({ property }: { readonly property: Property }): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const sayKind = useTexts(doorKindTexts);
  const doors = useDoors(property.id);
  const floors = useFloors(property.id).data ?? NO_FLOORS;
  const [wanted, setWanted] = useState('');
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const [edited, edit] = useState<Door | 'new'>();
  const [leaving, setLeaving] = useState<Door>();
  const floorName = (id: string | null): string =>
    id === null ? say('noFloor') : (floors.find((floor) => floor.id === id)?.name ?? '…');
  const look = wanted.trim().toLocaleLowerCase();
  return (
    <Panel
      title={say('doors')}
      padded={false}
      actions={
        <Button size="xs" variant="default" onClick={() => edit('new')}>
          {say('addDoor')}
        </Button>
      }
    >
      <Loaded query={doors}>
        {(all) => {
          const found = all.filter(({ name }) => name.toLocaleLowerCase().includes(look));
          return all.length === 0 ? (
            <Empty title={say('noDoors')}>{say('noDoorsWhy')}</Empty>
          ) : (
            <>
              <TextInput
                mx="md"
                mb="xs"
                maw="20rem"
                type="search"
                label={say('findDoor')}
                leftSection={<MagnifyingGlassIcon aria-hidden />}
                value={wanted}
                onChange={(event) => setWanted(event.currentTarget.value)}
              />
              {found.length === 0 ? (
                <Empty title={say('noneFound')} />
              ) : (
                <DataTable
                  label={say('doors')}
                  rows={found.slice(0, shown)}
                  rowKey={({ id }) => id}
                  more={{ has: found.length > shown, busy: false, load: () => setShown(shown + 4 * ROWS_AT_ONCE) }}
                  columns={[
                    {
                      key: 'name',
                      title: say('door'),
                      cell: ({ id, name }) => <PageLink to={`/doors/${id}`}>{name}</PageLink>,
                    },
                    { key: 'floor', title: say('floor'), cell: ({ floor_id: id }) => floorName(id) },
                    { key: 'use', title: say('use'), cell: ({ kind }) => sayKind(kind) },
                    {
                      key: 'lock',
                      title: say('lock'),
                      cell: ({ lock_id: id }) => say(id === null ? 'noLock' : 'hasLock'),
                    },
                  ]}
                  actions={(door) => (
                    <>
                      <RowButton name={say('change')} of={door.name} onClick={() => edit(door)} />
                      {door.lock_id === null && (
                        <RowButton name={say('remove')} of={door.name} onClick={() => setLeaving(door)} />
                      )}
                    </>
                  )}
                />
              )}
            </>
          );
        }}
      </Loaded>
      {edited !== undefined && (
        <DoorDialog
          property={property}
          floors={floors}
          door={edited === 'new' ? undefined : edited}
          onClose={() => edit(undefined)}
        />
      )}
      {leaving !== undefined && (
        <RemoveDialog
          name={leaving.name}
          title={say('removeDoorTitle', { name: leaving.name })}
          ask={say('removeDoorAsk')}
          remove={() => api.doors.remove(leaving.id)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Panel>
  );
}

const NO_FLOORS: readonly Floor[] = [];

function DoorDialog({
  property,
  floors,
  door,
  onClose,
}: {
  readonly property: Property;
  readonly floors: readonly Floor[];
  readonly door: Door | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const sayKind = useTexts(doorKindTexts);
  const [name, setName] = useState(door?.name ?? '');
  const [floorId, setFloor] = useState(door === undefined ? (floors[0]?.id ?? null) : door.floor_id);
  const [kind, setKind] = useState<DoorKind>(door?.kind ?? 'guest');
  const act = useAct<void, Door>({
    inline: true,
    fields: ['name', 'floor_id', 'kind'],
    stale: ESTATE_KEYS,
    work: () => {
      const what = { name: name.trim(), floor_id: floorId, kind };
      return door === undefined
        ? api.doors.add({ ...what, property_id: property.id })
        : api.doors.change(door.id, what);
    },
    done: (answer) => (door === undefined ? say('doorAdded', { name: answer.name }) : say('saved')),
    after: onClose,
  });
  return (
    <Dialog title={door === undefined ? say('addDoor') : say('editDoor', { name: door.name })} onClose={onClose}>
      <Form act={act} action={say('save')} ready={name.trim() !== ''}>
        <NameField label={say('name')} value={name} onChange={setName} error={act.wrong('name')} data-autofocus />
        <Select
          label={say('floor')}
          data={[
            { value: ON_NONE, label: say('noFloor') },
            ...floors.map(({ id, name: floor }) => ({ value: id, label: floor })),
          ]}
          value={floorId ?? ON_NONE}
          onChange={(chosen) => setFloor(chosen === ON_NONE ? null : chosen)}
          error={act.wrong('floor_id')}
          allowDeselect={false}
        />
        <Select
          label={say('use')}
          data={DOOR_KINDS.map((one) => ({ value: one, label: sayKind(one) }))}
          value={kind}
          onChange={(chosen) => setKind(DOOR_KINDS.find((one) => one === chosen) ?? kind)}
          error={act.wrong('kind')}
          allowDeselect={false}
        />
      </Form>
    </Dialog>
  );
}
