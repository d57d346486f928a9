import { useTexts } from '@cardea/client-ui';
import { Text, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { type DoorDialog, useBeginning } from './door-dialog.ts';
import { doorPageTexts } from './door-page-texts.ts';

/** Longest reason that the server keeps. */
const MAX_REASON = 200;

/** Asks for the reason of an opening in spite of privacy or lockdown, and begins it. */
export function OverrideDialog(dialog: DoorDialog): ReactNode {
  const { doorId, onClose } = dialog;
  const say = useTexts(doorPageTexts);
  const [reason, setReason] = useState('');
  const override = useBeginning(dialog, 'reason', (api, signal) =>
    api.doors.override(doorId, reason.trim(), { signal }),
  );
  return (
    <Dialog title={say('overrideTitle')} onClose={onClose}>
      <Form act={override} action={say('unlock')} ready={reason.trim() !== ''} grave>
        <Text size="sm">{say('overrideWhy')}</Text>
        <Textarea
          label={say('reason')}
          description={say('reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={override.wrong('reason')}
          maxLength={MAX_REASON}
          autosize
          minRows={2}
          required
          withAsterisk={false}
          data-autofocus
        />
      </Form>
    </Dialog>
  );
}
