import { useApi, useTexts } from '@cardea/client-ui';
import { Modal, Text, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { partTexts } from '../parts/texts.ts';
import { doorPageTexts } from './door-page-texts.ts';
import type { Command } from './use-command.ts';

/** Longest reason that the server keeps. */
const MAX_REASON = 200;

/** Asks for the reason of an opening in spite of privacy or lockdown, and begins it. */
export function OverrideDialog({
  doorId,
  command,
  onClose,
}: {
  readonly doorId: string;
  readonly command: Command;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(doorPageTexts);
  const sayPart = useTexts(partTexts);
  const [reason, setReason] = useState('');
  const override = useAct({
    inline: true,
    fields: ['reason'],
    work: () => command.begin((signal) => api.doors.override(doorId, reason.trim(), { signal })),
    after: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={say('overrideTitle')} closeButtonProps={{ 'aria-label': sayPart('close') }}>
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
    </Modal>
  );
}
