import { useTexts } from '@cardea/client-ui';
import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog, DialogEnd } from '../parts/dialog.tsx';
import { type DoorEnding, Endings } from './endings.tsx';
import { endingListTexts } from './texts.ts';

/** Until when what was taken back still opens, door by door; open while there are endings to show. */
export function EndingsDialog({
  title,
  endings,
  onClose,
}: {
  readonly title: string;
  /** None where no door holds anything of it. */
  readonly endings: readonly DoorEnding[] | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const say = useTexts(endingListTexts);
  return (
    <Dialog opened={endings !== undefined} title={title} size="lg" onClose={onClose}>
      {endings !== undefined && (
        <Stack gap="md">
          {endings.length === 0 ? <Text size="sm">{say('nothingHeld')}</Text> : <Endings endings={endings} />}
          <DialogEnd onClose={onClose} />
        </Stack>
      )}
    </Dialog>
  );
}
