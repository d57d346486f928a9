import { problemWords, requestIdOf, useTexts } from '@cardea/client-ui';
import { Alert, Text } from '@mantine/core';
import { ExclamationTriangleIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { partTexts } from './texts.ts';

/** Why what a form asked for was not done; nothing while nothing went wrong. */
export function ProblemNote({ error }: { readonly error: unknown }): ReactNode {
  const say = useTexts(partTexts);
  if (error === undefined || error === null) return null;
  const id = requestIdOf(error);
  return (
    <Alert color="red" icon={<ExclamationTriangleIcon />} role="alert">
      <Text size="sm">{problemWords(error, { acting: true })}</Text>
      {id !== undefined && (
        <Text size="xs" c="dimmed">
          {say('reference', { id })}
        </Text>
      )}
    </Alert>
  );
}
