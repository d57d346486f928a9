import { useTexts } from '@cardea/client-ui';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ESTATE_KEYS } from '../estate/use-estate.ts';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { settingTexts } from './texts.ts';

/** Asks before a part of the property is removed. */
export function RemoveDialog({
  name,
  title,
  ask,
  remove,
  onClose,
}: {
  readonly name: string;
  readonly title: string;
  /** What goes with it. */
  readonly ask: string;
  readonly remove: () => Promise<unknown>;
  readonly onClose: () => void;
}): ReactNode {
  const say = useTexts(settingTexts);
  const act = useAct({
    inline: true,
    stale: ESTATE_KEYS,
    work: remove,
    done: say('removed', { name }),
    after: onClose,
  });
  return (
    <ConfirmDialog
      opened
      title={title}
      action={say('remove')}
      act={act}
      onConfirm={() => void act.run()}
      onClose={onClose}
    >
      <Text size="sm">{ask}</Text>
    </ConfirmDialog>
  );
}
