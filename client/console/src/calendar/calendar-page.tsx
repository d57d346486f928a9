import './calendar.css';
import { formatMoment, useTexts } from '@cardea/client-ui';
import { Button, Group, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { ChevronLeftIcon, ChevronRightIcon } from '@radix-ui/react-icons';
import { type ReactNode, useMemo, useState } from 'react';
import { useDoors, useFloors } from '../estate/use-estate.ts';
import { useActiveGrants } from '../grants/active-grants.ts';
import { GRANTS_KEY } from '../grants/keys.ts';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { pageTexts } from '../page-texts.ts';
import { useEveryPerson } from '../parts/every-person.ts';
import { Page } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { useNow } from '../parts/when.tsx';
import { useSchedules } from '../schedules/schedules-of.ts';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { STAYS_KEY, useStays } from '../stay/stays-of.ts';
import { AccessGrid, type GridRow } from './access-grid.tsx';
import { AccessTable } from './access-table.tsx';
import { CellDialog } from './cell-dialog.tsx';
import { type CalendarDay, daysOf, otherSpan, type Span, todayOf } from './days.ts';
import { barsByDoor, barsByPerson, barsOf, type CalendarData } from './rows.ts';
import { calendarTexts } from './texts.ts';

const SPANS = ['week', 'fortnight', 'month'] as const satisfies readonly Span[];

/** Who has access to which door on which day. */
export function CalendarPage(): ReactNode {
  const say = useTexts(calendarTexts);
  const sayPage = useTexts(pageTexts);
  const property = useProperty();
  const data = useCalendarData(property.id);
  return (
    <Page title={sayPage('calendar')} lead={say('lead', { zone: property.time_zone })}>
      <Loaded query={data}>{(all) => <Calendar data={all} />}</Loaded>
    </Page>
  );
}

function Calendar({ data }: { readonly data: CalendarData }): ReactNode {
  const say = useTexts(calendarTexts);
  const { id: propertyId, time_zone: zone } = useProperty();
  const today = todayOf(useNow(60_000), zone);
  const floors = useFloors(propertyId).data ?? [];
  const mayReadPersons = useScopes()('persons:read');
  const people = useEveryPerson(mayReadPersons).data;
  const [date, setDate] = useState(today);
  const [span, setSpan] = useState<Span>('fortnight');
  const [byPerson, setByPerson] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const [floorId, setFloorId] = useState<string | null>(null);
  const [chosen, setChosen] = useState<{ readonly row: GridRow; readonly day: CalendarDay }>();

  const days = useMemo(() => daysOf(date, span, zone), [date, span, zone]);
  const names = useMemo(() => new Map((people ?? []).map(({ id, name }) => [id, name])), [people]);
  const rows = useMemo((): readonly GridRow[] => {
    const bars = barsOf(data, days, zone);
    const byDoor = barsByDoor(data, bars);
    const doors = data.doors.filter(({ floor_id: floor }) => floorId === null || floor === floorId);
    if (!byPerson) {
      return doors.map(({ id, name }) => ({ id, name, href: `/doors/${id}`, bars: byDoor.get(id) ?? [] }));
    }
    const here = new Set(doors.flatMap(({ id }) => byDoor.get(id) ?? []));
    return [...barsByPerson(bars.filter((bar) => here.has(bar)))].map(([id, own]) => ({
      id,
      name: names.get(id) ?? '…',
      href: `/people/${id}`,
      bars: own,
    }));
  }, [data, days, zone, floorId, byPerson, names]);

  return (
    <>
      <Group gap="sm" mb="sm" align="end">
        <Group gap={4}>
          <Button
            variant="default"
            px="xs"
            aria-label={say('before')}
            onClick={() => setDate(otherSpan(date, span, -1))}
          >
            <ChevronLeftIcon aria-hidden />
          </Button>
          <Button variant="default" onClick={() => setDate(today)}>
            {say('today')}
          </Button>
          <Button variant="default" px="xs" aria-label={say('after')} onClick={() => setDate(otherSpan(date, span, 1))}>
            <ChevronRightIcon aria-hidden />
          </Button>
        </Group>
        <TextInput
          type="date"
          aria-label={say('from')}
          value={date}
          onChange={(event) => event.currentTarget.value !== '' && setDate(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={say('span')}
          value={span}
          onChange={(value) => setSpan(SPANS.find((one) => one === value) ?? 'week')}
          data={SPANS.map((value) => ({ value, label: say(value) }))}
        />
        <SegmentedControl
          aria-label={say('by')}
          value={byPerson ? 'person' : 'door'}
          onChange={(value) => setByPerson(value === 'person')}
          data={[
            { value: 'door', label: say('byDoor') },
            { value: 'person', label: say('byPerson') },
          ]}
        />
        <SegmentedControl
          aria-label={say('view')}
          value={asTable ? 'table' : 'grid'}
          onChange={(value) => setAsTable(value === 'table')}
          data={[
            { value: 'grid', label: say('grid') },
            { value: 'table', label: say('table') },
          ]}
        />
        {floors.length > 1 && (
          <Select
            aria-label={say('floor')}
            placeholder={say('everyFloor')}
            data={floors.map(({ id, name }) => ({ value: id, label: name }))}
            value={floorId}
            onChange={setFloorId}
            clearable
            w="11rem"
          />
        )}
      </Group>
      <Text size="sm" fw={550} mb="xs" aria-live="polite">
        {periodWords(days, zone)}
      </Text>
      {rows.length === 0 ? (
        <Empty title={say(byPerson ? 'none' : 'noDoors')}>{byPerson && say('noneWhy')}</Empty>
      ) : asTable ? (
        <AccessTable rows={rows} rowTitle={say(byPerson ? 'person' : 'door')} byPerson={byPerson} />
      ) : (
        <>
          <AccessGrid
            key={`${byPerson} ${floorId}`}
            label={say(byPerson ? 'byPerson' : 'byDoor')}
            corner={say(byPerson ? 'person' : 'door')}
            rows={rows}
            days={days}
            today={today}
            onChoose={(row, day) => setChosen({ row, day })}
          />
          <Legend />
        </>
      )}
      {chosen !== undefined && <CellDialog {...chosen} zone={zone} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function Legend(): ReactNode {
  const say = useTexts(calendarTexts);
  return (
    <Group gap="lg" mt="xs" fz="xs" c="dimmed" role="group" aria-label={say('legend')}>
      {(['grant', 'stay', 'reserved'] as const).map((kind) => (
        <Group key={kind} gap={6}>
          <span className="calendar-swatch" data-kind={kind} />
          {say(kind)}
        </Group>
      ))}
    </Group>
  );
}

/** All that a calendar is laid out from, read anew when somebody gets or loses something. */
function useCalendarData(propertyId: string): {
  readonly data: CalendarData | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
} {
  const doors = useDoors(propertyId);
  const grants = useActiveGrants(propertyId);
  const stays = useStays(propertyId);
  const schedules = useSchedules(propertyId);
  useFreshBy(GRANTS_KEY, ({ type }) => /^(?:grant|stay|schedule)\./.test(type));
  useFreshBy(STAYS_KEY, ({ type }) => type.startsWith('stay.'));
  const queries = [doors, grants, stays, schedules];
  const data = useMemo(
    () =>
      doors.data && grants.data && stays.data && schedules.data
        ? { doors: doors.data, grants: grants.data, stays: stays.data, schedules: schedules.data }
        : undefined,
    [doors.data, grants.data, stays.data, schedules.data],
  );
  return {
    data,
    error: queries.find(({ error }) => error !== null)?.error,
    refetch: () => queries.filter(({ isError }) => isError).map((query) => query.refetch()),
  };
}

/** `23 Mar 2026 – 29 Mar 2026` */
function periodWords(days: readonly CalendarDay[], zone: string): string {
  const dateOf = (at: number): string =>
    formatMoment(new Date(at).toISOString(), zone).replace(/[,，]?\s*\d\d:\d\d$/, '');
  const [first, last] = [days[0], days.at(-1)];
  return first === undefined || last === undefined ? '' : `${dateOf(first.fromMs)} – ${dateOf(last.fromMs)}`;
}
