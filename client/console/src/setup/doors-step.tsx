import { problemWords, useApi, useTexts } from '@cardea/client-ui';
import type { Door, DoorKind, Floor, Property } from '@cardea/wire-api';
import { Alert, Button, FileButton, Group, Progress, Select, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { doorKindTexts } from '../estate/texts.ts';
import { DOOR_KINDS, ESTATE_KEYS, useDoors, useFloors } from '../estate/use-estate.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { StateBadge, type Tone } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { readDoorList } from './door-list.ts';
import { type Making, type MakingPlan, make, type PlannedDoor, planMaking } from './making.ts';
import { setupTexts } from './texts.ts';

/** A list of two thousand doors is a tenth of it. */
const FILE_MOST_OCTETS = 1_000_000;

/** Makes the floors and doors of a property from a list, in one go. */
export function DoorsStep({ property }: { readonly property: Property }): ReactNode {
  const floors = useFloors(property.id);
  const doors = useDoors(property.id);
  return (
    <Loaded query={floors}>
      {(allFloors) => (
        <Loaded query={doors}>
          {(allDoors) => <FromList property={property} floors={allFloors} doors={allDoors} />}
        </Loaded>
      )}
    </Loaded>
  );
}

/** A list that is being made, or was: its plan as it was when it began, and how far each door is. */
interface Run {
  readonly plan: MakingPlan;
  readonly doors: ReadonlyMap<string, Making>;
  readonly over: boolean;
}

function FromList({
  property,
  floors,
  doors,
}: {
  readonly property: Property;
  readonly floors: readonly Floor[];
  readonly doors: readonly Door[];
}): ReactNode {
  const say = useTexts(setupTexts);
  const sayKind = useTexts(doorKindTexts);
  const [text, setText] = useState('');
  const [kind, setKind] = useState<DoorKind>('guest');
  const [fileTooLarge, setFileTooLarge] = useState(false);
  const list = useMemo(
    () => readDoorList(text, { usual: kind, floorOf: (level) => say('floorOf', { level }) }),
    [text, kind, say],
  );
  const plan = useMemo(() => planMaking(list.doors, { floors, doors }), [list, floors, doors]);
  const { run, start, clear } = useMaking(property, floors);
  const fresh = plan.doors.filter(({ existing }) => !existing).length;
  if (run !== undefined) {
    const another = (): void => {
      setText('');
      clear();
    };
    return <Running run={run} onAgain={clear} onAnother={another} />;
  }
  return (
    <Stack gap="md">
      <Textarea
        label={say('list')}
        description={say('listWhy')}
        placeholder={say('listExample')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={4}
        maxRows={14}
        autoComplete="off"
        spellCheck={false}
      />
      <Group gap="md" align="end">
        <Select
          label={say('kind')}
          data={DOOR_KINDS.map((one) => ({ value: one, label: sayKind(one) }))}
          value={kind}
          onChange={(chosen) => setKind(DOOR_KINDS.find((one) => one === chosen) ?? 'guest')}
          allowDeselect={false}
        />
        <FileButton
          accept=".txt,.csv,text/plain,text/csv"
          onChange={(file) => {
            setFileTooLarge(file !== null && file.size > FILE_MOST_OCTETS);
            if (file !== null && file.size <= FILE_MOST_OCTETS) void file.text().then(setText);
          }}
        >
          {(props) => (
            <Button variant="default" {...props}>
              {say('fromFile')}
            </Button>
          )}
        </FileButton>
      </Group>
      {fileTooLarge && (
        <Text size="sm" c="red" role="alert">
          {say('tooLargeFile')}
        </Text>
      )}
      {list.problems.length > 0 && (
        <Alert color="yellow" role="status">
          {list.problems.slice(0, PROBLEMS_SHOWN).map(({ line, text: written, problem }) => (
            <Text size="sm" key={`${line} ${written}`}>
              {say('lineProblem', { line, text: written, problem: say(problem) })}
            </Text>
          ))}
        </Alert>
      )}
      {plan.doors.length > 0 && <Preview plan={plan} />}
      <Group justify="end">
        <Button disabled={fresh === 0 || list.problems.length > 0} onClick={() => start(plan)}>
          {say('makeDoors', { count: fresh })}
        </Button>
      </Group>
    </Stack>
  );
}

/** So many problems are worth reading at once. */
const PROBLEMS_SHOWN = 8;

function useMaking(property: Property, floors: readonly Floor[]) {
  const api = useApi();
  const client = useQueryClient();
  const [run, setRun] = useState<Run>();
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => {
    leaving.current = new AbortController();
    return () => leaving.current?.abort();
  }, []);
  const start = async (plan: MakingPlan): Promise<void> => {
    const signal = leaving.current?.signal;
    if (signal === undefined) return;
    setRun({ plan, doors: new Map(), over: false });
    await make(plan, {
      maker: { addFloor: (input) => api.floors.add(input), addDoor: (input) => api.doors.add(input) },
      propertyId: property.id,
      floors,
      signal,
      onDoor: (name, making) => setRun((now) => now && { ...now, doors: new Map(now.doors).set(name, making) }),
    });
    setRun((now) => now && { ...now, over: true });
    await Promise.all(ESTATE_KEYS.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
  return { run, start: (plan: MakingPlan) => void start(plan), clear: () => setRun(undefined) };
}

function Running({
  run: { plan, doors, over },
  onAgain,
  onAnother,
}: {
  readonly run: Run;
  readonly onAgain: () => void;
  readonly onAnother: () => void;
}): ReactNode {
  const say = useTexts(setupTexts);
  const count = plan.doors.filter(({ existing }) => !existing).length;
  const states = [...doors.values()].map(({ state }) => state);
  const made = states.filter((state) => state === 'made').length;
  const failed = states.filter((state) => state === 'failed').length;
  return (
    <Stack gap="md">
      <Progress value={count === 0 ? 100 : (100 * (made + failed)) / count} aria-label={say('doors')} />
      <Text size="sm" role="status">
        {!over
          ? say('makingDoors', { made, count })
          : failed === 0
            ? say('madeAll', { count: made })
            : say('madeSome', { made, failed })}
      </Text>
      <Preview plan={plan} making={doors} />
      {over && (
        <Group justify="end" gap="xs">
          <Button component={Link} href="/plan" variant="default">
            {say('placeThem')}
          </Button>
          <Button onClick={failed === 0 ? onAnother : onAgain}>{say(failed === 0 ? 'another' : 'list')}</Button>
        </Group>
      )}
    </Stack>
  );
}

const TONES: Readonly<Record<Making['state'], Tone>> = {
  waiting: 'info',
  existing: 'quiet',
  made: 'good',
  failed: 'bad',
};

/** A list of two thousand doors is shown bit by bit: it is drawn anew with each letter that is typed. */
const ROWS_AT_ONCE = 50;

const NOTHING_MADE: ReadonlyMap<string, Making> = new Map();

function Preview({
  plan,
  making = NOTHING_MADE,
}: {
  readonly plan: MakingPlan;
  readonly making?: ReadonlyMap<string, Making>;
}): ReactNode {
  const say = useTexts(setupTexts);
  const sayKind = useTexts(doorKindTexts);
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const columns = useMemo<readonly Column<PlannedDoor>[]>(() => {
    const fresh = new Map(plan.floors.map((floor) => [floor.name.toLocaleLowerCase(), floor]));
    const floorWords = (name: string | null): string => {
      if (name === null) return say('noFloor');
      const floor = fresh.get(name.toLocaleLowerCase());
      return floor === undefined ? name : say('newFloor', { name: floor.name, level: floor.level });
    };
    return [
      { key: 'door', title: say('door'), cell: ({ name }) => name },
      { key: 'floor', title: say('floor'), cell: ({ floor }) => floorWords(floor) },
      { key: 'use', title: say('use'), cell: ({ kind }) => sayKind(kind) },
      {
        key: 'state',
        title: say('state'),
        cell: ({ name, existing }) => {
          const now = making.get(name) ?? { state: existing ? 'existing' : 'waiting' };
          return (
            <>
              <StateBadge tone={TONES[now.state]}>{say(now.state)}</StateBadge>
              {now.state === 'failed' && (
                <Text size="xs" c="dimmed">
                  {problemWords(now.error, { acting: true })}
                </Text>
              )}
            </>
          );
        },
      },
    ];
  }, [plan, making, say, sayKind]);
  return (
    <div className="setup-preview">
      <DataTable
        label={say('preview')}
        rows={plan.doors.slice(0, shown)}
        columns={columns}
        rowKey={({ name }) => name}
        more={{ has: plan.doors.length > shown, busy: false, load: () => setShown(shown + ROWS_AT_ONCE) }}
      />
    </div>
  );
}
