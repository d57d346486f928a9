import { useTexts } from '@cardea/client-ui';
import { Button, Chip, Group, Stack, Text } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { type DraftFault, type DraftWeekly, freshKey, WEEKDAYS } from './draft.ts';
import { scheduleTexts } from './texts.ts';
import { WindowFields } from './window-fields.tsx';
import { weekdayName, weeklyWords } from './window-words.ts';

/** More windows fit into no lock. */
const WINDOWS_MOST = 32;

/** The windows of the week, a row each: on which days, from when until when. */
export function WeekEditor({
  weekly,
  onChange,
  faults,
}: {
  readonly weekly: readonly DraftWeekly[];
  readonly onChange: (weekly: readonly DraftWeekly[]) => void;
  readonly faults: ReadonlySet<DraftFault>;
}): ReactNode {
  const say = useTexts(scheduleTexts);
  const replace = (key: number, change: Partial<DraftWeekly>): void =>
    onChange(weekly.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const add = (): void => {
    const last = weekly.at(-1);
    onChange([
      ...weekly,
      { key: freshKey(), days: last?.days ?? WEEKDAYS, from: last?.from ?? '08:00', to: last?.to ?? '18:00' },
    ]);
  };
  return (
    <Stack gap="sm" align="start">
      <Text size="sm" c="dimmed">
        {say('weekWhy')}
      </Text>
      {weekly.map((window, index) => (
        <fieldset
          key={window.key}
          className="schedule-row"
          aria-label={weeklyWords({ ...window, days: [...window.days] })}
        >
          <Group gap={6} role="group" aria-label={say('daysOf', { at: index + 1 })}>
            <Chip.Group
              multiple
              value={[...window.days]}
              onChange={(chosen) =>
                replace(window.key, { days: WEEKDAYS.filter((day) => (chosen as readonly string[]).includes(day)) })
              }
            >
              {WEEKDAYS.map((day, at) => (
                <Chip key={day} value={day} size="xs" radius="sm" aria-label={weekdayName(at, 'long')}>
                  {weekdayName(at)}
                </Chip>
              ))}
            </Chip.Group>
          </Group>
          <WindowFields
            name={say('daysOf', { at: index + 1 })}
            window={window}
            onChange={(times) => replace(window.key, times)}
            onRemove={() => onChange(weekly.filter(({ key }) => key !== window.key))}
            removeLabel={say('removeWindow', { at: index + 1 })}
            faulty={faults.has(`weekly ${window.key} times`)}
          />
          {faults.has(`weekly ${window.key} days`) && (
            <Text size="xs" c="var(--mantine-color-error)" role="alert">
              {say('daysMissing')}
            </Text>
          )}
          {faults.has(`weekly ${window.key} times`) && (
            <Text size="xs" c="var(--mantine-color-error)" role="alert">
              {say('timesMissing')}
            </Text>
          )}
        </fieldset>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<PlusIcon aria-hidden />}
        onClick={add}
        disabled={weekly.length >= WINDOWS_MOST}
      >
        {say('addWindow')}
      </Button>
    </Stack>
  );
}
