import { attemptWords } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { StateBadge } from './state-badge.tsx';

const TONES = { under_way: 'info', succeeded: 'good', failed: 'bad', unknown: 'warn' } as const;

/** What came of an attempt at a door, and what that means. */
export function AttemptOutcome({
  attempt,
  badge = (state) => state,
}: {
  readonly attempt: Attempt;
  /** What the badge says, given the state in words; the state alone where it is left out. */
  readonly badge?: (state: string) => string;
}): ReactNode {
  const { tone, title, meaning } = attemptWords(attempt);
  return (
    <>
      <StateBadge tone={TONES[tone]}>{badge(title)}</StateBadge>
      {meaning !== '' && (
        <Text size="xs" c="dimmed">
          {meaning}
        </Text>
      )}
    </>
  );
}
