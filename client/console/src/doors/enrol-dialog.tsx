import { readLockCode, useApi, useTexts } from '@cardea/client-ui';
import { Modal, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { LockCodeField } from '../locks/lock-code-field.tsx';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { partTexts } from '../parts/texts.ts';
import { lockTexts } from './lock-texts.ts';
import type { Command } from './use-command.ts';

/** Begins to bind a lock to a door; the page behind it follows the rest, which happens at the lock. */
export function EnrolDialog({
  doorId,
  command,
  onClose,
}: {
  readonly doorId: string;
  readonly command: Command;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(lockTexts);
  const sayPart = useTexts(partTexts);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const identifier = readLockCode(typed);
  const enrol = useAct({
    inline: true,
    fields: ['identifier'],
    work: () => command.begin((signal) => api.doors.enrol(doorId, identifier ?? '', { signal })),
    after: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={say('enrolTitle')} closeButtonProps={{ 'aria-label': sayPart('close') }}>
      <Form
        act={enrol}
        action={say('enrolIt')}
        check={() => {
          setTried(true);
          return identifier !== undefined;
        }}
      >
        <Text size="sm">{say('enrolWhat')}</Text>
        <LockCodeField
          value={typed}
          onChange={setTyped}
          error={tried && identifier === undefined ? say('identifierWrong') : enrol.wrong('identifier')}
        />
      </Form>
    </Modal>
  );
}
