import { useTexts } from '@cardea/client-ui';
import { CloseButton, Group, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { type DraftWindow, endsNextDay } from './draft.ts';
import { scheduleTexts } from './texts.ts';

/** From and to of one window, and its removal. `name` says which window it is, for a screen reader. */
export function WindowFields({
  name,
  window,
  onChange,
  onRemove,
  removeLabel,
  faulty,
}: {
  readonly name: string;
  readonly window: DraftWindow;
  readonly onChange: (times: Pick<DraftWindow, 'from' | 'to'>) => void;
  readonly onRemove: () => void;
  readonly removeLabel: string;
  readonly faulty: boolean;
}): ReactNode {
  const say = useTexts(scheduleTexts);
  const { from, to } = window;
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <TextInput
        type="time"
        aria-label={`${name}: ${say('from')}`}
        value={from}
        onChange={(event) => onChange({ from: event.currentTarget.value, to })}
        error={faulty && from === ''}
        flex="1 1 7rem"
        maw="9rem"
        miw={0}
      />
      <Text aria-hidden>–</Text>
      <TextInput
        type="time"
        aria-label={`${name}: ${say('to')}`}
        value={to}
        onChange={(event) => onChange({ from, to: event.currentTarget.value })}
        error={faulty && to === ''}
        flex="1 1 7rem"
        maw="9rem"
        miw={0}
      />
      <Text size="xs" c="dimmed" aria-live="polite">
        {endsNextDay(window) && to !== '00:00' && say('untilNextDay')}
      </Text>
      <CloseButton aria-label={removeLabel} onClick={onRemove} />
    </Group>
  );
}
