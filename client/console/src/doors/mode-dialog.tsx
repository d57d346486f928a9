import { useApi, useTexts } from '@cardea/client-ui';
import type { LockMode } from '@cardea/wire-api';
import { Modal, Radio, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { MomentField, momentOf } from '../parts/moment-field.tsx';
import { partTexts } from '../parts/texts.ts';
import { useZone } from '../shell/property.tsx';
import { doorPageTexts } from './door-page-texts.ts';
import type { Command } from './use-command.ts';

const MODES = ['normal', 'passage', 'lockdown'] as const satisfies readonly LockMode[];

/** Chooses how a lock treats those who come, and begins to tell it. */
export function ModeDialog({
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
  const zone = useZone();
  const [mode, setMode] = useState<LockMode>('normal');
  const [until, setUntil] = useState('');
  const end = mode === 'normal' ? undefined : momentOf(until, zone);
  const wrong = mode === 'normal' || until === '' || end !== undefined ? undefined : say('noSuchTime');
  const past = end !== undefined && end <= Date.now() ? say('past') : undefined;
  const set = useAct({
    inline: true,
    fields: ['until'],
    work: () =>
      command.begin((signal) =>
        api.doors.setMode(doorId, mode, end === undefined ? null : new Date(end).toISOString(), { signal }),
      ),
    after: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={say('modeTitle')} closeButtonProps={{ 'aria-label': sayPart('close') }}>
      <Form act={set} action={say('setMode')} ready={wrong === undefined && past === undefined}>
        <Radio.Group
          aria-label={say('mode')}
          value={mode}
          onChange={(value) => setMode(MODES.find((one) => one === value) ?? 'normal')}
        >
          <Stack gap="xs">
            {MODES.map((one, at) => (
              <Radio
                key={one}
                value={one}
                label={say(one)}
                description={say(`${one}What`)}
                {...(at === 0 && { 'data-autofocus': true })}
              />
            ))}
          </Stack>
        </Radio.Group>
        {mode !== 'normal' && (
          <MomentField
            label={say('until')}
            description={say('untilHint', { zone })}
            value={until}
            onChange={setUntil}
            error={wrong ?? past ?? set.wrong('until')}
          />
        )}
      </Form>
    </Modal>
  );
}
