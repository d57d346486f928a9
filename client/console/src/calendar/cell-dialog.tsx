import { formatDay, formatTimeOfDay, useTexts } from '@cardea/client-ui';
import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { Dialog, DialogEnd } from '../parts/dialog.tsx';
import { PersonName } from '../parts/names.tsx';
import type { GridRow } from './access-grid.tsx';
import { BarKind } from './access-table.tsx';
import type { CalendarDay } from './days.ts';
import { partsOf } from './rows.ts';
import { within } from './stretches.ts';
import { calendarTexts } from './texts.ts';

/** Who has access in one cell of the calendar, and at which times of that day. */
export function CellDialog({
  row,
  day,
  zone,
  onClose,
}: {
  readonly row: GridRow;
  readonly day: CalendarDay;
  readonly zone: string;
  readonly onClose: () => void;
}): ReactNode {
  const say = useTexts(calendarTexts);
  const bars = [...new Set(partsOf(row.bars, day).map(({ bar }) => bar))];
  const time = (at: number): string =>
    at === day.untilMs ? '24:00' : formatTimeOfDay(new Date(at).toISOString(), zone);
  return (
    <Dialog title={say('cellOf', { row: row.name, day: formatDay(day.date) })} size="lg" onClose={onClose}>
      <Stack>
        {bars.length === 0 ? (
          <Text size="sm">{say('none')}</Text>
        ) : (
          <DataTable
            label={say('person')}
            rows={bars}
            rowKey={({ key }) => key}
            columns={[
              { key: 'person', title: say('person'), cell: ({ personId }) => <PersonName id={personId} /> },
              {
                key: 'times',
                title: say('schedule'),
                cell: ({ stretches }) =>
                  within(stretches, day)
                    .map(({ fromMs, untilMs }) => `${time(fromMs)}–${time(untilMs)}`)
                    .join(', '),
              },
              { key: 'kind', title: say('kind'), cell: (bar) => <BarKind bar={bar} /> },
            ]}
          />
        )}
        <DialogEnd onClose={onClose} />
      </Stack>
    </Dialog>
  );
}
