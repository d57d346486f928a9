import { formatDay, useTexts } from '@cardea/client-ui';
import { Button, CloseButton, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { type DraftDay, type DraftFault, type DraftWindow, freshKey } from './draft.ts';
import { scheduleTexts } from './texts.ts';
import { WindowFields } from './window-fields.tsx';

/** Windows of one day that fit into a lock's table. */
const WINDOWS_MOST = 8;
/** Days that differ, of a kind. */
const DAYS_MOST = 200;

/** Days that differ from the week: closed, or open in windows of their own. */
export function SpecialDays({
  days,
  onChange,
  faults,
}: {
  readonly days: readonly DraftDay[];
  readonly onChange: (days: readonly DraftDay[]) => void;
  readonly faults: ReadonlySet<DraftFault>;
}): ReactNode {
  const say = useTexts(scheduleTexts);
  return (
    <Stack gap="sm" align="start">
      <Text size="sm" c="dimmed">
        {say('specialWhy')}
      </Text>
      {days.length === 0 && <Text size="sm">{say('noSpecial')}</Text>}
      {days.map((day) => (
        <OneDay
          key={day.key}
          day={day}
          faults={faults}
          onChange={(change) => onChange(days.map((one) => (one.key === day.key ? { ...one, ...change } : one)))}
          onRemove={() => onChange(days.filter(({ key }) => key !== day.key))}
        />
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<PlusIcon aria-hidden />}
        disabled={days.length >= DAYS_MOST}
        onClick={() => onChange([...days, { key: freshKey(), kind: 'holiday', date: '', windows: [] }])}
      >
        {say('addDay')}
      </Button>
    </Stack>
  );
}

function OneDay({
  day: { key, kind, date, windows },
  faults,
  onChange,
  onRemove,
}: {
  readonly day: DraftDay;
  readonly faults: ReadonlySet<DraftFault>;
  readonly onChange: (change: Partial<DraftDay>) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const say = useTexts(scheduleTexts);
  const words = date === '' ? say('date') : formatDay(date);
  const replace = (window: number, times: Partial<DraftWindow>): void =>
    onChange({ windows: windows.map((one) => (one.key === window ? { ...one, ...times } : one)) });
  return (
    <fieldset className="schedule-row" aria-label={words}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          type="date"
          aria-label={`${words}: ${say('date')}`}
          value={date}
          onChange={(event) => onChange({ date: event.currentTarget.value })}
          error={faults.has(`day ${key} date`) || faults.has(`day ${key} twice`)}
        />
        <NativeSelect
          aria-label={`${words}: ${say('kind')}`}
          value={kind}
          onChange={(event) => onChange({ kind: event.currentTarget.value === 'exception' ? 'exception' : 'holiday' })}
          data={[
            { value: 'holiday', label: say('holiday') },
            { value: 'exception', label: say('exception') },
          ]}
        />
        <CloseButton
          aria-label={date === '' ? say('removeNewDay') : say('removeDay', { date: words })}
          onClick={onRemove}
        />
      </Group>
      <Stack gap={6}>
        {windows.map((window) => (
          <WindowFields
            key={window.key}
            name={words}
            window={window}
            onChange={(times) => replace(window.key, times)}
            onRemove={() => onChange({ windows: windows.filter((one) => one.key !== window.key) })}
            removeLabel={`${say('remove')}: ${words} ${window.from}–${window.to}`}
            faulty={faults.has(`day ${key} ${window.key} times`)}
          />
        ))}
        <Group gap="sm">
          {windows.length === 0 && <Text size="sm">{say('closed')}</Text>}
          <Button
            variant="subtle"
            size="compact-xs"
            disabled={windows.length >= WINDOWS_MOST}
            onClick={() => onChange({ windows: [...windows, { key: freshKey(), from: '08:00', to: '12:00' }] })}
          >
            {say(windows.length === 0 ? 'openThen' : 'addWindow')}
          </Button>
        </Group>
      </Stack>
      {faults.has(`day ${key} date`) && <Fault words={say('dateMissing')} />}
      {faults.has(`day ${key} twice`) && <Fault words={say('dateTwice')} />}
      {windows.some((window) => faults.has(`day ${key} ${window.key} times`)) && <Fault words={say('timesMissing')} />}
    </fieldset>
  );
}

function Fault({ words }: { readonly words: string }): ReactNode {
  return (
    <Text size="xs" c="var(--mantine-color-error)" role="alert">
      {words}
    </Text>
  );
}
