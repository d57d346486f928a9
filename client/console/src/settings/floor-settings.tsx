import { useApi, useTexts } from '@cardea/client-ui';
import type { Floor, Property } from '@cardea/wire-api';
import { Button, NumberInput } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { DrawingDialog } from '../estate/drawing-dialog.tsx';
import { drawingTexts } from '../estate/drawing-texts.ts';
import { ESTATE_KEYS, useDoors, useFloors } from '../estate/use-estate.ts';
import { useAct } from '../parts/act.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { Panel } from '../parts/page.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { settingTexts } from './texts.ts';

/** The floors of a property: added, renamed, put on another level, removed. */
export function FloorSettings({ property }: { readonly property: Property }): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const sayDrawing = useTexts(drawingTexts);
  const floors = useFloors(property.id);
  const doors = useDoors(property.id).data;
  const [edited, edit] = useState<Floor | 'new'>();
  const [leaving, setLeaving] = useState<Floor>();
  const [drawn, setDrawn] = useState<Floor>();
  const counts = useMemo(() => {
    const byFloor = new Map<string | null, number>();
    for (const { floor_id: id } of doors ?? []) byFloor.set(id, (byFloor.get(id) ?? 0) + 1);
    return byFloor;
  }, [doors]);
  return (
    <Panel
      title={say('floors')}
      padded={false}
      actions={
        <Button size="xs" variant="default" onClick={() => edit('new')}>
          {say('addFloor')}
        </Button>
      }
    >
      <Loaded query={floors}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={say('noFloors')} />
          ) : (
            <DataTable
              label={say('floors')}
              rows={all}
              rowKey={({ id }) => id}
              columns={[
                { key: 'name', title: say('floor'), cell: ({ name }) => name },
                { key: 'level', title: say('level'), cell: ({ level }) => level, sort: ({ level }) => level },
                {
                  key: 'doors',
                  title: say('doorsOn'),
                  cell: ({ id }) => (doors === undefined ? '…' : (counts.get(id) ?? 0)),
                },
              ]}
              actions={(floor) => (
                <>
                  <RowButton name={sayDrawing('drawing')} of={floor.name} onClick={() => setDrawn(floor)} />
                  <RowButton name={say('change')} of={floor.name} onClick={() => edit(floor)} />
                  {doors !== undefined && !counts.has(floor.id) && (
                    <RowButton name={say('remove')} of={floor.name} onClick={() => setLeaving(floor)} />
                  )}
                </>
              )}
            />
          )
        }
      </Loaded>
      {edited !== undefined && (
        <FloorDialog
          property={property}
          floor={edited === 'new' ? undefined : edited}
          onClose={() => edit(undefined)}
        />
      )}
      {drawn !== undefined && <DrawingDialog floor={drawn} onClose={() => setDrawn(undefined)} />}
      {leaving !== undefined && (
        <RemoveDialog
          name={leaving.name}
          title={say('removeFloorTitle', { name: leaving.name })}
          ask={say('removeFloorAsk')}
          remove={() => api.floors.remove(leaving.id)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Panel>
  );
}

function FloorDialog({
  property,
  floor,
  onClose,
}: {
  readonly property: Property;
  readonly floor: Floor | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const [name, setName] = useState(floor?.name ?? '');
  const [level, setLevel] = useState<number | string>(floor?.level ?? 0);
  const act = useAct<void, Floor>({
    inline: true,
    fields: ['name', 'level'],
    stale: ESTATE_KEYS,
    work: () => {
      const what = { name: name.trim(), level: Number(level) };
      return floor === undefined
        ? api.floors.add({ ...what, property_id: property.id })
        : api.floors.change(floor.id, what);
    },
    done: (answer) => (floor === undefined ? say('floorAdded', { name: answer.name }) : say('saved')),
    after: onClose,
  });
  return (
    <Dialog title={floor === undefined ? say('addFloor') : say('editFloor', { name: floor.name })} onClose={onClose}>
      <Form act={act} action={say('save')} ready={name.trim() !== '' && typeof level === 'number'}>
        <NameField label={say('name')} value={name} onChange={setName} error={act.wrong('name')} data-autofocus />
        <NumberInput
          label={say('level')}
          description={say('levelWhy')}
          value={level}
          onChange={setLevel}
          error={act.wrong('level')}
          min={-99}
          max={999}
          allowDecimal={false}
        />
      </Form>
    </Dialog>
  );
}
