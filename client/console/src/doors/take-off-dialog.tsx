import { useApi, useTexts } from '@cardea/client-ui';
import type { Door, Lock } from '@cardea/wire-api';
import { Radio, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { lockTexts } from './lock-texts.ts';
import type { Command } from './use-command.ts';

/** Asks how a lock is to leave its door, with the door's name to be typed, and begins it. */
export function TakeOffDialog({
  door,
  lock,
  command,
  onClose,
}: {
  readonly door: Door;
  readonly lock: Lock;
  readonly command: Command;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(lockTexts);
  const [how, setHow] = useState<'ask' | 'force'>('ask');
  const takeOff = useAct({
    inline: true,
    work: () =>
      command.begin((signal) => api.locks.remove(lock.id, { signal, ...(how === 'force' && { force: true }) })),
    after: onClose,
  });
  return (
    <ConfirmDialog
      opened
      title={say('takeOffTitle')}
      action={say('takeIt')}
      word={door.name}
      act={takeOff}
      onConfirm={() => void takeOff.run()}
      onClose={onClose}
    >
      <Radio.Group
        label={say('takeOffHow')}
        value={how}
        onChange={(value) => setHow(value === 'force' ? 'force' : 'ask')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="ask" label={say('ask')} description={say('askWhat')} />
          <Radio value="force" label={say('force')} description={say('forceWhat')} />
        </Stack>
      </Radio.Group>
      <Text size="sm" mt="md">
        {say('newOne')}
      </Text>
    </ConfirmDialog>
  );
}
