import { readLockCode, useTexts } from '@cardea/client-ui';
import { Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { LockCodeField } from '../locks/lock-code-field.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { type DoorDialog, useBeginning } from './door-dialog.ts';
import { lockTexts } from './lock-texts.ts';

/** Begins to bind a lock to a door; the page behind it follows the rest, which happens at the lock. */
export function EnrolDialog(dialog: DoorDialog): ReactNode {
  const { doorId, onClose } = dialog;
  const say = useTexts(lockTexts);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const identifier = readLockCode(typed);
  const enrol = useBeginning(dialog, 'identifier', (api, signal) =>
    api.doors.enrol(doorId, identifier ?? '', { signal }),
  );
  return (
    <Dialog title={say('enrolTitle')} onClose={onClose}>
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
    </Dialog>
  );
}
