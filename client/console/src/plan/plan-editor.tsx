import { useApi, useTexts } from '@cardea/client-ui';
import { Button, Group, NumberInput, Text } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useLiveEstate } from '../live/live.tsx';
import { useAct } from '../parts/act.ts';
import { beginEditing, draftedFloor, MAX_SIDE, MIN_SIDE, place, planOf, resize, undo } from './draft.ts';
import type { FloorDoors } from './layout.ts';
import { PlanCanvas } from './plan-canvas.tsx';
import { planTexts } from './texts.ts';

/** Places the doors of one floor by hand, by touch or by keyboard; nothing is sent before it is saved. */
export function PlanEditor({
  floor,
  onClose,
}: {
  readonly floor: FloorDoors;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(planTexts);
  const estate = useLiveEstate();
  const [editing, setEditing] = useState(() => beginEditing(floor));
  const [chosenId, choose] = useState<string>();
  const { draft, past } = editing;
  const shown = useMemo(() => [draftedFloor(floor, draft)], [floor, draft]);
  const isChanged = past.length > 0;
  useEffect(() => {
    if (!isChanged) return;
    // The browser asks whether to leave what is not saved.
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isChanged]);
  const save = useAct({
    work: () => api.floors.drawPlan(floor.id, planOf(draft, floor)),
    stale: [['floors']],
    done: say('saved'),
    after: () => {
      estate.reread();
      onClose();
    },
  });
  return (
    <>
      <Group px="md" py="xs" gap="sm" align="end">
        <Text size="sm" fw={600}>
          {say('editing', { floor: floor.name })}
        </Text>
        <Side name="width" value={draft.width} onChange={(width) => setEditing(resize(editing, width, draft.height))} />
        <Side
          name="height"
          value={draft.height}
          onChange={(height) => setEditing(resize(editing, draft.width, height))}
        />
        <div className="grow" />
        <Button size="xs" variant="default" disabled={!isChanged} onClick={() => setEditing(undo)}>
          {say('undo')}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {say(isChanged ? 'discard' : 'stopEditing')}
        </Button>
        <Button size="xs" loading={save.busy} onClick={() => void save.run()}>
          {say('save')}
        </Button>
      </Group>
      <PlanCanvas
        floors={shown}
        chosenId={chosenId}
        onChoose={choose}
        onOpen={choose}
        onPlace={(id, point) => {
          choose(id);
          setEditing((before) => place(before, id, point));
        }}
      />
      <Text size="xs" c="dimmed" px="md" py="xs">
        {say('editHelp')}
      </Text>
    </>
  );
}

function Side({
  name,
  value,
  onChange,
}: {
  readonly name: 'width' | 'height';
  readonly value: number;
  readonly onChange: (value: number) => void;
}): ReactNode {
  const say = useTexts(planTexts);
  const [typed, setTyped] = useState<number | string>(value);
  // A step that was taken back is shown.
  useEffect(() => setTyped(value), [value]);
  const take = (): void => {
    if (typeof typed === 'number' && typed !== value && typed >= MIN_SIDE && typed <= MAX_SIDE) onChange(typed);
    else setTyped(value);
  };
  return (
    <NumberInput
      size="xs"
      w="7rem"
      label={say(name)}
      value={typed}
      onChange={setTyped}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
      min={MIN_SIDE}
      max={MAX_SIDE}
      decimalScale={2}
      hideControls
    />
  );
}
